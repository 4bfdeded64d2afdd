"""Read one queue on one thread: a delivery is acked once its work is done, and only then."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pika.exceptions import AMQPError

from forewarn.runtime.broker import connect
from forewarn.runtime.health import Heartbeat
from forewarn.runtime.logs import logger

log = logger(__name__)

LONGEST_PAUSE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the broker delivered. `user_id` is the publisher's user, vouched for by RabbitMQ, or None."""

    body: bytes
    message_id: str | None
    user_id: str | None
    headers: dict[str, Any]
    tag: int


class Reader:
    """Calls `take` for each delivery, in order; acks after it returned.

    While `take` raises one of `away` (a server it needs is not there) the same delivery waits here, and the
    connection is kept alive. Anything else it raises is a fault of ours or of the message: the delivery is
    returned, and after the queue's delivery limit it is a dead letter.
    """

    def __init__(
        self,
        url: str,
        queue: str,
        declare: Callable[[Any], None],
        take: Callable[[Delivery], None],
        away: tuple[type[Exception], ...],
        prefetch: int = 50,
    ) -> None:
        self._url, self._queue, self._declare = url, queue, declare
        self._take, self._away, self._prefetch = take, away, prefetch
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"read {queue}", daemon=True)
        self.heartbeat = Heartbeat()
        self.ready = False

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish the delivery in hand, then close."""
        self._stopping.set()
        self._thread.join(15)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._read()
            except (AMQPError, OSError) as fault:
                self.ready = False
                log.warning("reader_reconnects", queue=self._queue, error=type(fault).__name__)
                self.heartbeat.beat()
                self._stopping.wait(1)

    def _read(self) -> None:
        connection = connect(self._url)
        try:
            channel = connection.channel()
            self._declare(channel)
            channel.basic_qos(prefetch_count=self._prefetch)
            self.ready = True
            for method, properties, body in channel.consume(self._queue, inactivity_timeout=0.5):
                self.heartbeat.beat()
                if self._stopping.is_set():
                    break
                if method is not None:
                    self._work(connection, channel, _delivery(method, properties, body))
            else:
                log.warning("consumer_cancelled", queue=self._queue)
        finally:
            if connection.is_open:
                connection.close()

    def _work(self, connection: Any, channel: Any, delivery: Delivery) -> None:
        pause = 0.1
        while not self._stopping.is_set():
            try:
                self._take(delivery)
            except self._away as fault:
                log.warning("waits", queue=self._queue, error=type(fault).__name__)
                connection.sleep(pause)
                self.heartbeat.beat()
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            except Exception:
                log.exception("delivery_raised", queue=self._queue)
                connection.sleep(0.05)
                channel.basic_nack(delivery.tag, requeue=True)
                return
            else:
                channel.basic_ack(delivery.tag)
                return


def _delivery(method: Any, properties: Any, body: bytes) -> Delivery:
    headers = properties.headers or {}
    return Delivery(body, properties.message_id, properties.user_id, headers, method.delivery_tag)
