"""Pools that stay open from one test to the next: a new connection knows no table yet, and asks for each anew."""

from forewarn.runtime.postgres import Database

_kept: dict[tuple[str, str, str], Database] = {}


def kept(url: str, role: str, mode: str = "sandbox") -> Database:
    """A pool in this role and mode, opened once for each database. Whoever has it does not close it."""
    if (url, role, mode) not in _kept:
        _kept[url, role, mode] = Database(url, role, mode, 4)
        _kept[url, role, mode].open()
    return _kept[url, role, mode]


def close_all() -> None:
    while _kept:
        _kept.popitem()[1].close()
