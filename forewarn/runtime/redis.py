"""Redis: one primary, for coordination only; nothing here is the record."""

from pathlib import Path
from typing import Any

import redis
import redis.asyncio
from redis.asyncio.connection import DefaultParser as AsyncParser
from redis.backoff import NoBackoff
from redis.connection import DefaultParser
from redis.exceptions import ConnectionError, OutOfMemoryError, ReadOnlyError, ResponseError, TimeoutError
from redis.retry import Retry


class Misconfigured(ResponseError):
    """MISCONF: it cannot write to its disk, and so takes no writes; redis-py has no name for it."""


AWAY = (ConnectionError, TimeoutError, OutOfMemoryError, ReadOnlyError, Misconfigured)
"""Redis does not answer, or takes no writes (no memory left, a full disk, a replica): nothing is sent until it does."""

_ERRORS = {"EXCEPTION_CLASSES": {**DefaultParser.EXCEPTION_CLASSES, "MISCONF": Misconfigured}}
_PARSER = type("Parser", (DefaultParser,), _ERRORS)
_ASYNC_PARSER = type("AsyncParser", (AsyncParser,), _ERRORS)

_OPTIONS: dict[str, Any] = {"socket_timeout": 3, "socket_connect_timeout": 3, "decode_responses": True}


def connect(url: str) -> redis.Redis:
    """A client for threads. A command is tried once: the callers know what a repeat would mean."""
    return redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0), parser_class=_PARSER, **_OPTIONS)


def connect_async(url: str, connections: int = 32) -> redis.asyncio.Redis:
    """A client for one event loop."""
    retry = redis.asyncio.retry.Retry(NoBackoff(), 0)
    return redis.asyncio.Redis.from_url(
        url, retry=retry, max_connections=connections, parser_class=_ASYNC_PARSER, **_OPTIONS
    )


def scripts(directory: Path) -> dict[str, str]:
    """The .lua files of a directory by their names without the ending."""
    return {path.stem: path.read_text() for path in sorted(directory.glob("*.lua"))}
