"""Where the command connects."""

from pathlib import Path

import pytest

from forewarn.cli.connection import connection
from forewarn.cli.trouble import Trouble

FILED = (
    "FOREWARN_URL=http://127.0.0.1:1\nexport FOREWARN_DESK_URL='http://127.0.0.1:2'\n# a word\nFOREWARN_TOKEN=fw_f\n"
)


def filed(place: Path) -> None:
    (place / ".forewarn").mkdir()
    (place / ".forewarn" / "env").write_text(FILED, encoding="utf-8")


def test_the_desk_is_at_the_door_unless_said(tmp_path: Path) -> None:
    found = connection({"FOREWARN_URL": "http://door/", "FOREWARN_TOKEN": "t"}, tmp_path)

    assert (found.door, found.desk) == ("http://door", "http://door")


def test_a_file_in_a_parent_speaks_where_the_environment_is_silent(tmp_path: Path) -> None:
    filed(tmp_path)
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)

    found = connection({}, below)

    assert (found.door, found.desk, found.token) == ("http://127.0.0.1:1", "http://127.0.0.1:2", "fw_f")


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    filed(tmp_path)

    assert connection({"FOREWARN_TOKEN": "fw_mine"}, tmp_path).token == "fw_mine"


def test_a_files_token_is_never_sent_to_another_door(tmp_path: Path) -> None:
    filed(tmp_path)

    with pytest.raises(Trouble, match="FOREWARN_TOKEN not set"):
        connection({"FOREWARN_URL": "http://elsewhere"}, tmp_path)


def test_what_is_missing_is_named_with_the_way_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as caught:
        connection({}, tmp_path)

    assert caught.value.line == "FOREWARN_URL and FOREWARN_TOKEN not set. Set it first: `make up` prints it"
    assert caught.value.ending == 2


def test_the_token_is_not_in_the_repr(tmp_path: Path) -> None:
    assert "fw_secret" not in repr(connection({"FOREWARN_URL": "http://d", "FOREWARN_TOKEN": "fw_secret"}, tmp_path))
