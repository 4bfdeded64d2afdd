"""One statement in a transaction of its own, over a connection that is kept: making one costs more than most ask."""

import threading
from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row

KEPT = 4
"""Connections of a thread; tests that make databases of their own use one for a while and then none."""

_own = threading.local()


def asked(url: str, sql: str, values: Any = (), options: str = "") -> list[dict[str, Any]]:
    """The rows, if it has any. Asked anew if the server ended the connection meanwhile."""
    try:
        return _asked(_connected(url, options), sql, values)
    except psycopg.OperationalError:
        if not _connected(url, options).closed:
            raise
        del _own.kept[url, options]
        return _asked(_connected(url, options), sql, values)


def _asked(connection: psycopg.Connection[DictRow], sql: str, values: Any) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, values)
    return cursor.fetchall() if cursor.description is not None else []


def _connected(url: str, options: str) -> psycopg.Connection[DictRow]:
    kept: dict[tuple[str, str], psycopg.Connection[DictRow]] = _own.__dict__.setdefault("kept", {})
    if (url, options) not in kept:
        while len(kept) >= KEPT:
            kept.pop(next(iter(kept))).close()
        kept[url, options] = psycopg.connect(
            url, options=options, row_factory=dict_row, autocommit=True, prepare_threshold=None
        )
    return kept[url, options]
