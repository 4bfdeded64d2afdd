"""A message that must wait comes home by itself; one that raised is never acked undone."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import dramatiq
import orjson
import pytest
from dramatiq.worker import WorkerThread
from pika.exceptions import AMQPConnectionError

from forewarn.contracts.names import DEAD_QUEUE, rung
from forewarn.runtime.broker import QuorumBroker, message
from forewarn.runtime.ladder import MAX_TRIES, HandOn, Ladder, rung_for
from tests.support.broker import Host, working
from tests.support.home import until

Q = "forewarn.urgent.v1"
OTHER = "forewarn.bulk.v1"
SECRET = "hanna.vogel@nordwind.example is not a mailbox"


@pytest.fixture
def broker(host: Host) -> Iterator[QuorumBroker]:
    broker = QuorumBroker(host.url, HandOn())
    yield broker
    broker.close()


def actor(broker: QuorumBroker, act: Callable[..., None]) -> None:
    dramatiq.actor(broker=broker, actor_name="act", queue_name=Q)(act)


def raising(**_: Any) -> None:
    raise ValueError(SECRET)


def tried(tries: int) -> dramatiq.Message[None]:
    return message(Q, "act", batch="b").copy(options={"tries": tries} if tries else {})


@pytest.mark.slow
def test_messages_on_the_first_rung_come_home_each_to_its_own_queue_after_two_seconds(
    host: Host, broker: QuorumBroker
) -> None:
    for queue in (Q, OTHER):
        broker.declare_queue(queue, ensure=True)
    ladder, body = Ladder(broker), "x" * 60_000
    sent: dict[str, float] = {}
    for n in range(6):
        again = message((Q, OTHER)[n % 2], "act", n=n, body=body)
        ladder.hand_on(again, timedelta(seconds=0.7))
        sent[again.message_id] = time.monotonic()

    home: dict[str, tuple[str, float]] = {}
    with host.channel() as channel:

        def note(_channel: Any, method: Any, _properties: Any, body: bytes) -> None:
            home[orjson.loads(body)["message_id"]] = method.routing_key, time.monotonic()

        for queue in (Q, OTHER):
            channel.basic_consume(queue, note, auto_ack=True)
        end = time.monotonic() + 6
        while len(home) < 6 and time.monotonic() < end:
            channel.connection.process_data_events(0.05)

    assert sorted(queue for queue, _ in home.values()) == [OTHER] * 3 + [Q] * 3
    waits = [at - sent[name] for name, (_, at) in home.items()]
    assert min(waits) > 1.9 and max(waits) < 3.5, waits
    assert host.drain(rung(2)) == []


@pytest.mark.parametrize(
    ("wait", "seconds"),
    [(0, 2), (1.999, 2), (2, 2), (2.001, 5), (15, 15), (16, 60), (300, 300), (301, 300), (7200, 300), (-1, 2)],
)
def test_a_wait_takes_the_smallest_rung_that_covers_it_else_the_longest(wait: float, seconds: int) -> None:
    assert rung_for(timedelta(seconds=wait)) == seconds


@pytest.mark.parametrize(
    ("before", "seconds"), [(0, 2), (1, 5), pytest.param(2, 15, marks=pytest.mark.slow), (MAX_TRIES - 1, 300)]
)
def test_what_raised_climbs_one_rung_a_try_and_tells_the_broker_nothing_but_the_tries(
    host: Host, broker: QuorumBroker, before: int, seconds: int
) -> None:
    actor(broker, raising)

    with working(broker, Q):
        broker.enqueue(tried(before))
        until(lambda: rung(seconds) in host.queues())
        (body,) = until(lambda: host.drain(rung(seconds)))

    again = orjson.loads(body)
    assert again["options"] == {"tries": before + 1}
    assert again["queue_name"] == Q and again["kwargs"] == {"batch": "b"}
    assert b"Traceback" not in body and b"hanna" not in body
    assert host.drain(Q) == []


@pytest.mark.slow
def test_a_first_failure_is_tried_again_after_two_seconds_and_may_succeed(host: Host, broker: QuorumBroker) -> None:
    ran: list[float] = []

    def act(**_: Any) -> None:
        ran.append(time.monotonic())
        if len(ran) == 1:
            raise ConnectionError(SECRET)

    actor(broker, act)

    with working(broker, Q):
        broker.enqueue(tried(0))
        until(lambda: len(ran) == 2)

    assert 1.9 < ran[1] - ran[0] < 3.5
    assert host.drain(Q) == host.drain(rung(2)) == []


def test_after_the_last_try_it_is_a_dead_letter(host: Host, broker: QuorumBroker) -> None:
    actor(broker, raising)

    with working(broker, Q):
        broker.enqueue(tried(MAX_TRIES))
        (body,) = until(lambda: host.drain(DEAD_QUEUE))

    assert orjson.loads(body)["options"] == {"tries": MAX_TRIES}
    assert b"hanna" not in body
    assert host.drain(Q) == []


class Cut(QuorumBroker):
    """Its worker threads, who alone hand on, reach no broker; consumers do."""

    fault: Exception = AMQPConnectionError("away")

    @property
    def connection(self) -> Any:
        if isinstance(threading.current_thread(), WorkerThread):
            raise self.fault
        return super().connection

    @connection.deleter
    def connection(self) -> None:
        QuorumBroker.connection.fdel(self)  # type: ignore[attr-defined]


@pytest.mark.parametrize("fault", [AMQPConnectionError("away"), RuntimeError("a bug")])
def test_without_the_ladder_what_raised_is_returned_and_not_acked(host: Host, fault: Exception) -> None:
    broker = Cut(host.url, HandOn(pause_seconds=0.05))
    broker.fault = fault
    ran: list[int] = []

    def act(**_: Any) -> None:
        ran.append(len(ran))
        if len(ran) < 3:
            raise ValueError(SECRET)

    actor(broker, act)

    with working(broker, Q):
        broker.enqueue(tried(0))
        until(lambda: len(ran) == 3)

    assert host.drain(Q) == []
    assert host.drain(DEAD_QUEUE) == []


def test_a_rung_that_was_deleted_is_set_up_again(host: Host, broker: QuorumBroker) -> None:
    ladder = Ladder(broker)
    ladder.hand_on(tried(0), timedelta(seconds=5))
    host.ask("DELETE", f"queues/{host.name}/{rung(5)}")

    ladder.hand_on(tried(0), timedelta(seconds=5))

    assert len(host.drain(rung(5))) == 1


def test_hand_on_says_so_when_no_broker_confirms() -> None:
    with pytest.raises(AMQPConnectionError):
        Ladder(QuorumBroker("amqp://a:b@127.0.0.1:1/")).hand_on(tried(0), timedelta(seconds=2))
