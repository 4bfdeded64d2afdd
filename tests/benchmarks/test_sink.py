"""The sink counts what it is sent, however it comes."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import orjson
import pytest

from benchmarks.sink import Sink, Tally


class Wire:
    """What a connection wrote."""

    def __init__(self) -> None:
        self.written = b""

    def write(self, data: bytes) -> None:
        self.written += data


def a_call(entries: int) -> bytes:
    each = {"Destination": {"ToAddresses": ["u@x.example"]}}
    body = orjson.dumps({"BulkEmailEntries": [each] * entries})
    return b"POST /v2/email/outbound-bulk-emails HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def heard(tally: Tally, pieces: Sequence[bytes]) -> list[Any]:
    """The bodies of all answers to these pieces of bytes."""
    wire, sink = Wire(), Sink(tally)
    sink.connection_made(cast(asyncio.BaseTransport, wire))
    for piece in pieces:
        sink.data_received(piece)
    return [orjson.loads(answer.partition(b"\r\n\r\n")[2]) for answer in wire.written.split(b"HTTP/1.1 200 OK")[1:]]


@pytest.mark.parametrize("size", [1, 7, 100, 100_000])
def test_requests_are_told_apart_wherever_they_are_cut(size: int) -> None:
    tally = Tally()
    sent = a_call(3) + a_call(50) + b"GET /count HTTP/1.1\r\n\r\n"

    three, fifty, count = heard(tally, [sent[at : at + size] for at in range(0, len(sent), size)])

    assert [each["Status"] for each in three["BulkEmailEntryResults"]] == ["SUCCESS"] * 3
    assert len(fifty["BulkEmailEntryResults"]) == 50
    assert count == {"calls": 2, "recipients": 53}
