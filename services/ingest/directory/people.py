"""Read people from CSV or JSON lines, one person a line, without ever holding more than a line."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, BinaryIO

import orjson

from forewarn.contracts.addresses import Way
from forewarn.contracts.api import Fault
from forewarn.contracts.directory import Person
from services.ingest.directory.entries import Entry, Refused, Unreadable, first_line, lines_of
from services.ingest.directory.rows import Row, Rows

COLUMNS = tuple(Person.model_fields)
LISTS = frozenset({"accounts", "components", "teams", "consents", "unsubscribed"})
NO_CONSENT = "none"
ADDRESSES = {"email": Way.EMAIL, "phone": Way.SMS, "webhook": Way.WEBHOOK}

Line = Entry[Row] | Refused | Fault
"""A person; somebody whose line is not taken; or a line of which it cannot be said whose it is."""


@dataclass(frozen=True, slots=True)
class People:
    """The lines of a file. `ways`: those that it speaks of: where it gives no address, there is none."""

    lines: Iterator[Line]
    ways: frozenset[Way]

    def __iter__(self) -> Iterator[Line]:
        return self.lines


class Format(StrEnum):
    """How people are written down."""

    CSV = "csv"
    JSONL = "jsonl"


def read_people(stream: BinaryIO, format: Format) -> People | Unreadable:
    """Every person of a seekable stream, a fault for each line that is none; blank lines are passed over."""
    first = first_line(stream)
    if isinstance(first, Unreadable):
        return first
    match format:
        case Format.CSV:
            return _read_csv(stream, first)
        case Format.JSONL:
            return _read_jsonl(stream, first)


def _read_csv(stream: BinaryIO, first: Entry[str]) -> People | Unreadable:
    header = _header(first.value)
    if isinstance(header, Unreadable):
        return header
    rows = Rows(_split)
    lines = (
        line if isinstance(line, Fault) else _from_csv(rows, header, line)
        for line in lines_of(stream)
        if isinstance(line, Fault) or (line.line > first.line and line.value.strip())
    )
    return People(lines, frozenset(way for column, way in ADDRESSES.items() if column in header))


def _header(text: str) -> list[str] | Unreadable:
    try:
        header = [name.strip().lower() for name in _cells(text)]
    except csv.Error as fault:
        return Unreadable(f"the header line is not CSV: {fault}")
    known = f"the columns are {', '.join(COLUMNS)}, separated by commas"
    if unknown := [name[:40] for name in header if name not in COLUMNS]:
        return Unreadable(f"unknown columns in the header line: {', '.join(map(repr, unknown[:20]))}; {known}")
    if len(set(header)) < len(header):
        return Unreadable(f"the header line names a column twice; {known}")
    if "role" not in header or not {"id", "email"} & set(header):
        return Unreadable(f"the header line needs role, and id or email; {known}")
    return header


def _cells(text: str) -> list[str]:
    """The cells of one line; quotes do not reach across lines, so that a stray one spoils its own line only."""
    if '"' in text or "\r" in text or len(text) >= csv.field_size_limit():
        return next(csv.reader((text,), strict=True))
    return text.split(",")


def _from_csv(rows: Rows, header: Sequence[str], line: Entry[str]) -> Line:
    try:
        cells = _cells(line.value)
    except csv.Error as fault:
        return Fault(line=line.line, reason=f"not CSV: {fault}")
    if len(cells) != len(header):
        return Fault(line=line.line, reason=f"has {len(cells)} cells, the header line has {len(header)}")
    given = {name: kept for name, cell in zip(header, cells, strict=True) if cell and (kept := cell.strip())}
    return _person(rows, line.line, given)


def _split(name: str, cell: str) -> str | list[str]:
    if name not in LISTS:
        return cell
    if name == "consents" and cell.lower() == NO_CONSENT:
        return []
    return [part.strip() for part in cell.split(";") if part.strip()]


def _read_jsonl(stream: BinaryIO, first: Entry[str]) -> People | Unreadable:
    if not first.value.lstrip().startswith("{"):
        return Unreadable(f"line {first.line} is no JSON object; is this CSV? Then say format=csv")
    rows = Rows(lambda _, value: value)
    lines = (
        line if isinstance(line, Fault) else _from_json(rows, line)
        for line in lines_of(stream)
        if isinstance(line, Fault) or line.value.strip()
    )
    return People(lines, frozenset(Way))


def _from_json(rows: Rows, line: Entry[str]) -> Line:
    try:
        data = orjson.loads(line.value)
    except orjson.JSONDecodeError as fault:
        return Fault(line=line.line, reason=f"not JSON: {fault}")
    if not isinstance(data, dict):
        return Fault(line=line.line, reason="not a JSON object")
    return _person(rows, line.line, {name: value for name, value in data.items() if value is not None})


def _person(rows: Rows, line: int, given: Mapping[str, Any]) -> Line:
    read = rows.read(given)
    if not isinstance(read, str):
        return Entry(line, read)
    key = rows.field("id" if "id" in given else "email", given)
    if not key:
        return Fault(line=line, reason=read)
    return Refused(line, read, key, rows.field("unsubscribed", given) or ())
