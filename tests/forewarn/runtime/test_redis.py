"""A Redis that takes no writes is away, as one is that does not answer: nothing is sent, and nothing fails by it."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from forewarn.contracts.names import CONTROL_KEY
from forewarn.dev.servers.redis import Redis
from forewarn.notice import Lane
from forewarn.runtime.redis import AWAY, connect, connect_async
from services.dispatch.marks import RedisMarks
from services.dispatch.permits import RedisPermits
from services.dispatch.ports import Cap, Refused
from tests.support.batches import a_batch
from tests.support.home import until

Trouble = Callable[[redis.Redis, Redis], None]


def without_memory(client: redis.Redis, _: Redis) -> None:
    client.config_set("maxmemory", 1)


def with_a_full_disk(client: redis.Redis, server: Redis) -> None:
    """As far as Redis can tell: what it tried to save it could not."""
    (server.directory / "dump.rdb").mkdir()
    client.config_set("save", "1 1")
    client.bgsave()
    until(lambda: client.info("persistence")["rdb_last_bgsave_status"] == "err", what="a save that failed")


def as_a_replica(client: redis.Redis, _: Redis) -> None:
    client.replicaof("127.0.0.1", 1)


@pytest.fixture(params=[without_memory, with_a_full_disk, as_a_replica], ids=lambda trouble: trouble.__name__)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Of a Redis of its own that has a snapshot of epoch e1, and takes no writes any more."""
    trouble: Trouble = request.param
    server = Redis(tmp_path / "redis", lambda _: None)
    server.start()
    try:
        with redis.Redis.from_url(server.url) as client:
            client.hset(CONTROL_KEY, items=["n", "1", "epoch", "e1"])
            trouble(client, server)
            yield server.url
    finally:
        server.kill()  # with a full disk it would not stop without a save


def test_a_redis_that_takes_no_writes_is_away(url: str) -> None:
    with connect(url) as client, pytest.raises(AWAY):
        client.set("key", "value")


def test_while_redis_takes_no_writes_a_batch_waits_and_there_are_no_permits(url: str) -> None:
    async def ask() -> tuple[Any, Any]:
        client = connect_async(url)
        acquired = await RedisMarks(client).acquire(a_batch(), "mine")
        told = await RedisPermits(client).take(Cap("fake:cap", 1_000), Lane.URGENT, 1, 1, 5.0)
        await client.aclose()
        return acquired, told

    acquired, told = asyncio.run(ask())

    assert acquired is Refused.NO_SNAPSHOT
    assert told.total_seconds() == 2
