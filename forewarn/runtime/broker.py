"""dramatiq on quorum queues: nothing acked that was not done, no delay held in a worker's memory."""

from contextlib import suppress
from typing import Any, Never

import dramatiq
import orjson
import pika
from dramatiq.brokers.rabbitmq import RabbitmqBroker, _RabbitmqConsumer
from dramatiq.errors import ConnectionClosed
from dramatiq.middleware import Middleware, SkipMessage, TimeLimit
from pika.exceptions import AMQPConnectionError, AMQPError

from forewarn.contracts.names import DEAD_QUEUE, DISPATCH_QUEUES

QUORUM: dict[str, Any] = {
    "x-queue-type": "quorum",
    "x-dead-letter-strategy": "at-least-once",
    "x-overflow": "reject-publish",
    "x-delivery-limit": 100,  # -1 means "never" on RabbitMQ 3.10 only by its name: it drops at the first redelivery
}


ADDRESSES_SECONDS = 6 * 24 * 3600 + 12 * 3600
"""So long a message with addresses lies on a queue that nobody reads: every notice has expired by then, and what
becomes of the message afterwards takes less than the half day that is left of seven."""


def quorum_arguments(dead_queue: str) -> dict[str, Any]:
    """Arguments of a working queue; what fails for good goes to the given queue, which has no TTL."""
    return {**QUORUM, "x-dead-letter-exchange": "", "x-dead-letter-routing-key": dead_queue}


def arguments_of(queue: str) -> dict[str, Any]:
    """Arguments of an actor's queue. Addresses on it become dead letters in time, which their reader forgets."""
    arguments = quorum_arguments(DEAD_QUEUE)
    return arguments | {"x-message-ttl": ADDRESSES_SECONDS * 1000} if queue.startswith(DISPATCH_QUEUES) else arguments


DEAD_ARGUMENTS: dict[str, Any] = {
    "x-queue-type": "quorum",
    "x-overflow": "reject-publish",
    "x-delivery-limit": 2_000_000_000,  # never: from RabbitMQ 4.0 the default of 20 would drop what has no way on
}


class OrjsonEncoder(dramatiq.Encoder):
    """Messages as JSON by orjson; `orjson.Fragment` lets ready-made JSON from the database pass as it is."""

    def encode(self, data: dict[str, Any]) -> bytes:
        return orjson.dumps(data)

    def decode(self, data: bytes) -> dict[str, Any]:
        try:
            message: dict[str, Any] = orjson.loads(data)
        except orjson.JSONDecodeError as fault:
            raise dramatiq.errors.DecodeError("not JSON", data, fault) from None
        return message


class SafeConsumer(_RabbitmqConsumer):
    """dramatiq 2.2.1's consumer without its two delivery bugs (tests/integration/test_consumer.py).

    Stock, a message of a dead connection can ack another, unworked one that bears the same tag on the
    new connection; and a cancel sent by the broker doubles what is held. Here a message is acked only on
    the connection that delivered it, and a cancel counts as a lost connection. Of a lost connection nothing
    is acked: RabbitMQ delivers it all again.
    """

    lost = False

    def __next__(self) -> Any:
        try:
            message = super().__next__()
        except StopIteration:
            self.lost = True
            raise ConnectionClosed(Exception("the broker cancelled the consumer")) from None
        except ConnectionClosed:
            self.lost = True
            raise
        if message is not None:
            message._consumer = self
            if message.queue_name != self.queue_name:  # dramatiq would look for its consumer and end the thread
                self.nack(message)
                return None
        return message

    def ack(self, message: Any) -> None:
        if message._consumer is not self:
            return
        with suppress(ConnectionClosed):
            if getattr(message, "_return", False):
                self._give_back(message)
            else:
                super().ack(message)

    def nack(self, message: Any) -> None:
        if message._consumer is self:
            with suppress(ConnectionClosed):
                super().nack(message)

    def close(self) -> None:
        """As dramatiq's, which leaves the connection open when the broker has closed the channel."""
        try:
            super().close()
        finally:
            if self.connection.is_open:
                with suppress(AMQPError):
                    self.connection.close()

    def _give_back(self, message: Any) -> None:
        self.known_tags.discard(message._tag)
        with suppress(AMQPError):
            self.connection.add_callback_threadsafe(lambda: self.channel.basic_nack(message._tag, requeue=True))


def stale(message: Any) -> bool:
    """Whether the message came over a connection that is lost, so that RabbitMQ delivers it again."""
    consumer = getattr(message, "_consumer", None)
    return consumer is not None and consumer.lost


class SkipStale(Middleware):
    """What was held when its connection was lost, and not yet begun, is left to its second delivery."""

    def before_process_message(self, broker: Any, message: Any) -> None:
        if stale(message):
            raise SkipMessage("its connection is lost")


class Limit(TimeLimit):
    """dramatiq's own starts its watch only under dramatiq's command line."""

    _started = False

    def before_worker_boot(self, broker: Any, worker: Any) -> None:
        if not self._started:  # a process may have several workers
            self._started = True
            self.manager.start()


class QuorumBroker(RabbitmqBroker):
    """Quorum queues, confirmed publishes, no `.DQ` and no `.XQ`: waits are the ladder's and the record's."""

    def __init__(self, url: str, *extra: Middleware) -> None:
        dramatiq.set_encoder(OrjsonEncoder())
        middleware = [SkipStale(), Limit(time_limit=300_000), *extra]
        super().__init__(url=patient(url), confirm_delivery=True, middleware=middleware)

    @property
    def connection(self) -> Any:
        """This thread's connection. Raises AMQPConnectionError, also for a name that cannot be resolved."""
        try:
            return super().connection
        except OSError as fault:
            raise AMQPConnectionError(type(fault).__name__) from None

    @connection.deleter
    def connection(self) -> None:
        RabbitmqBroker.connection.fdel(self)  # type: ignore[attr-defined]

    @property
    def consumer_class(self) -> type[SafeConsumer]:
        return SafeConsumer

    def declare_queue(self, queue_name: str, *, ensure: bool = False) -> None:
        """As dramatiq's, without a delay queue beside each queue."""
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues.add(queue_name)
            self.queues_pending.add(queue_name)
            self.emit_after("declare_queue", queue_name)
        if ensure:
            self._ensure_queue(queue_name)

    def _declare_queue(self, queue_name: str) -> Any:
        self.channel.queue_declare(queue=DEAD_QUEUE, durable=True, arguments=DEAD_ARGUMENTS)
        return self.channel.queue_declare(queue=queue_name, durable=True, arguments=arguments_of(queue_name))

    def _declare_dq_queue(self, queue_name: str) -> None:
        """None: a wait never lives in a worker's memory."""

    def _declare_xq_queue(self, queue_name: str) -> None:
        """None: one dead queue serves all."""

    def enqueue(self, message: Any, *, delay: int | None = None) -> Any:
        """Publish with a confirm. Raises ConnectionClosed when the broker did not take it."""
        if delay is not None:
            _no_delay()
        return super().enqueue(message)


def _no_delay() -> Never:
    raise ValueError("no delays here: hand the message to the ladder (forewarn/runtime/ladder.py)")


def actors_alive(worker: dramatiq.Worker) -> bool:
    """Whether every thread of the worker that was started still runs."""
    threads = [*worker.workers, *worker.consumers.values()]
    return all(thread.is_alive() for thread in threads)


def actors_ready(worker: dramatiq.Worker) -> bool:
    """Whether every queue of the worker is being read over a connection that stands."""
    consumers = [thread.consumer for thread in worker.consumers.values()]
    return bool(consumers) and all(
        consumer is not None and not getattr(consumer, "lost", False) for consumer in consumers
    )


def patient(url: str) -> str:
    """The URL with heartbeats of 60 s and a bound on waiting for a blocked broker, unless it says otherwise."""
    if "heartbeat=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}heartbeat=60&blocked_connection_timeout=60"


_strict_decode_value = pika.data.decode_value


def _decode_value(encoded: bytes, offset: int) -> tuple[Any, int]:
    """pika's, but a header's value that Python cannot hold (a timestamp in milliseconds, a table too deep) is None.

    pika 1.4 drops the connection over one, and meets the same message again on the next.
    """
    try:
        value, end = _strict_decode_value(encoded, offset)
        return value, end
    except (ValueError, OverflowError, RecursionError):
        kind, rest = encoded[offset : offset + 1], offset + 1
        return None, rest + (8 if kind == b"T" else 4 + int.from_bytes(encoded[rest : rest + 4], "big"))


def message(queue: str, actor: str, **kwargs: Any) -> dramatiq.Message[None]:
    """A message for the actor on the queue; the sender needs to know no actor's code."""
    return dramatiq.Message(queue_name=queue, actor_name=actor, args=(), kwargs=kwargs, options={})


def connect(url: str) -> pika.BlockingConnection:
    """A plain connection with the same patience, that no header of a message can break."""
    pika.data.decode_value = _decode_value
    return pika.BlockingConnection(pika.URLParameters(patient(url)))
