"""A monitoring system: it knows RabbitMQ, and nothing of Forewarn."""

import struct
from collections.abc import Iterable
from contextlib import closing

import pika

Message = tuple[bytes, pika.BasicProperties]


def publish(url: str, messages: Iterable[Message], confirmed: bool = True) -> None:
    """All messages over one connection. Without confirms, what the broker refuses is not noticed."""
    with closing(pika.BlockingConnection(pika.URLParameters(url))) as connection:
        channel = connection.channel()
        if confirmed:
            channel.confirm_delivery()
        for body, properties in messages:
            channel.basic_publish("forewarn.events", "", body, properties)


class RawHeaders(pika.BasicProperties):  # type: ignore[misc]  # pika is untyped
    """Headers as another client may write them, given as the bytes of an AMQP table."""

    def __init__(self, table: bytes) -> None:
        super().__init__(headers={})
        self._table = table

    def encode(self) -> list[bytes]:
        return [struct.pack(">HI", self.FLAG_HEADERS, len(self._table)), self._table]


def in_milliseconds(moment: int) -> bytes:
    """A header `when` whose timestamp is in milliseconds, which AMQP means to be in seconds."""
    return b"\x04whenT" + struct.pack(">Q", moment)


def nested(levels: int) -> bytes:
    """A header that holds a table in a table in a table …"""
    table = b""
    for _ in range(levels):
        table = b"\x01aF" + struct.pack(">I", len(table)) + table
    return table
