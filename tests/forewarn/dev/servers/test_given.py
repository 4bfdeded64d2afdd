"""Laws of servers given by URL: used with care, and never started or stopped."""

from __future__ import annotations

from pathlib import Path

import pika
import psycopg
import pytest
import redis

from forewarn.dev.servers import ServerFailed, Servers, private_servers
from forewarn.dev.servers.given import INTAKE, GivenRabbitMQ, GivenRedis, NotOurs

pytestmark = pytest.mark.slow  # servers of their own, started and ended


def all_of(servers: Servers) -> dict[str, str]:
    return {
        "FOREWARN_DATABASE_URL": servers.urls.database,
        "FOREWARN_RABBITMQ_URL": servers.urls.rabbitmq_worker,
        "FOREWARN_REDIS_URL": servers.urls.redis,
    }


def databases(servers: Servers) -> set[str]:
    with psycopg.connect(servers.urls.database) as connection:
        return {row[0] for row in connection.execute("select datname from pg_database")}


def test_a_database_of_our_own_is_made_and_dropped(servers: Servers, tmp_path: Path) -> None:
    before = databases(servers)

    with private_servers(tmp_path, print, environ=all_of(servers)) as given:
        (made,) = databases(servers) - before
        with psycopg.connect(given.urls.database) as connection:
            assert connection.info.dbname == made
            assert databases(servers) == {*before, made}  # dropped even while somebody is connected

    assert databases(servers) == before


@pytest.mark.parametrize("act", ["start", "stop", "kill", "restart"])
def test_a_given_server_is_not_ours_to_touch(servers: Servers, act: str) -> None:
    given = GivenRedis(servers.urls.redis)

    with pytest.raises(NotOurs, match="Redis was given by URL, not ours to"):
        getattr(given, act)()


def test_a_redis_in_use_is_refused(servers: Servers) -> None:
    with redis.Redis.from_url(servers.urls.redis) as cache:
        cache.set("theirs", 1)

        with pytest.raises(ServerFailed, match="has 1 keys"):
            GivenRedis(servers.urls.redis)

        cache.delete("theirs")


def test_a_vhost_in_use_is_refused_and_an_unused_one_serves_every_part(servers: Servers) -> None:
    url = servers.urls.rabbitmq_worker
    given = GivenRabbitMQ(url, "")
    assert {given.url("worker"), given.url("door"), given.url("monitoring")} == {url}

    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        channel = connection.channel()
        channel.queue_declare(INTAKE)

        with pytest.raises(ServerFailed, match=INTAKE):
            GivenRabbitMQ(url, "")

        channel.queue_delete(INTAKE)


def test_a_server_that_does_not_answer_is_named_by_its_variable(tmp_path: Path) -> None:
    for name, url in (
        ("FOREWARN_DATABASE_URL", "postgresql://127.0.0.1:1/none"),
        ("FOREWARN_REDIS_URL", "redis://127.0.0.1:1/0"),
    ):
        with pytest.raises(ServerFailed, match=name), private_servers(tmp_path, print, environ={name: url}):
            pass
