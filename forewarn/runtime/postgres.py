"""Connections to the record, each in its service's own database role."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from prometheus_client import Gauge
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool

Connection = psycopg.Connection[DictRow]

POOL = Gauge(
    "forewarn_pool_connections",
    "Connections of this process to PostgreSQL; used: also one being made; waiting: who has none.",
    ["state"],
)
POOL_STATES: Mapping[str, Callable[[dict[str, int]], int]] = {
    "used": lambda stats: stats.get("pool_size", 0) - stats.get("pool_available", 0),
    "idle": lambda stats: stats.get("pool_available", 0),
    "waiting": lambda stats: stats.get("requests_waiting", 0),
}

UNREACHABLE = (psycopg.OperationalError, psycopg.InterfaceError)
"""The database is away, restarting, or broke a tie: the same work may succeed later. PoolTimeout is one of them."""


HALF_OPEN = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,  # ms
}
"""A server that vanished without a word is noticed after 25 s, while its answer is waited for and while it is asked."""


class _Pooled(psycopg.Connection[DictRow]):
    """One that knows when it served last."""

    used_at = 0.0


class Database:
    """A pool of connections in one role and delivery mode; `begin` is one transaction.

    A connection that served within the last `trusted_seconds` is given out again without a question: where much is
    done a question each time costs more than the work that fails, and comes again, when the database goes away.
    """

    def __init__(self, url: str, role: str, mode: str, size: int, trusted_seconds: float = 0.0) -> None:
        planned = "-c jit=off -c plan_cache_mode=force_custom_plan"  # for the values given: a window may be few or many
        self._trusted_seconds = trusted_seconds
        options = f"-c role={role} -c forewarn.delivery={mode} {planned} -c timezone=UTC"
        self._pool: ConnectionPool[_Pooled] = ConnectionPool(
            url,
            connection_class=_Pooled,
            kwargs={
                "options": options,
                "row_factory": dict_row,
                "connect_timeout": 5,
                **HALF_OPEN,
                "application_name": role,
            },
            min_size=1,
            max_size=size,
            timeout=10,
            check=self._check,
            open=False,
        )

    def open(self) -> None:
        """Start connecting; returns at once, a database that is away is waited for by whoever needs it."""
        self._pool.open(wait=False)
        for state, count in POOL_STATES.items():
            POOL.labels(state).set_function(partial(_counted, self._pool, count))

    def close(self) -> None:
        self._pool.close(timeout=2)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back when anything is raised."""
        with self._pool.connection() as connection:
            yield connection
            connection.used_at = time.monotonic()

    def _check(self, connection: _Pooled) -> None:
        if time.monotonic() - connection.used_at >= self._trusted_seconds:
            ConnectionPool.check_connection(connection)


def _counted(pool: ConnectionPool[_Pooled], count: Callable[[dict[str, int]], int]) -> float:
    return float(count(pool.get_stats()))


def queries(directory: Path) -> dict[str, Any]:
    """The .sql files of a directory by their names without the ending."""
    return {path.stem: path.read_text() for path in sorted(directory.glob("*.sql"))}
