"""Generated files: what an import takes without a fault, and the faults that were asked for."""

from pathlib import Path

import orjson
import pytest

from forewarn.contracts.api import ImportReport
from forewarn.dev.generate.directory import directory
from forewarn.dev.generate.files import Format, body, write
from services.ingest.directory.entries import Unreadable
from services.ingest.directory.people import Format as ImportFormat
from services.ingest.directory.people import read_people
from services.ingest.directory.store import import_people
from tests.services.ingest.directory.given import as_ingest, catalog


@pytest.mark.parametrize("format", list(Format))
def test_an_import_takes_all_of_it_but_the_lines_that_are_broken(database: str, tmp_path: Path, format: Format) -> None:
    written = write(tmp_path, directory(600), format, bad=10)

    with as_ingest(database) as connection:
        parts = catalog(connection, written.catalog.read_text())
        with written.file.open("rb") as lines:
            rows = read_people(lines, ImportFormat(format))
            assert not isinstance(rows, Unreadable)
            taken = import_people(connection, rows)

    assert isinstance(taken, ImportReport)
    assert (parts.added, parts.faulty) == (60 + 12 + 1, 0)
    assert 30 < written.bad < 100
    assert (taken.faulty, taken.added) == (written.bad, 600 - written.bad)


def test_the_same_seed_writes_the_same_bytes_and_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[int] = []
    first = write(tmp_path / "a", directory(6_000, seed=7), progress=told.append)

    second = write(tmp_path / "b", directory(6_000, seed=7))

    assert first.file.read_bytes() == second.file.read_bytes() == b"".join(body(directory(6_000, seed=7)))
    assert first.catalog.read_bytes() == second.catalog.read_bytes()
    assert told == [5_000, 6_000]


def test_breaking_some_lines_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    whole = write(tmp_path / "a", directory(1_000)).file.read_bytes().splitlines()

    broken = write(tmp_path / "b", directory(1_000), bad=5)

    lines = broken.file.read_bytes().splitlines()
    assert sum(a != b for a, b in zip(whole, lines, strict=True)) == broken.bad > 20


def test_json_lines_hold_no_empty_values(tmp_path: Path) -> None:
    written = write(tmp_path, directory(100), Format.JSONL)

    rows = [orjson.loads(line) for line in written.file.read_bytes().splitlines()]

    assert len(rows) == 100
    assert all(all(row.values()) for row in rows)
    assert rows[1]["accounts"] == [rows[1]["email"].partition("@")[2].removesuffix(".example")]
