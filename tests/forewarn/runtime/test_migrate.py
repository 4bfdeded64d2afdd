"""A database is brought to the newest version, once, whoever asks and how often."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from forewarn.dev.servers import Servers
from forewarn.runtime.migrate import migrate


@pytest.fixture
def empty_database(servers: Servers) -> Iterator[str]:
    url = servers.urls.database
    name = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as admin:
        admin.execute(f"create database {name}")
        yield url.rpartition("/")[0] + f"/{name}"
        admin.execute(f"drop database {name} with (force)")


def everything(url: str) -> list[tuple[Any, ...]]:
    """Every relation, function and right, as the catalog has them, with the version."""
    with psycopg.connect(url) as connection:
        return connection.execute(
            "select oid::text, relname::text, relacl::text, xmin::text from pg_class"
            "  where relnamespace = 'public'::regnamespace"
            " union all select oid::text, proname::text, prosrc, xmin::text from pg_proc"
            "  where pronamespace = 'public'::regnamespace"
            " union all select '', version_num, '', xmin::text from alembic_version order by 1, 2"
        ).fetchall()


def test_a_second_run_changes_nothing(empty_database: str) -> None:
    migrate(empty_database)
    before = everything(empty_database)

    migrate(empty_database)

    assert len(before) > 50
    assert everything(empty_database) == before


def test_two_at_once_do_not_fight(empty_database: str) -> None:
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(migrate, [empty_database] * 2))

    versions = [row for row in everything(empty_database) if row[0] == ""]
    assert len(versions) == 1


def test_a_failed_migration_leaves_nothing(empty_database: str) -> None:
    with psycopg.connect(empty_database) as connection:
        connection.execute("create table batch ()")  # in the way of the record's own

    with pytest.raises(Exception, match="already exists"):
        migrate(empty_database)

    with psycopg.connect(empty_database) as connection:
        tables = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    assert tables == [("batch",)]
