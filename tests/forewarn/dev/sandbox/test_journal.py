"""A file of lines that are whole or not there."""

import resource
from pathlib import Path

import pytest

from forewarn.dev.sandbox.journal import Journal


def opened(path: Path) -> tuple[Journal, list[object]]:
    journal = Journal(path)
    return journal, [line["n"] for line, _ in journal.replay()]


def test_what_was_appended_is_read_where_it_lies(tmp_path: Path) -> None:
    journal, _ = opened(tmp_path / "j")

    places = [journal.append(b'{"n":%d}\n' % n) for n in (1, 22, 333)]
    journal.close()
    again, found = opened(tmp_path / "j")

    assert found == [1, 22, 333]
    assert [again.read(place) for place in places] == [{"n": 1}, {"n": 22}, {"n": 333}]
    again.close()


def test_after_emptying_a_place_holds_nothing(tmp_path: Path) -> None:
    journal, _ = opened(tmp_path / "j")
    place = journal.append(b'{"n":1}\n')

    journal.empty()

    assert journal.read(place) is None and (tmp_path / "j").read_bytes() == b""
    journal.close()


def test_a_line_that_does_not_fit_leaves_nothing_behind(tmp_path: Path) -> None:
    journal, _ = opened(tmp_path / "j")
    journal.append(b'{"n":1}\n')
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20, unlimited[1]))

    try:
        with pytest.raises(OSError, match=r"wrote|too large"):
            journal.append(b'{"n":2,"much":"%s"}\n' % (b"x" * 50))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
    journal.append(b'{"n":3}\n')

    assert (tmp_path / "j").read_bytes() == b'{"n":1}\n{"n":3}\n'
    journal.close()
