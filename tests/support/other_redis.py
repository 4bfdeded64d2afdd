"""A database of the run's Redis that no house uses."""

from collections.abc import Iterator
from contextlib import contextmanager

import redis


@contextmanager
def other_redis(url: str) -> Iterator[str]:
    """Its URL; empty at the beginning and at the end."""
    other = url.rpartition("/")[0] + "/1"
    with redis.Redis.from_url(other) as client:
        client.flushdb()
        yield other
        client.flushdb()
