"""A publish is confirmed or said not to be; the connection is replaced, and one letter's fault is its own."""

from collections.abc import Iterator
from concurrent.futures import wait
from contextlib import closing
from uuid import uuid4

import pytest

from forewarn.dev.servers import Servers
from forewarn.runtime.broker import connect
from forewarn.runtime.publisher import NotConfirmed, Publisher
from tests.support.broker import Host, cut
from tests.support.home import until

EXCHANGE = "forewarn.events"
QUEUE = "forewarn.intake.v1"


@pytest.fixture
def publisher(host: Host) -> Iterator[Publisher]:
    with host.channel() as channel:
        channel.exchange_declare(EXCHANGE, "fanout", durable=True)
        channel.queue_declare(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
        channel.queue_bind(QUEUE, EXCHANGE)
    publisher = Publisher(host.urls["door"], EXCHANGE)
    publisher.start()
    yield publisher
    publisher.stop()


def test_a_confirmed_letter_is_on_the_queue_with_its_id_its_headers_and_the_user_vouched_for(
    host: Host, publisher: Publisher
) -> None:
    publisher.publish(b"{}", "dana/1", {"format": "event-v1"}).result(5)

    _, properties, body = until(lambda: host.get(QUEUE))
    assert (body, properties.message_id, properties.headers["format"]) == (b"{}", "dana/1", "event-v1")
    assert properties.user_id == publisher.user == "door"
    assert properties.delivery_mode == 2


@pytest.mark.slow
def test_while_the_broker_is_away_nothing_counts_as_confirmed_and_after_it_all_does(servers: Servers) -> None:
    name, url = f"forewarn.tested.{uuid4().hex[:8]}", servers.urls.rabbitmq_worker
    declare(url, name)
    publisher = Publisher(url, name)
    publisher.start()
    publisher.publish(b"before", "1", {}).result(5)
    servers.rabbitmq.kill()
    try:
        faults = [publisher.publish(b"meanwhile", str(n), {}).exception(10) for n in range(3)]
    finally:
        servers.rabbitmq.start()
    declare(url, name)  # a killed RabbitMQ may have forgotten what was declared just now

    publisher.publish(b"after", "2", {}).result(20)

    publisher.stop()
    assert [type(fault) for fault in faults] == [NotConfirmed] * 3
    left = remove(url, name)
    assert left[-1] == b"after" and b"meanwhile" not in left


def declare(url: str, name: str) -> None:
    """An exchange and a queue of this name, one bound to the other."""
    with closing(connect(url)) as connection:
        channel = connection.channel()
        channel.exchange_declare(name, "fanout", durable=True)
        channel.queue_declare(name, durable=True)
        channel.queue_bind(name, name)


def remove(url: str, name: str) -> list[bytes]:
    """Both away again; what lay on the queue."""
    with closing(connect(url)) as connection:
        channel, left = connection.channel(), []
        while (body := channel.basic_get(name, auto_ack=True)[2]) is not None:
            left.append(body)
        channel.queue_delete(name)
        channel.exchange_delete(name)
    return left


def test_a_lost_connection_is_replaced_and_no_letter_is_lost(host: Host, publisher: Publisher) -> None:
    publisher.publish(b"1", "1", {}).result(5)
    cut(publisher._connection)

    publisher.publish(b"2", "2", {}).result(5)

    assert host.drain(QUEUE) == [b"1", b"2"]


def test_what_no_queue_takes_is_not_confirmed(host: Host, publisher: Publisher) -> None:
    host.ask("DELETE", f"queues/{host.name}/{QUEUE}")

    with pytest.raises(NotConfirmed):
        publisher.publish(b"{}", "1", {}).result(5)


def test_a_sender_who_gave_up_waiting_ends_neither_the_thread_nor_the_others(host: Host, publisher: Publisher) -> None:
    letters = [publisher.publish(b"given up", str(n), {}) for n in range(50)]
    given_up = [letter.cancel() for letter in letters]  # as asyncio.wait_for does at the door

    publisher.publish(b"after", "51", {}).result(5)

    assert publisher.running
    assert any(given_up)
    assert host.drain(QUEUE).count(b"given up") == given_up.count(False)


def test_a_letter_that_cannot_be_written_fails_alone(publisher: Publisher) -> None:
    impossible = publisher.publish(b"{}", "1", {"what": object()})
    too_long = publisher.publish(b"{}", "x" * 300, {})
    good = publisher.publish(b"{}", "2", {})

    wait([impossible, too_long, good], 10)
    assert isinstance(impossible.exception(0), NotConfirmed)
    assert isinstance(too_long.exception(0), NotConfirmed)
    assert good.result(0) is None


def test_when_too_many_wait_one_more_fails_at_once() -> None:
    publisher = Publisher("amqp://a:b@127.0.0.1:1/", EXCHANGE, most_waiting=1)  # not started

    first, second = (publisher.publish(b"{}", str(n), {}) for n in range(2))

    assert not first.done()
    assert isinstance(second.exception(0), NotConfirmed)


def test_stop_publishes_what_waits(host: Host, publisher: Publisher) -> None:
    letters = [publisher.publish(b"%d" % n, str(n), {}) for n in range(20)]

    publisher.stop()

    assert all(letter.done() and letter.exception(0) is None for letter in letters)
    assert len(host.drain(QUEUE)) == 20
