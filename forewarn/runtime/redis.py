"""Redis: one primary, for coordination only; nothing here is the record."""

from pathlib import Path
from typing import Any

import redis
import redis.asyncio
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, TimeoutError
from redis.retry import Retry

AWAY = (ConnectionError, TimeoutError)
"""Redis does not answer: nothing is sent until it does."""

_OPTIONS: dict[str, Any] = {"socket_timeout": 3, "socket_connect_timeout": 3, "decode_responses": True}


def connect(url: str) -> redis.Redis:
    """A client for threads. A command is tried once: the callers know what a repeat would mean."""
    return redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0), **_OPTIONS)


def connect_async(url: str, connections: int = 32) -> redis.asyncio.Redis:
    """A client for one event loop."""
    retry = redis.asyncio.retry.Retry(NoBackoff(), 0)
    return redis.asyncio.Redis.from_url(url, retry=retry, max_connections=connections, **_OPTIONS)


def scripts(directory: Path) -> dict[str, str]:
    """The .lua files of a directory by their names without the ending."""
    return {path.stem: path.read_text() for path in sorted(directory.glob("*.lua"))}
