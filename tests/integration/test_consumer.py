"""dramatiq 2.2.1's two delivery bugs on the real RabbitMQ: shown on its own consumer, absent from ours."""

import threading
from collections.abc import Iterator
from typing import Any

import dramatiq
import orjson
import pika
import pytest
from dramatiq.brokers.rabbitmq import _RabbitmqConsumer
from dramatiq.middleware import Middleware

from forewarn.contracts.names import DEAD_QUEUE
from forewarn.dev.servers import Servers
from forewarn.runtime.broker import QuorumBroker, message
from forewarn.runtime.ladder import HandOn
from tests.support.broker import Host, cut, virtual_host, working
from tests.support.home import until

Q = "forewarn.consumed.v1"
ACT = "act"


@pytest.fixture
def host(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """A broker of the test's own; dramatiq holds four messages and comes back sooner than after its 3 s."""
    monkeypatch.setattr("dramatiq.worker.QUEUE_PREFETCH", 4)
    monkeypatch.setattr("dramatiq.worker.CONSUMER_RESTART_DELAY_SECS", 0.2)
    with virtual_host(servers) as host:
        yield host


class StockBroker(QuorumBroker):
    """Ours but for the consumer, which is dramatiq's own: the control that shows what is being prevented."""

    @property
    def consumer_class(self) -> Any:
        return _RabbitmqConsumer


class Settled(Middleware):
    """Notes what dramatiq believes to have acked."""

    def __init__(self) -> None:
        self.numbers: list[int] = []

    def after_ack(self, broker: Any, message: Any) -> None:
        self.numbers.append(message.kwargs["n"])


class Scene:
    """Messages with numbers, and an actor that keeps each until it is let go."""

    def __init__(self, host: Host, kind: type[QuorumBroker]) -> None:
        self.host, self.settled = host, Settled()
        self.begun: list[int] = []
        self.done: list[int] = []
        self.faulty: list[int] = []
        self._gates = {n: threading.Event() for n in range(1, 10)}
        self.broker = kind(host.url, self.settled, HandOn())
        dramatiq.actor(broker=self.broker, actor_name=ACT, queue_name=Q)(self._act)

    def _act(self, n: int) -> None:
        self.begun.append(n)
        self._gates[n].wait(20)
        if n in self.faulty:
            self.faulty.remove(n)
            raise ValueError(n)
        self.done.append(n)

    def let_go(self, *numbers: int) -> None:
        for n in numbers:
            self._gates[n].set()

    def send(self, *numbers: int) -> None:
        for n in numbers:
            self.broker.enqueue(message(Q, ACT, n=n))

    def left(self) -> list[int]:
        """What lies on the queue when all are gone, taken off it."""
        return [orjson.loads(body)["kwargs"]["n"] for body in self.host.drain(Q)]


def cancel(consumer: Any) -> None:
    """What a broker sends when a queue's leader moves, or a consumer timed out from 4.3."""
    frame = pika.frame.Method(1, pika.spec.Basic.Cancel(consumer.channel.consumer_tags[0]))
    consumer.connection.add_callback_threadsafe(lambda: consumer.channel._on_consumer_cancelled_by_broker(frame))


def holding(worker: dramatiq.Worker, count: int, other_than: Any = None) -> Any:
    """The consumer, once it is another one than the given and holds so many messages."""

    def there() -> Any:
        consumer: Any = worker.consumers[Q].consumer
        return consumer if consumer not in (None, other_than) and len(consumer.known_tags) == count else None

    return until(there, 10, f"a consumer that holds {count}")


def wind_up(scene: Scene, worker: dramatiq.Worker) -> None:
    """End the worker after the message that it is in."""
    ending = threading.Thread(target=worker.stop, args=(5000,))
    ending.start()
    until(lambda: not worker.workers[0].running)
    scene.let_go(*range(1, 10))
    ending.join(10)


@pytest.mark.parametrize(
    ("kind", "loses"),
    [pytest.param(QuorumBroker, False, id="ours"), pytest.param(StockBroker, True, id="control: stock loses")],
)
def test_a_late_ack_after_a_reconnect_loses_nothing(
    host: Host, kind: type[QuorumBroker], loses: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, connects_again = Scene(host, kind), threading.Event()
    with working(scene.broker, Q) as worker:
        old = holding_first(scene, worker)
        consume = scene.broker.consume

        def later(*asked: Any, **named: Any) -> Any:
            assert connects_again.wait(60)
            return consume(*asked, **named)

        monkeypatch.setattr(scene.broker, "consume", later)
        cut(old.connection)
        taken = until(lambda: host.get(Q), what="the redelivery")
        others = [taken, *(until(lambda: host.get(Q)) for _ in range(3))]  # "another worker" has 1 to 4
        connects_again.set()
        scene.send(5, 6, 7, 8)
        new = holding(worker, 4, other_than=old)  # under the tags 1 to 4 of the new connection
        scene.let_go(1)
        until(lambda: 1 in scene.settled.numbers)
        unacked = len(new.known_tags)
        wind_up(scene, worker)

        lost = {5, 6, 7, 8} - set(scene.done) - set(scene.left())
    assert len(others) == 4
    assert (unacked < 4) is loses
    assert (5 in lost) if loses else (lost == set())


def holding_first(scene: Scene, worker: dramatiq.Worker) -> Any:
    """Send 1 to 4; the consumer that holds them while the actor is in 1."""
    scene.send(1, 2, 3, 4)
    consumer = holding(worker, 4)
    until(lambda: scene.begun == [1])
    return consumer


def test_after_a_cancel_by_the_broker_nothing_held_is_doubled_or_lost_and_work_goes_on(host: Host) -> None:
    scene = Scene(host, QuorumBroker)
    with working(scene.broker, Q) as worker:
        old = holding_first(scene, worker)

        cancel(old)
        holding(worker, 4, other_than=old)  # all four came again, to a consumer in the old one's place
        scene.let_go(*range(1, 10))
        until(lambda: 4 in scene.done)
        scene.send(9)
        until(lambda: 9 in scene.done)

        assert scene.begun == [1, 1, 2, 3, 4, 9]  # what was begun runs again: its ack would not have counted
    assert scene.left() == []


def test_what_raises_after_its_connection_is_lost_is_left_to_its_second_delivery(host: Host) -> None:
    scene = Scene(host, QuorumBroker)
    scene.faulty = [1]
    with working(scene.broker, Q) as worker:
        old = holding_first(scene, worker)

        cut(old.connection)
        holding(worker, 4, other_than=old)
        scene.let_go(*range(1, 10))
        until(lambda: sorted(scene.done) == [1, 2, 3, 4])

    assert scene.begun == [1, 1, 2, 3, 4]
    assert host.queues().keys() == {Q, DEAD_QUEUE}, "nothing went to the ladder"


def test_a_queue_deleted_under_its_consumer_stands_again_and_work_goes_on(host: Host) -> None:
    scene = Scene(host, QuorumBroker)
    with working(scene.broker, Q) as worker:
        old = until(lambda: worker.consumers[Q].consumer)

        host.ask("DELETE", f"queues/{host.name}/{Q}")  # RabbitMQ cancels the consumer by itself
        until(lambda: worker.consumers[Q].consumer is not old and Q in host.queues())
        scene.let_go(1)
        scene.send(1)

        until(lambda: scene.done == [1])
