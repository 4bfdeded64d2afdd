"""Queues as DESIGN 5.6 has them, publishes confirmed, and what nobody can work on kept on the dead queue."""

import time
from collections.abc import Iterator

import dramatiq
import orjson
import pytest
from dramatiq.errors import ConnectionClosed
from dramatiq.middleware import TimeLimitExceeded

from forewarn.contracts.names import (
    DEAD_QUEUE,
    DISPATCH_QUEUES,
    PLAN_QUEUE,
    RUNGS_SECONDS,
    SETTLE_QUEUE,
    dispatch_queue,
    expand_queue,
    rung,
)
from forewarn.notice import Channel, Lane
from forewarn.runtime.broker import QuorumBroker, message
from forewarn.runtime.ladder import Ladder
from tests.support.broker import Host, working
from tests.support.home import until

WORKING = {
    PLAN_QUEUE,
    SETTLE_QUEUE,
    *(expand_queue(lane) for lane in Lane),
    *(dispatch_queue(channel, lane) for channel in Channel for lane in Lane),
}

Q = "forewarn.tested.v1"


@pytest.fixture
def broker(host: Host) -> Iterator[QuorumBroker]:
    broker = QuorumBroker(host.url)
    yield broker
    broker.close()


def test_every_working_queue_has_the_arguments_of_the_design_and_leads_to_the_dead_queue(
    host: Host, broker: QuorumBroker
) -> None:
    for queue in WORKING:
        broker.declare_queue(queue, ensure=True)

    queues = host.queues()

    assert queues.keys() == WORKING | {DEAD_QUEUE}
    for queue in WORKING:
        days = {"x-message-ttl": 561_600_000} if queue.startswith(DISPATCH_QUEUES) else {}  # 6.5: addresses lie there
        assert queues[queue] == days | {
            "x-queue-type": "quorum",
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
            "x-delivery-limit": 100,
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": DEAD_QUEUE,
        }


def test_the_dead_queue_lets_nothing_go(host: Host, broker: QuorumBroker) -> None:
    broker.declare_queue(Q, ensure=True)

    arguments = host.queues()[DEAD_QUEUE]

    assert arguments == {
        "x-queue-type": "quorum",
        "x-overflow": "reject-publish",
        "x-delivery-limit": 2_000_000_000,
    }


def test_a_rung_lets_go_after_its_seconds_to_where_the_message_came_from(host: Host, broker: QuorumBroker) -> None:
    Ladder(broker).declare()

    queues = host.queues()

    assert queues.keys() == {rung(seconds) for seconds in RUNGS_SECONDS}
    for seconds in RUNGS_SECONDS:
        assert queues[rung(seconds)] == {
            "x-queue-type": "quorum",
            "x-message-ttl": seconds * 1000,
            "x-dead-letter-exchange": "",
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        }


def test_a_worker_makes_no_queue_of_delays_and_no_dead_queue_of_its_own(host: Host, broker: QuorumBroker) -> None:
    ran: list[int] = []
    dramatiq.actor(broker=broker, actor_name="act", queue_name=Q)(lambda n: ran.append(n))

    with working(broker, Q):
        broker.enqueue(message(Q, "act", n=1))
        until(lambda: ran)

    assert host.queues().keys() == {Q, DEAD_QUEUE}


def test_a_delay_is_refused(host: Host, broker: QuorumBroker) -> None:
    with pytest.raises(ValueError, match="ladder"):
        broker.enqueue(message(Q, "act"), delay=1000)

    assert host.queues() == {}


def test_a_message_for_a_queue_that_is_gone_is_not_lost(host: Host, broker: QuorumBroker) -> None:
    broker.declare_queue(Q, ensure=True)
    host.ask("DELETE", f"queues/{host.name}/{Q}")

    broker.enqueue(message(Q, "act", n=1))

    assert len(host.drain(Q)) == 1


def test_what_the_broker_refuses_to_take_is_not_taken_for_published(host: Host, broker: QuorumBroker) -> None:
    broker.declare_queue(Q, ensure=True)
    full = {"pattern": f"^{Q}$", "apply-to": "queues", "definition": {"max-length": 1}}
    host.ask("PUT", f"policies/{host.name}/full", full)

    published = 0
    with pytest.raises(ConnectionClosed):
        for _ in range(2000):  # RabbitMQ heeds a policy, and a quorum queue's length, a little late
            broker.enqueue(message(Q, "act"))
            published += 1

    assert len(host.drain(Q)) == published


def test_a_broker_whose_name_does_not_resolve_is_a_lost_connection() -> None:
    broker = QuorumBroker("amqp://a:b@broker.invalid:5672/")

    with pytest.raises(ConnectionClosed):
        broker.enqueue(message(Q, "act"))


def test_json_that_is_ready_passes_through_a_message_as_it_is(host: Host, broker: QuorumBroker) -> None:
    ready = b'{"recipients":[[1,"h\xc3\xa9l\xc3\xa8ne"],[2,null]],"at":1.50}'

    broker.enqueue(message(Q, "act", batch=orjson.Fragment(ready)))

    (body,) = host.drain(Q)
    assert b'"batch":' + ready in body
    assert dramatiq.Message.decode(body).kwargs["batch"] == orjson.loads(ready)


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"\xff\xfe not JSON", id="not JSON"),
        pytest.param(b"[1, 2]", id="no message"),
        pytest.param(b'{"queue_name": "elsewhere"}', id="parts missing"),
        pytest.param(message(Q, "unheard_of").encode(), id="unknown actor"),
        pytest.param(message("forewarn.other.v1", "act", n=1).encode(), id="names another queue"),
    ],
)
def test_what_nobody_can_work_on_is_kept_on_the_dead_queue_and_the_next_one_is_done(
    host: Host, broker: QuorumBroker, body: bytes
) -> None:
    ran: list[int] = []
    dramatiq.actor(broker=broker, actor_name="act", queue_name=Q)(lambda n: ran.append(n))

    with working(broker, Q):
        until(lambda: Q in host.queues())
        host.put(Q, body)
        broker.enqueue(message(Q, "act", n=2))
        until(lambda: ran == [2])
        dead = until(lambda: host.drain(DEAD_QUEUE))

    assert dead == [body]
    assert host.drain(Q) == []


@pytest.mark.slow
def test_an_actor_that_takes_too_long_is_ended(host: Host, broker: QuorumBroker) -> None:
    ended: list[str] = []

    def act() -> None:
        try:
            while True:
                time.sleep(0.01)
        except TimeLimitExceeded as fault:
            ended.append(type(fault).__name__)

    dramatiq.actor(broker=broker, actor_name="act", queue_name=Q, time_limit=100)(act)

    with working(broker, Q):
        broker.enqueue(message(Q, "act"))

        until(lambda: ended, 5)
