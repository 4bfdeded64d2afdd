"""One statement in a transaction of its own, over a connection that is kept: making one costs more than most ask."""

import threading
from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row

KEPT = 4
"""Connections; tests that make databases of their own use one for a while and then none."""

_kept: dict[tuple[str, str], psycopg.Connection[DictRow]] = {}


def asked(url: str, sql: str, values: Any = (), options: str = "") -> list[dict[str, Any]]:
    """The rows, if it has any. Asked anew if the server ended the connection meanwhile.

    Another thread than the first asks over a connection of its own: its statement may wait for what the first one does.
    """
    if threading.current_thread() is not threading.main_thread():
        with _opened(url, options) as connection:
            return _asked(connection, sql, values)
    try:
        return _asked(kept_connection(url, options), sql, values)
    except psycopg.OperationalError:
        if not _kept[url, options].closed:
            raise
        return _asked(kept_connection(url, options), sql, values)


def kept_connection(url: str, options: str = "") -> psycopg.Connection[DictRow]:
    """That of the first thread; a new one where the old is known to be closed."""
    if (url, options) in _kept and _kept[url, options].closed:
        del _kept[url, options]
    if (url, options) not in _kept:
        while len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept))).close()
        _kept[url, options] = _opened(url, options)
    return _kept[url, options]


def _asked(connection: psycopg.Connection[DictRow], sql: str, values: Any) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, values)
    return cursor.fetchall() if cursor.description is not None else []


def _opened(url: str, options: str) -> psycopg.Connection[DictRow]:
    return psycopg.connect(url, options=options, row_factory=dict_row, autocommit=True, prepare_threshold=None)
