"""Connections to the record, each in its service's own database role."""

import time
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

TRUSTED_SECONDS = 0.5
"""A connection that served so shortly ago is given out again without a question."""


class _Pooled(psycopg.Connection[DictRow]):
    """One that knows when it served last."""

    used_at = 0.0


class Database:
    """A pool of connections in one role and delivery mode; `begin` is one transaction."""

    def __init__(self, url: str, role: str, mode: str, size: int) -> None:
        planned = "-c jit=off -c plan_cache_mode=force_custom_plan"  # for the values given: a window may be few or many
        options = f"-c role={role} -c forewarn.delivery={mode} {planned} -c timezone=UTC"
        self._pool: ConnectionPool[_Pooled] = ConnectionPool(
            url,
            connection_class=_Pooled,
            kwargs={
                "options": options,
                "row_factory": dict_row,
                "connect_timeout": 5,
                "application_name": role,
            },
            min_size=1,
            max_size=size,
            timeout=10,
            check=_check,
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
        connection.used_at = time.monotonic()


def _check(connection: _Pooled) -> None:
    if time.monotonic() - connection.used_at > TRUSTED_SECONDS:
        ConnectionPool.check_connection(connection)


def queries(directory: Path) -> dict[str, Any]:
    """The .sql files of a directory by their names without the ending."""
    return {path.stem: path.read_text() for path in sorted(directory.glob("*.sql"))}
