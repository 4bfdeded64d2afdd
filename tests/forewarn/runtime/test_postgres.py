"""Each table has one writer, and the clock that people read runs fast only in the sandbox, and never back."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from forewarn.dev.house import set_fast_clock
from forewarn.runtime.postgres import UNREACHABLE, Database
from tests.support.record import fresh_database

INGEST, PLANNER = "forewarn_ingest", "forewarn_planner"

WRITERS = {
    INGEST: {
        *("component", "dependency", "account", "uses", "zone", "subscriber", "stake", "address", "suppression"),
        *("departed", "suppression_kept"),
        *("outage", "signal", "event", "revision", "failed", "joined_group"),
    },
    PLANNER: {
        *("plan", "notice", "notice_channel", "content", "notice_window", "batch", "control"),
        *("stop", "pause", "promise", "sending_act", "child_window", "rung", "warning"),
    },
}
BY_HAND = {"token", "fast_clock", "alembic_version"}
"""Written by `db migrate` and whoever issues tokens, by no service."""


@contextmanager
def opened(url: str, role: str, mode: str = "sandbox") -> Iterator[Database]:
    database = Database(url, role, mode, 2)
    database.open()
    try:
        yield database
    finally:
        database.close()


def rows(url: str, sql: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(sql).fetchall()


def test_each_table_is_written_by_exactly_one_service(migrated: str) -> None:
    may = rows(
        migrated,
        "select t.tablename, r.rolname from pg_tables t, pg_roles r where t.schemaname = 'public'"
        " and r.rolname in ('forewarn_ingest', 'forewarn_planner')"
        " and has_table_privilege(r.rolname, format('public.%I', t.tablename), 'insert, update, delete, truncate')",
    )

    writers = {(table, role) for role, tables in WRITERS.items() for table in tables}
    assert set(may) == writers


def test_no_table_is_without_a_known_writer(migrated: str) -> None:
    tables = {name for (name,) in rows(migrated, "select tablename from pg_tables where schemaname = 'public'")}

    assert tables == BY_HAND.union(*WRITERS.values())


@pytest.mark.parametrize(
    ("role", "table"),
    [
        *((PLANNER, table) for table in sorted(WRITERS[INGEST] | BY_HAND)),
        *((INGEST, table) for table in sorted(WRITERS[PLANNER] | BY_HAND)),
    ],
)
def test_a_service_s_connection_cannot_write_what_is_another_s(
    services: dict[str, Database], role: str, table: str
) -> None:
    with pytest.raises(InsufficientPrivilege), services[role].begin() as connection:
        connection.execute(f"delete from {table}")


@pytest.fixture(scope="module")
def services(migrated: str) -> Iterator[dict[str, Database]]:
    with fresh_database(migrated) as url, opened(url, PLANNER) as planner, opened(url, INGEST) as ingest:
        yield {PLANNER: planner, INGEST: ingest}


def test_ingest_does_not_read_what_the_planner_says(services: dict[str, Database]) -> None:
    with pytest.raises(InsufficientPrivilege), services[INGEST].begin() as connection:
        connection.execute("select from notice")


def test_the_planner_reads_all_of_ingest_s(services: dict[str, Database]) -> None:
    with services[PLANNER].begin() as connection:
        for table in WRITERS[INGEST]:
            connection.execute(f"select from {table}")


def test_a_transaction_that_raises_leaves_nothing(database: str) -> None:
    with opened(database, INGEST) as ingest:
        with pytest.raises(ZeroDivisionError), ingest.begin() as connection:
            connection.execute("insert into zone (name) values ('Europe/Berlin')")
            _ = 1 / 0

        assert rows(database, "select * from zone") == []


def test_a_database_that_is_away_is_told_as_such() -> None:
    with opened("postgresql://forewarn@127.0.0.1:1/forewarn", INGEST) as ingest:
        ingest._pool.timeout = 0.1

        with pytest.raises(UNREACHABLE), ingest.begin():
            pass


def test_a_server_that_vanished_without_a_word_is_noticed_within_half_a_minute(migrated: str) -> None:
    asked = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT, socket.TCP_USER_TIMEOUT)
    with (
        opened(migrated, INGEST) as ingest,
        ingest.begin() as connection,
        socket.socket(fileno=os.dup(connection.fileno())) as wire,
    ):
        alive = wire.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        idle, every, times, unheard_ms = (wire.getsockopt(socket.IPPROTO_TCP, option) for option in asked)

    assert alive == 1
    assert idle + every * times <= 30 and 0 < unheard_ms <= 30_000


# -- the clock ---------------------------------------------------------------------------------------


def now_of(url: str, mode: str | None = "sandbox") -> datetime:
    options = f"-c forewarn.delivery={mode}" if mode else ""
    with psycopg.connect(url, options=options) as connection:
        row = connection.execute("select forewarn_now()").fetchone()
    assert row is not None
    return row[0].astimezone(UTC)  # type: ignore[no-any-return]


def off(url: str, mode: str | None = "sandbox") -> float:
    """Seconds by which the clock that people read is ahead."""
    return abs((now_of(url, mode) - datetime.now(UTC)).total_seconds())


def test_without_the_row_it_is_now(database: str) -> None:
    assert off(database) < 1


def test_with_the_row_it_runs_its_factor_as_fast(database: str) -> None:
    set_fast_clock(database, 1000)

    began, first = time.monotonic(), now_of(database)
    time.sleep(0.5)
    told = (now_of(database) - first).total_seconds()
    real = time.monotonic() - began

    assert 500 <= told <= 1000 * real


@pytest.mark.parametrize("mode", ["live", "guests", "", None])
def test_outside_the_sandbox_the_row_is_not_heeded(database: str, mode: str | None) -> None:
    set_fast_clock(database, 100_000)
    time.sleep(0.1)

    assert off(database, mode) < 1


def test_it_never_runs_back_when_the_factor_changes(database: str) -> None:
    seen = []
    for factor in (10_000, 2, 50_000, 0.5):
        set_fast_clock(database, factor)
        seen.append(now_of(database))
        time.sleep(0.05)
        seen.append(now_of(database))

    assert seen == sorted(seen)
    assert (seen[-1] - seen[0]).total_seconds() > 500


def test_one_transaction_has_one_now(database: str) -> None:
    set_fast_clock(database, 100_000)

    with opened(database, PLANNER) as planner, planner.begin() as connection:
        first = connection.execute("select forewarn_now() as now").fetchone()
        time.sleep(0.05)
        second = connection.execute("select forewarn_now() as now").fetchone()

    assert first == second
