"""Laws of who may do what in the private RabbitMQ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pika
import pytest
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import ChannelClosedByBroker, ProbableAuthenticationError

from forewarn.dev.servers import Servers

pytestmark = pytest.mark.slow
EXCHANGE = "forewarn.events"
Act = Callable[[BlockingChannel], object]

ACTS: dict[str, Act] = {
    "declare the exchange": lambda channel: channel.exchange_declare(EXCHANGE, "topic", durable=True),
    "look for the exchange": lambda channel: channel.exchange_declare(EXCHANGE, passive=True),
    "publish to the exchange": lambda channel: channel.basic_publish(EXCHANGE, "any", b""),
    "declare another exchange": lambda channel: channel.exchange_declare("other", "topic"),
    "publish to a queue": lambda channel: channel.basic_publish("", "law", b""),
    "declare a queue": lambda channel: channel.queue_declare("law"),
    "read a queue": lambda channel: channel.basic_get("law"),
}
ALLOWED = {
    "worker": set(ACTS),
    "door": {"declare the exchange", "look for the exchange", "publish to the exchange"},
    "monitoring": {"look for the exchange", "publish to the exchange"},
}


@contextmanager
def channel_of(url: str) -> Iterator[BlockingChannel]:
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        yield channel


@pytest.fixture(autouse=True)
def everything_declared(servers: Servers) -> Iterator[None]:
    with channel_of(servers.urls.rabbitmq_worker) as channel:
        channel.exchange_declare(EXCHANGE, "topic", durable=True)
        channel.queue_declare("law")
        yield
        channel.queue_delete("law")
        channel.exchange_delete("other")
        channel.exchange_delete(EXCHANGE)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("user", ALLOWED)
def test_a_user_may_do_its_part_and_nothing_else(servers: Servers, user: str, act: str) -> None:
    url = {
        "worker": servers.urls.rabbitmq_worker,
        "door": servers.urls.rabbitmq_door,
        "monitoring": servers.urls.rabbitmq_monitoring,
    }[user]

    with channel_of(url) as channel:
        if act in ALLOWED[user]:
            ACTS[act](channel)
        else:
            with pytest.raises(ChannelClosedByBroker, match="ACCESS_REFUSED"):
                ACTS[act](channel)


def test_there_is_no_guest(servers: Servers) -> None:
    address = servers.urls.rabbitmq_worker.rpartition("@")[2]

    with pytest.raises(ProbableAuthenticationError):
        pika.BlockingConnection(pika.URLParameters(f"amqp://guest:guest@{address}"))
