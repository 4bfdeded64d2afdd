"""Connections to the record, each in its service's own database role."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool

Connection = psycopg.Connection[DictRow]

UNREACHABLE = (psycopg.OperationalError, psycopg.InterfaceError)
"""The database is away, restarting, or broke a tie: the same work may succeed later. PoolTimeout is one of them."""


class Database:
    """A pool of connections in one role and delivery mode; `begin` is one transaction."""

    def __init__(self, url: str, role: str, mode: str, size: int) -> None:
        planned = "-c jit=off -c plan_cache_mode=force_custom_plan"  # for the values given: a window may be few or many
        options = f"-c role={role} -c forewarn.delivery={mode} {planned} -c timezone=UTC"
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            url,
            kwargs={
                "options": options,
                "row_factory": dict_row,
                "connect_timeout": 5,
                "application_name": role,
            },
            min_size=1,
            max_size=size,
            timeout=10,
            check=ConnectionPool.check_connection,
            open=False,
        )

    def open(self) -> None:
        """Start connecting; returns at once, a database that is away is waited for by whoever needs it."""
        self._pool.open(wait=False)

    def close(self) -> None:
        self._pool.close(timeout=2)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back when anything is raised."""
        with self._pool.connection() as connection:
            yield connection


def queries(directory: Path) -> dict[str, Any]:
    """The .sql files of a directory by their names without the ending."""
    return {path.stem: path.read_text() for path in sorted(directory.glob("*.sql"))}
