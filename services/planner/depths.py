"""How many messages are ready in each queue, asked of RabbitMQ over one connection that is kept."""

from collections.abc import Iterable
from contextlib import suppress

import pika
from pika.exceptions import AMQPError, ChannelClosedByBroker

from forewarn.contracts.names import QUEUES

NOT_FOUND = 404


class Depths:
    """Called from one thread. Raises pika's AMQPError and OSError; the next call connects anew."""

    def __init__(self, url: str, queues: Iterable[str] = QUEUES) -> None:
        self._url, self._queues = url, tuple(queues)
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
            self._connection = pika.BlockingConnection(pika.URLParameters(self._url))
        counted, channel = {}, self._connection.channel()
        for queue in self._queues:
            try:
                counted[queue] = channel.queue_declare(queue, passive=True).method.message_count
            except ChannelClosedByBroker as fault:
                if fault.reply_code != NOT_FOUND:
                    raise
                channel = self._connection.channel()
        channel.close()
        return counted
