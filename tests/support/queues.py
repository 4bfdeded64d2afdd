"""A hand in the house's own queues: put, copy, purge and count messages as an accident would."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import orjson
import pika
from pika.exceptions import ChannelClosedByBroker

from tests.support.home import Home, until


@contextmanager
def channel(home: Home) -> Iterator[Any]:
    """A confirming channel in the workers' name."""
    connection = pika.BlockingConnection(pika.URLParameters(home.house.servers.urls.rabbitmq_worker))
    opened = connection.channel()
    opened.confirm_delivery()
    try:
        yield opened
    finally:
        connection.close()


def put(home: Home, queue: str, *bodies: bytes) -> None:
    """Publish the bodies to the queue, confirmed."""
    with channel(home) as opened:
        for body in bodies:
            opened.basic_publish("", queue, body, pika.BasicProperties(delivery_mode=2), mandatory=True)


def take_all(home: Home, queue: str) -> list[bytes]:
    """Take everything off the queue for good."""
    with channel(home) as opened:
        bodies = []
        while (taken := opened.basic_get(queue, auto_ack=True))[0] is not None:
            bodies.append(taken[2])
        return bodies


def empty(home: Home, *queues: str) -> None:
    """Wait until nothing is ready on any of the queues, and stays so for half a second."""

    def still_idle() -> bool:
        looks = [not any(ready(home, queue) for queue in queues)]
        while looks[-1] and len(looks) < 6:
            time.sleep(0.1)
            looks.append(not any(ready(home, queue) for queue in queues))
        return all(looks)

    until(still_idle, 30, f"{', '.join(queues)} to be worked off")


def ready(home: Home, queue: str) -> int:
    """How many messages wait; none on a queue that was not declared yet."""
    try:
        with channel(home) as opened:
            return int(opened.queue_declare(queue, passive=True).method.message_count)
    except ChannelClosedByBroker as fault:
        assert fault.reply_code == 404, fault
        return 0


def a_message(queue: str, actor: str, **kwargs: Any) -> bytes:
    """A message to an actor as dramatiq writes it."""
    return orjson.dumps(
        {
            "queue_name": queue,
            "actor_name": actor,
            "args": [],
            "kwargs": kwargs,
            "options": {},
            "message_id": str(uuid4()),
            "message_timestamp": 1_795_000_000_000,
        }
    )
