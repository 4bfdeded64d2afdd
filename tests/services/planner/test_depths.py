"""How many messages are ready, asked of a real RabbitMQ."""

from collections.abc import Iterator
from uuid import uuid4

import pika
import pytest
from pika.exceptions import AMQPError

from forewarn.contracts.names import QUEUES
from forewarn.dev.servers import Servers
from forewarn.dev.servers.place import free_ports
from services.planner.depths import Depths


class Seconds:
    """A clock that stands where it is put."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def queue(servers: Servers) -> Iterator[str]:
    """A queue of the test's own, with three messages."""
    name = f"test.depths.{uuid4().hex}"
    with pika.BlockingConnection(pika.URLParameters(servers.urls.rabbitmq_worker)) as connection:
        channel = connection.channel()
        channel.queue_declare(name, durable=True, arguments={"x-queue-type": "quorum"})
        channel.confirm_delivery()
        for _ in range(3):
            channel.basic_publish("", name, b"")
        yield name
        channel.queue_delete(name)


def test_ready_messages_are_counted_and_a_queue_that_nobody_declared_is_left_out(servers: Servers, queue: str) -> None:
    depths = Depths(servers.urls.rabbitmq_worker, (queue, f"{queue}.none", queue))

    counted = [depths(), depths()]
    depths.close()

    assert counted == [{queue: 3}] * 2


def test_a_missing_queue_is_asked_for_more_and_more_seldom_and_seen_once_it_stands(
    servers: Servers, queue: str
) -> None:
    clock, late = Seconds(), f"{queue}.late"
    depths = Depths(servers.urls.rabbitmq_worker, (late,), clock)
    counted = [depths()]  # not there: asked again after 5 s
    clock.now = 5.0
    counted.append(depths())  # still not there: after 10 s more
    with pika.BlockingConnection(pika.URLParameters(servers.urls.rabbitmq_worker)) as connection:
        connection.channel().queue_declare(late, durable=True)
        for clock.now in (14.9, 15.0, 15.1):
            counted.append(depths())
        connection.channel().queue_delete(late)
    depths.close()

    assert counted == [{}, {}, {}, {late: 0}, {late: 0}]


def test_a_lost_connection_is_made_anew_by_the_next_count(servers: Servers, queue: str) -> None:
    depths = Depths(servers.urls.rabbitmq_worker, (queue,))
    depths()
    assert depths._connection is not None
    depths._connection.close()

    assert depths() == {queue: 3}
    depths.close()


def test_a_broker_that_is_away_is_an_error_that_names_it() -> None:
    (port,) = free_ports(1)

    with pytest.raises((AMQPError, OSError)):
        Depths(f"amqp://worker:x@127.0.0.1:{port}/%2F")()


def test_every_queue_of_ours_is_counted() -> None:
    assert len(set(QUEUES)) == len(QUEUES) == 20
