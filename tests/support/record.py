"""Fresh databases, and emptying the one of a running house."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import DictRow

from tests.support.asked import kept_connection

KEPT = ("token", "control", "alembic_version")


@contextmanager
def fresh_database(template_url: str) -> Iterator[str]:
    """A copy of the template database, dropped at the end."""
    template = conninfo_to_dict(template_url)["dbname"]
    admin = make_conninfo(template_url, dbname="postgres")
    name = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"create database {name} template {template}")
    try:
        yield template_url.rpartition("/")[0] + f"/{name}"
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f"drop database {name} with (force)")


def as_new(database_url: str, whole: bool = False) -> None:
    """Nothing in it, ids from 1, nobody else at work in it: as it was when it was made.

    `whole`: what was deleted leaves no trace, which takes longer.
    """
    try:
        _as_new(kept_connection(database_url), whole)
    except psycopg.OperationalError:  # the test before ended the connection: another one is made
        _as_new(kept_connection(database_url), whole)


def _as_new(connection: psycopg.Connection[DictRow], whole: bool) -> None:
    with connection.transaction():
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'"
        )
        if connection.execute("select to_regproc('pg_temp.as_new') as known").fetchone() == {"known": None}:
            connection.execute(_emptying(connection))
        if whole:
            connection.execute(f"truncate {', '.join(_tables(connection))} restart identity cascade")
        connection.execute("set local session_replication_role = replica")  # no order needed
        connection.execute("select pg_temp.as_new()")


def _tables(connection: psycopg.Connection[DictRow]) -> list[str]:
    rows = connection.execute("select tablename as name from pg_tables where schemaname = 'public'").fetchall()
    return [row["name"] for row in rows if row["name"] != "alembic_version"]


def _emptying(connection: psycopg.Connection[DictRow]) -> str:
    """A function of this connection that empties every table: its statements are planned once, not once a test."""
    sequences = connection.execute(
        "select sequencename as name from pg_sequences where schemaname = 'public'"
    ).fetchall()
    steps = [f"if exists (select from {name}) then delete from {name}; end if;" for name in _tables(connection)]
    steps += [f"perform setval('{row['name']}', 1, false);" for row in sequences]
    body = " ".join([*steps, "insert into control (n, epoch) values (0, '');"])
    return f"create function pg_temp.as_new() returns void language plpgsql as $$ begin {body} end $$"


def empty(database_url: str) -> None:
    """Take everything out but tokens and control. Ids go on, so that a late message finds nothing of a new test."""
    for left in range(8, -1, -1):
        try:
            _emptied(database_url)
            return
        except psycopg.errors.DeadlockDetected:  # with what the test before left under way
            if left == 0:
                raise


def _emptied(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        connection.execute("set session_replication_role = replica")  # no order needed, and no lock that workers feel
        connection.execute("set deadlock_timeout = '10s'")  # a worker finds it first, and gives way
        for (name,) in rows:
            if name not in KEPT:
                connection.execute(f"delete from {name}")
