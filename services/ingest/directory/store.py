"""Bring the record in line with what was read, in one transaction and by sets, never row by row."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, TypeVar, assert_never

import orjson
import psycopg
from psycopg.rows import scalar_row, tuple_row

from forewarn.contracts.api import Fault, ImportReport
from forewarn.contracts.directory import CatalogAccount, CatalogComponent, Person
from forewarn.subscriber import HEARINGS, Side
from services.ingest.directory.catalog import CatalogEntry
from services.ingest.directory.entries import Entry, PassedOver

MOST_FAULTS = 1000
TOKEN_BYTES = 16  # 22 characters

Connection = psycopg.Connection[Any]
Kept = TypeVar("Kept")


class _Reading:
    """What came out of the stream: hands on what is readable, counts all, keeps the first faults."""

    def __init__(self) -> None:
        self.read = 0
        self.faulty = 0
        self.faults: list[Fault] = []

    def readable(self, entries: Iterable[Entry[Kept] | PassedOver | Fault]) -> Iterator[Entry[Kept]]:
        for entry in entries:
            self.read += 1
            match entry:
                case Entry():
                    yield entry
                case Fault():
                    self.faulty += 1
                    if len(self.faults) < MOST_FAULTS:
                        self.faults.append(entry)
                case PassedOver():
                    pass
                case _:
                    assert_never(entry)

    def report(self, connection: Connection, counts: str) -> ImportReport:
        """Sum up, with the faults that only the database could find."""
        with connection.cursor(row_factory=tuple_row) as cursor:
            added, changed, unchanged = cursor.execute(_sql(counts)).fetchone() or (0, 0, 0)
            rows = cursor.execute(_sql("faults"), [MOST_FAULTS]).fetchall()
        found = [Fault(line=line, reason=reason) for line, reason, _ in rows]
        return ImportReport(
            read=self.read,
            added=added,
            changed=changed,
            unchanged=unchanged,
            faulty=self.faulty + (rows[0][2] if rows else 0),
            faults=sorted(self.faults + found, key=lambda fault: fault.line)[:MOST_FAULTS],
        )


@cache
def _sql(name: str) -> str:
    return Path(__file__).with_name(f"{name}.sql").read_text()


def import_catalog(connection: Connection, entries: Iterable[Entry[CatalogEntry] | PassedOver | Fault]) -> ImportReport:
    """Add and change components and accounts; what the catalog does not name stays as it is."""
    reading = _Reading()
    with connection.transaction():
        _take_turn(connection)
        connection.execute(_sql("catalog_stage"))
        _copy(connection, "staged_entry", map(_catalog_row, reading.readable(entries)))
        connection.execute(_sql("catalog_apply"))
        return reading.report(connection, "catalog_count")


def import_people(connection: Connection, entries: Iterable[Entry[Person] | Fault]) -> ImportReport:
    """Add and change subscribers, addresses and stakes; added, changed and unchanged count subscribers."""
    reading = _Reading()
    inside = [hearing.role.value for hearing in HEARINGS if hearing.side is Side.INSIDE]
    with connection.transaction():
        _take_turn(connection)
        connection.execute(_sql("people_stage"))
        _copy(connection, "staged_person", map(_person_row, reading.readable(entries)))
        connection.execute(_sql("people_check"))
        _refuse_shared_addresses(connection)
        connection.execute(_sql("people_apply"))
        connection.execute(_sql("people_sides"), {"inside": inside})
        return reading.report(connection, "people_count")


def _take_turn(connection: Connection) -> None:
    connection.execute("select pg_advisory_xact_lock(hashtext('forewarn directory'))")


def _copy(connection: Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"copy {table} from stdin") as copy:
        for row in rows:
            copy.write_row(row)


def _refuse_shared_addresses(connection: Connection) -> None:
    with connection.cursor(row_factory=scalar_row) as cursor:
        refused: int | None = -1
        while (now_refused := cursor.execute("select count(*) from staged_fault").fetchone()) != refused:
            refused = now_refused
            connection.execute(_sql("people_shared"))


def _array(keys: Sequence[str]) -> str:
    """PostgreSQL's way to write an array of keys, none of which holds a quote or a backslash."""
    return '{"' + '","'.join(keys) + '"}' if keys else "{}"


def _catalog_row(entry: Entry[CatalogEntry]) -> tuple[Any, ...]:
    value = entry.value
    match value:
        case CatalogComponent():
            words = (value.spec.public_name, orjson.dumps(value.spec.symptoms).decode(), value.system, value.owner)
            needs = (_array(value.needs), _array(value.needs_softly))
            return (entry.line, False, value.key, *words, *needs, None, None, None)
        case CatalogAccount():
            words_of_components = (None,) * 5
            told = (value.spec.tier, value.spec.country, _array(value.uses))
            return (entry.line, True, value.key, value.spec.name, *words_of_components, *told)
        case _:
            assert_never(value)


def _person_row(entry: Entry[Person]) -> tuple[Any, ...]:
    p = entry.value
    who = (entry.line, p.key, p.role.value, p.name, p.locale, p.zone, token_urlsafe(TOKEN_BYTES))
    consents = None if p.consents is None else _array(p.consents)
    reached = (p.email, p.phone, p.webhook, consents, p.quiet_from, p.quiet_to)
    return (*who, *reached, _array(p.accounts), _array(p.components), _array(p.teams), _array(p.unsubscribed))
