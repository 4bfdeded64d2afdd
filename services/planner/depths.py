"""How many messages are ready in each queue, asked of RabbitMQ over one connection that is kept."""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

import pika
from pika.exceptions import AMQPError, ChannelClosedByBroker

from forewarn.contracts.names import QUEUES

NOT_FOUND = 404
SILENT_SECONDS = 10
"""A broker that says nothing for two or three times as long is away: the watch reads the record on the same thread."""
AGAIN_SECONDS, LONGEST_SECONDS = 5.0, 600.0


@dataclass(slots=True)
class _Missing:
    """A queue that was not there: not asked for again before this moment."""

    wait: float
    until: float


class Depths:
    """Called from one thread. Raises pika's AMQPError and OSError; the next call connects anew.

    Each question about a queue that nobody has declared is an error in RabbitMQ's log: it is asked again after 5 s,
    doubling to 10 min, for most of these are of a channel or a lane that this house does not use.
    """

    def __init__(
        self, url: str, queues: Iterable[str] = QUEUES, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._parameters = pika.URLParameters(url)
        self._parameters.heartbeat = self._parameters.blocked_connection_timeout = SILENT_SECONDS
        self._queues, self._monotonic = tuple(queues), monotonic
        self._missing: dict[str, _Missing] = {}
        self._connection: pika.BlockingConnection | None = None

    def __call__(self) -> dict[str, int]:
        """Ready messages by queue; a queue that nobody has declared yet is left out."""
        try:
            return self._counted()
        except (AMQPError, OSError):
            self.close()
            raise

    def close(self) -> None:
        if self._connection is not None and self._connection.is_open:
            with suppress(AMQPError, OSError):
                self._connection.close()
        self._connection = None

    def _counted(self) -> dict[str, int]:
        if self._connection is None or self._connection.is_closed:
            self._connection = pika.BlockingConnection(self._parameters)
        counted, channel, now = {}, self._connection.channel(), self._monotonic()
        for queue in self._queues:
            if queue in self._missing and now < self._missing[queue].until:
                continue
            try:
                counted[queue] = channel.queue_declare(queue, passive=True).method.message_count
                self._missing.pop(queue, None)
            except ChannelClosedByBroker as fault:
                if fault.reply_code != NOT_FOUND:
                    raise
                self._not_found(queue, now)
                channel = self._connection.channel()
        channel.close()
        return counted

    def _not_found(self, queue: str, now: float) -> None:
        before = self._missing.get(queue)
        wait = AGAIN_SECONDS if before is None else min(2 * before.wait, LONGEST_SECONDS)
        self._missing[queue] = _Missing(wait, now + wait)
