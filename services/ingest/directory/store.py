"""Bring the record in line with what was read, in one transaction and by sets, never row by row."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import scalar_row, tuple_row

from forewarn.contracts.api import ImportReport, Refusal
from forewarn.subscriber import HEARINGS, Side
from services.ingest.directory.catalog import Document
from services.ingest.directory.how import How, Progress
from services.ingest.directory.people import People
from services.ingest.directory.report import not_to_prune_by, report
from services.ingest.directory.staging import stage_catalog, stage_people

INSIDE = {"inside": [hearing.role.value for hearing in HEARINGS if hearing.side is Side.INSIDE]}
CATALOG = ("catalog_apply",)
CATALOG_PRUNED = ("catalog_prune", "catalog_sides", "catalog_apply")
TAKEN = ("people_same", "people_check", "people_shared", "people_subscribers", "people_addresses", "people_stakes")
PEOPLE = (*TAKEN, "people_suppressions", "people_sides")
PEOPLE_PRUNED = (
    *("people_keys", "people_prune", *TAKEN, "people_pare", "people_pare_addresses"),
    *("people_suppressions", "people_sides"),
)

Connection = psycopg.Connection[Any]
Answer = ImportReport | Refusal


def import_catalog(
    connection: Connection, entries: Iterable[Document], how: How | None = None, progress: Progress | None = None
) -> Answer:
    """Add and change components and accounts; what the catalog does not name stays, unless it is pruned."""
    how, progress = how or How(), progress or Progress()
    with _writing(connection, how):
        connection.execute(_sql("catalog_stage"))
        read = stage_catalog(connection, entries, progress)
        connection.execute(_sql("catalog_check"))
        if how.prune and (refusal := not_to_prune_by(connection, "staged_entry")):
            return refusal
        _run(connection, progress, CATALOG_PRUNED if how.prune else CATALOG, {"catalog_sides": INSIDE})
        return report(connection, read, _sql("catalog_count"), how.prune)


def import_people(
    connection: Connection, people: People, how: How | None = None, progress: Progress | None = None
) -> Answer:
    """Add and change subscribers, addresses and stakes; added, changed, unchanged and removed count subscribers."""
    how, progress = how or How(), progress or Progress()
    with _writing(connection, how):
        connection.execute(_sql("people_stage"))
        read = stage_people(connection, people, progress)
        connection.execute(_sql("people_read"))
        if how.prune and (refusal := not_to_prune_by(connection, "staged_person")):
            return refusal
        told = {"people_sides": INSIDE, "people_pare_addresses": {"ways": [way.value for way in people.ways]}}
        _run(connection, progress, PEOPLE_PRUNED if how.prune else PEOPLE, told)
        return report(connection, read, _sql("people_count"), how.prune)


@contextmanager
def _writing(connection: Connection, how: How) -> Iterator[None]:
    """One transaction, one import at a time; a dry run takes all of it back, the numbers of new people too."""
    with connection.transaction(force_rollback=how.dry_run):
        connection.execute("select pg_advisory_xact_lock(hashtext('forewarn directory'))")
        with connection.cursor(row_factory=tuple_row) as cursor:
            numbers = cursor.execute("select last_value, is_called from subscriber_id_seq").fetchone()
        yield
        if how.dry_run:
            connection.execute("select setval('subscriber_id_seq', %s, %s)", numbers)


def _run(
    connection: Connection, progress: Progress, steps: Sequence[str], told: Mapping[str, Mapping[str, Any]]
) -> None:
    progress.apply(len(steps))
    for step in steps:
        if step == "people_shared":
            _refuse_shared_addresses(connection)
        else:
            connection.execute(_sql(step), told.get(step))
        progress.done += 1


def _refuse_shared_addresses(connection: Connection) -> None:
    with connection.cursor(row_factory=scalar_row) as cursor:
        refused: int | None = -1
        while (now_refused := cursor.execute("select count(*) from staged_fault").fetchone()) != refused:
            refused = now_refused
            connection.execute(_sql("people_shared"))


@cache
def _sql(name: str) -> str:
    return Path(__file__).with_name(f"{name}.sql").read_text()
