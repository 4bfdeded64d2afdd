"""A directory to import into, and short ways to import and to ask."""

from contextlib import AbstractContextManager
from io import BytesIO
from typing import Any

import psycopg
from psycopg.rows import dict_row, tuple_row

from forewarn.contracts.api import ImportReport, Refusal
from services.ingest.directory.catalog import read_catalog
from services.ingest.directory.entries import Unreadable
from services.ingest.directory.how import How
from services.ingest.directory.people import Format, read_people
from services.ingest.directory.store import import_catalog, import_people

CATALOG = """
kind: Component
metadata: {name: card-payments}
spec: {owner: payments-team, dependsOn: [ledger-db], public_name: card payments}
---
kind: Resource
metadata: {name: ledger-db}
---
{apiVersion: forewarn/v1, kind: Account, metadata: {name: nordwind}, spec: {uses: [card-payments]}}
---
{apiVersion: forewarn/v1, kind: Account, metadata: {name: kranich}, spec: {tier: business}}
"""


def as_ingest(database: str, autocommit: bool = True) -> AbstractContextManager[psycopg.Connection[Any]]:
    """A connection in the role that ingest has; its rows are read by name, as in the worker."""
    options = "-c role=forewarn_ingest"
    return psycopg.connect(database, options=options, row_factory=dict_row, autocommit=autocommit)


def catalog(connection: psycopg.Connection[Any], text: str = CATALOG, **how: bool) -> ImportReport:
    entries = read_catalog(BytesIO(text.encode()))
    assert not isinstance(entries, Unreadable)
    return _taken(import_catalog(connection, entries, How(**how)))


def people(connection: psycopg.Connection[Any], text: str, format: Format = Format.CSV, **how: bool) -> ImportReport:
    lines = read_people(BytesIO(text.encode()), format)
    assert not isinstance(lines, Unreadable)
    return _taken(import_people(connection, lines, How(**how)))


def refused(connection: psycopg.Connection[Any], text: str, **how: bool) -> str:
    """Why people are not imported."""
    lines = read_people(BytesIO(text.encode()), Format.CSV)
    assert not isinstance(lines, Unreadable)
    answer = import_people(connection, lines, How(**how))
    assert isinstance(answer, Refusal)
    return answer.reason


def _taken(answer: ImportReport | Refusal) -> ImportReport:
    assert isinstance(answer, ImportReport), answer.reason
    return answer


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.unchanged, report.faulty


def faults(report: ImportReport) -> list[tuple[int, str]]:
    return [(fault.line, fault.reason) for fault in report.faults]


def rows(connection: psycopg.Connection[Any], question: str) -> list[tuple[Any, ...]]:
    with connection.cursor(row_factory=tuple_row) as cursor:
        return cursor.execute(question).fetchall()


STAKES = """
select s.key, k.role, a.key, c.key, k.team
from stake k join subscriber s on s.id = k.subscriber_id
left join account a on a.id = k.account_id left join component c on c.id = k.component_id
order by s.key, k.role, a.key, c.key, k.team
"""

ADDRESSES = """
select s.key, a.channel, a.address from address a join subscriber s on s.id = a.subscriber_id order by 1, 2
"""
