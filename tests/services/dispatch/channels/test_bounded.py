"""Laws of a connection to a stranger: it may say one answer, soon, and nothing unasked."""

import asyncio
import tracemalloc
from collections.abc import Sequence
from contextlib import suppress

import pytest

from forewarn.delivery import Accepted, Answer, Unanswered
from services.dispatch.channels import bounded
from tests.services.dispatch.channels.endpoint import NO_CONTENT, Endpoint, a_reply, serving
from tests.services.dispatch.channels.test_webhook import URL, a_webhook_batch, called, webhooks
from tests.support.batches import a_recipient

MUCH = 8 * 1024 * 1024
INTERIM = b"HTTP/1.1 100 x\r\n\r\n"


def told_by(stream: bytes, first: bytes = b"") -> tuple[Sequence[Answer], Answer, int, int]:
    """A hostile endpoint writes `first`, then the stream for as long as it is let, beside a healthy one that takes
    0.2 s: the answers of both, the bytes that the hostile one could write, and those that we kept at most."""
    wrote = 0

    async def write_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal wrote
        try:
            await reader.readuntil(b"}")
            writer.write(first)
            await writer.drain()
            await asyncio.sleep(0.02)
            while wrote < MUCH:
                writer.write(stream * 1000)
                wrote += len(stream) * 1000
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.transport.abort()

    async def scene() -> tuple[Sequence[Answer], Answer, int]:
        hostile = await asyncio.start_server(write_on, "127.0.0.1", 0)
        port = hostile.sockets[0].getsockname()[1]
        async with serving(Endpoint(seconds=0.2)) as healthy, webhooks(port) as bad, webhooks(healthy.port) as good:
            tracemalloc.start()
            other = asyncio.create_task(good.prepare(a_webhook_batch()).call([a_recipient(address=URL)]))
            answers = await bad.prepare(a_webhook_batch()).call([a_recipient(address=URL)])
            (beside,) = await asyncio.wait_for(other, 2)
            kept = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            hostile.close()
            return answers, beside, kept

    return *asyncio.run(scene()), wrote


def test_an_endpoint_that_writes_on_after_its_answer_is_cut_off() -> None:
    answers, beside, kept, wrote = told_by(NO_CONTENT, first=NO_CONTENT)

    assert answers == [Accepted()] and beside == Accepted()
    assert wrote < MUCH, "the connection was aborted"
    assert kept < 4 * bounded.MOST_BYTES


def test_an_endpoint_that_says_without_end_that_it_will_answer_is_cut_off() -> None:
    answers, beside, kept, wrote = told_by(INTERIM)

    assert answers == [Unanswered()] and beside == Accepted()
    assert wrote < MUCH
    assert kept < 4 * bounded.MOST_BYTES


def test_a_few_interim_answers_are_none() -> None:
    assert called(Endpoint(lambda n: INTERIM * bounded.MOST_INTERIM + NO_CONTENT), URL, URL) == [Accepted()] * 2


def test_what_comes_between_two_calls_is_not_the_answer_to_the_second() -> None:
    connections = 0

    async def hang_up_politely(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await reader.readuntil(b"}")
            writer.write(NO_CONTENT)
            await asyncio.sleep(0.02)
            writer.write(a_reply(408))
            await reader.readuntil(b"}")
            writer.write(NO_CONTENT)
            await reader.read()
        writer.transport.abort()

    async def scene() -> list[Answer]:
        server = await asyncio.start_server(hang_up_politely, "127.0.0.1", 0)
        async with server, webhooks(server.sockets[0].getsockname()[1]) as provider:
            connected = provider.prepare(a_webhook_batch())
            answers: list[Answer] = []
            for _ in range(2):
                answers += await connected.call([a_recipient(address=URL)])
                await asyncio.sleep(0.05)
            return answers

    assert asyncio.run(scene()) == [Accepted()] * 2
    assert connections == 2


@pytest.mark.parametrize("size", [0, 1, bounded.PARSED_AT_ONCE, 60_000])
def test_an_answer_of_usual_size_is_read_and_its_connection_kept(size: int) -> None:
    endpoint = Endpoint(lambda n: a_reply(200, b"x" * size))

    assert called(endpoint, *[URL] * 6) == [Accepted()] * 6, "the bound is of each answer, not of the connection"
    assert endpoint.connections == 1
