"""Writing a generated directory to files, line by line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path

import orjson

from forewarn.dev.generate.directory import Directory
from forewarn.dev.generate.faults import lines
from forewarn.dev.generate.people import Row, people

LISTS = frozenset({"accounts", "components", "teams", "consents", "unsubscribed"})
AT_ONCE = 5_000
"""Lines between two words of progress."""

Watch = Callable[[int], None]


class Format(StrEnum):
    """How people are written down."""

    CSV = "csv"
    JSONL = "jsonl"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written; `bad` lines of the `people` will be refused by an import."""

    catalog: Path
    file: Path
    people: int
    bad: int


def _nobody_watches(lines: int) -> None:
    """For whoever writes unseen."""


def write(
    to: Path, made: Directory, format: Format = Format.CSV, bad: float = 0.0, progress: Watch = _nobody_watches
) -> Written:
    """Write `catalog.yaml` and `people.csv` (or .jsonl) into the directory; `bad` percent of the lines are broken.

    `progress` hears how many lines stand.
    """
    to.mkdir(parents=True, exist_ok=True)
    catalog, file = to / "catalog.yaml", to / f"people.{format}"
    with catalog.open("w") as sheet:
        sheet.writelines(f"{document}---\n" for document in made.catalog.documents())
    broken = done = 0
    with file.open("wb", buffering=1 << 20) as out:
        out.write(header(format))
        for line, is_broken in lines(people(made), WAYS[format], bad, made.seed):
            out.write(line)
            broken += is_broken
            done += 1
            if done % AT_ONCE == 0:
                progress(done)
    progress(done)
    return Written(catalog, file, done, broken)


def body(made: Directory, format: Format = Format.CSV) -> Iterator[bytes]:
    """The people's file in pieces of a thousand lines, for an upload that needs no file."""
    yield header(format)
    every = map(WAYS[format], people(made))
    while piece := b"".join(islice(every, 1_000)):
        yield piece


def header(format: Format) -> bytes:
    return (",".join(Row._fields) + "\n").encode() if format is Format.CSV else b""


def _csv(row: Row) -> bytes:
    """No cell of ours holds a comma, a quote or a new line: nothing is to be quoted."""
    return (",".join(row) + "\n").encode()


def _jsonl(row: Row) -> bytes:
    given = {
        name: cell.split(";") if name in LISTS else cell for name, cell in zip(Row._fields, row, strict=True) if cell
    }
    return orjson.dumps(given, option=orjson.OPT_APPEND_NEWLINE)


WAYS: dict[Format, Callable[[Row], bytes]] = {Format.CSV: _csv, Format.JSONL: _jsonl}
