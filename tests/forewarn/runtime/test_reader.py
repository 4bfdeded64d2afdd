"""A delivery is acked once its work is done, waits here while a server is away, and is returned on any fault."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from forewarn.runtime.health import Heartbeat
from forewarn.runtime.reader import Delivery, Reader
from tests.support.broker import Host, cut
from tests.support.home import until

QUEUE = "forewarn.intake.v1"


class Away(Exception):
    """A server that `take` needs is not there."""


def declare(channel: Any) -> None:
    channel.queue_declare(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})


class Taking:
    """A `take` that raises what it is told to, in order, and succeeds after."""

    def __init__(self, *faults: Exception) -> None:
        self.faults, self.seen = list(faults), list[Delivery]()
        self.taken: list[bytes] = []

    def __call__(self, delivery: Delivery) -> None:
        self.seen.append(delivery)
        if self.faults:
            raise self.faults.pop(0)
        self.taken.append(delivery.body)


@contextmanager
def reading(host: Host, take: Callable[[Delivery], None], declare: Callable[[Any], None] = declare) -> Iterator[Reader]:
    reader = Reader(host.url, QUEUE, declare, take, (Away,))
    reader.start()
    try:
        until(lambda: reader.ready)
        yield reader
    finally:
        reader.stop()


@pytest.mark.slow
def test_while_a_server_is_away_the_delivery_waits_here_and_is_tried_again(host: Host) -> None:
    take = Taking(Away(), Away(), Away())

    with reading(host, take):
        host.put(QUEUE, b"1")
        until(lambda: take.taken)

    assert len(take.seen) == 4
    assert {delivery.tag for delivery in take.seen} == {take.seen[0].tag}, "delivered once, tried four times"
    assert host.drain(QUEUE) == []


def test_what_raised_anything_else_is_returned_and_those_behind_it_go_on(host: Host) -> None:
    take = Taking(ValueError("a fault of ours"))

    with reading(host, take):
        host.put(QUEUE, b"1")
        host.put(QUEUE, b"2")
        until(lambda: len(take.taken) == 2)

    assert sorted(take.taken) == [b"1", b"2"]
    assert len({delivery.tag for delivery in take.seen}) == 3, "delivered again, under a tag of its own"
    assert host.drain(QUEUE) == []


def test_stop_lets_the_delivery_in_hand_be_finished_and_returns_those_behind_it(host: Host) -> None:
    begun, may_end, done = threading.Event(), threading.Event(), list[bytes]()

    def take(delivery: Delivery) -> None:
        begun.set()
        may_end.wait(10)
        done.append(delivery.body)

    with reading(host, take) as reader:
        host.put(QUEUE, b"1")
        host.put(QUEUE, b"2")
        begun.wait(10)

        stopping = threading.Thread(target=reader.stop)
        stopping.start()
        may_end.set()
        stopping.join(10)

    assert done == [b"1"]
    assert host.drain(QUEUE) == [b"2"]


def test_stop_while_a_server_is_away_returns_the_delivery(host: Host) -> None:
    take = Taking(*[Away() for _ in range(100)])

    with reading(host, take):
        host.put(QUEUE, b"1")
        until(lambda: take.seen)

    assert take.taken == []
    assert host.drain(QUEUE) == [b"1"]


@pytest.mark.slow
def test_a_lost_connection_is_made_again_and_no_delivery_is_lost(host: Host) -> None:
    take, connections = Taking(), list[Any]()

    def declare_and_note(channel: Any) -> None:
        declare(channel)
        connections.append(channel.connection)

    with reading(host, take, declare_and_note):
        host.put(QUEUE, b"1")
        until(lambda: take.taken)
        cut(connections[0])
        host.put(QUEUE, b"2")
        until(lambda: take.taken[-1] == b"2")

    assert len(connections) == 2
    assert host.drain(QUEUE) == []


def test_a_cancel_by_the_broker_is_answered_by_consuming_anew(host: Host) -> None:
    take = Taking()

    with reading(host, take):
        host.ask("DELETE", f"queues/{host.name}/{QUEUE}")
        until(lambda: QUEUE in host.queues())
        host.put(QUEUE, b"1")

        until(lambda: take.taken == [b"1"])


def test_the_broker_vouches_for_the_user_who_published(host: Host) -> None:
    take = Taking()

    with reading(host, take):
        host.put(QUEUE, b"1", user_id="worker")
        until(lambda: take.seen)

    assert take.seen[0].user_id == "worker"


@pytest.mark.slow
def test_a_reader_lives_while_servers_are_away(host: Host) -> None:
    take = Taking(*[Away() for _ in range(100)])

    with reading(host, take) as reader:
        reader.heartbeat = Heartbeat(1.5)
        host.put(QUEUE, b"1")
        until(lambda: len(take.seen) >= 4)  # 0.1 + 0.2 + 0.4 s
        lives = reader.heartbeat.alive

    assert lives


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_reader_whose_thread_died_is_no_longer_alive() -> None:
    def broken(_url: Any) -> None:
        raise AssertionError("a bug of ours, or of pika")

    reader = Reader("amqp://a:b@127.0.0.1:1/", QUEUE, declare, broken, (Away,))
    reader.heartbeat = Heartbeat(0.2)
    reader._read = lambda: broken(None)  # type: ignore[method-assign]

    reader.start()
    alive = reader.heartbeat.alive
    time.sleep(0.3)

    assert alive
    assert not reader.heartbeat.alive
