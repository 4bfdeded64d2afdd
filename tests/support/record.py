"""Fresh databases, and emptying the one of a running house."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

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

    Only what holds anything is emptied, which takes a quarter of the time; `whole`: what was deleted leaves no trace.
    """
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'"
        )
        rows = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        names = [name for (name,) in rows if name != "alembic_version"]
        if whole:
            connection.execute(f"truncate {', '.join(names)} restart identity cascade")
        else:
            _deleted(connection, names)
        connection.execute("insert into control (n, epoch) values (0, '')")


def _deleted(connection: psycopg.Connection, names: list[str]) -> None:
    filled = " union all ".join(f"select '{name}' where exists (select from {name})" for name in names)
    connection.execute("set session_replication_role = replica")  # no order needed
    for (name,) in connection.execute(filled).fetchall():
        connection.execute(f"delete from {name}")
    used = "select sequencename from pg_sequences where schemaname = 'public' and last_value is not null"
    for (sequence,) in connection.execute(used).fetchall():
        connection.execute(f"alter sequence {sequence} restart")


def empty(database_url: str) -> None:
    """Take everything out but tokens and control. Ids go on, so that a late message finds nothing of a new test."""
    for last in (False, False, True):
        try:
            _emptied(database_url)
            return
        except psycopg.errors.DeadlockDetected:  # with what the test before left under way
            if last:
                raise


def _emptied(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        connection.execute("set session_replication_role = replica")  # no order needed, and no lock that workers feel
        for (name,) in rows:
            if name not in KEPT:
                connection.execute(f"delete from {name}")
