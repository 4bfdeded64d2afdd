"""Laws of the webhook channel on a real socket: what each answer is taken for, and what goes over the wire."""

import asyncio
import gzip
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import REGISTRY
from pydantic import SecretStr

from forewarn.content import Content, slot
from forewarn.contracts.messages import Batch, Recipient
from forewarn.delivery import Accepted, Answer, NotReached, Refused, Unanswered
from forewarn.notice import Channel
from services.dispatch.channels import hosts, post, timely, webhook
from services.dispatch.channels.webhook import Webhooks, open_webhooks
from services.dispatch.channels.webhook_said import BUSY_WAIT
from services.dispatch.settings import DispatchSettings
from tests.services.dispatch.channels.endpoint import Endpoint, a_reply, serving
from tests.support.batches import a_batch, a_recipient

FOR_NOW, FOR_EVER = Refused(transient=True), Refused(transient=False)
URL = "https://hooks.nordwind.example/in"


def a_webhook_batch(test: bool = False) -> Batch:
    content = Content(subject="", text="", html="", times={}, payload='{"type":"notice.first"}')
    return a_batch(1, channel=Channel.WEBHOOK, content=content, test=test)


def a_dispatch(port: int, **changes: Any) -> DispatchSettings:
    given: dict[str, Any] = {
        "rabbitmq_url": SecretStr("amqp://x"),
        "redis_url": SecretStr("redis://x"),
        "channel": Channel.WEBHOOK,
        "webhook_keys": (SecretStr("k" * 32),),
        "webhook_sandbox_port": port,
    }
    return DispatchSettings(**given | changes)


@asynccontextmanager
async def webhooks(port: int, **settings: Any) -> AsyncIterator[Webhooks]:
    """The channel in mode sandbox, which calls this port."""
    provider = await open_webhooks(a_dispatch(port, **settings), lambda: datetime.now(UTC))
    try:
        yield provider
    finally:
        await provider.close()


def called(endpoint: Endpoint, *urls: str, test: bool = False, **settings: Any) -> list[Answer]:
    """The answers to calls, one after another."""

    async def scene() -> list[Answer]:
        async with serving(endpoint), webhooks(endpoint.port, **settings) as provider:
            connected = provider.prepare(a_webhook_batch(test))
            return [(await connected.call([a_recipient(address=url)]))[0] for url in urls or (URL,)]

    return asyncio.run(scene())


def called_at_once(endpoint: Endpoint, urls: Sequence[str], **settings: Any) -> list[tuple[str, Answer]]:
    """URL and answer of calls that all begin at once, in the order in which they ended."""
    ended: list[tuple[str, Answer]] = []

    async def scene() -> None:
        async with serving(endpoint), webhooks(endpoint.port, **settings) as provider:
            connected = provider.prepare(a_webhook_batch())

            async def each(url: str) -> None:
                (answer,) = await connected.call([a_recipient(address=url)])
                ended.append((url, answer))

            async with asyncio.TaskGroup() as group:
                for url in urls:
                    group.create_task(each(url))

    asyncio.run(scene())
    return ended


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call ends after 0.2 s instead of 8, the reading of a body after 0.1."""
    monkeypatch.setattr(post, "CALL_SECONDS", 0.2)
    monkeypatch.setattr(post, "BODY_SECONDS", 0.1)


# -- what an answer is taken for -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "answer"),
    [(200, Accepted()), (204, Accepted()), (302, FOR_EVER), (400, FOR_EVER), (410, FOR_EVER), (409, FOR_NOW)],
)
def test_the_status_is_the_answer(status: int, answer: Answer) -> None:
    assert called(Endpoint(lambda n: a_reply(status))) == [answer]


def test_who_is_throttled_waits_as_long_as_asked() -> None:
    (answer,) = called(Endpoint(lambda n: a_reply(429, retry_after="7")))

    assert isinstance(answer, Refused) and answer.transient
    assert answer.retry_after is not None and answer.retry_after.total_seconds() == 7


def test_a_redirect_is_not_followed() -> None:
    endpoint = Endpoint(lambda n: a_reply(307, location="http://127.0.0.1:1/elsewhere"))

    assert called(endpoint) == [FOR_EVER]
    assert len(endpoint.heard) == 1


@pytest.mark.parametrize("answer", [None, b"", b"220 mail.example ESMTP\r\n\r\n", b"HTTP/1.1 200 Half"])
def test_after_the_call_no_answer_may_mean_yes(impatient: None, answer: bytes | None) -> None:
    endpoint = Endpoint(lambda n: answer)

    assert called(endpoint) == [Unanswered()]
    assert len(endpoint.heard) == 1, "not called again by itself"


def test_an_endpoint_that_refuses_the_connection_may_be_back_later() -> None:
    async def scene() -> Sequence[Answer]:
        async with serving(Endpoint()) as gone:
            pass
        async with webhooks(gone.port) as provider:
            return await provider.prepare(a_webhook_batch()).call([a_recipient(address=URL)])

    assert asyncio.run(scene()) == [FOR_NOW]


@pytest.mark.parametrize(
    "url",
    [
        *("http://hooks.nordwind.example/", "ftp://a.example/", "hooks.nordwind.example", "", "https:///x"),
        *("https://user:pass@a.example/", "https://a.example\\@b.example/", "https://bücher.example/"),
        *("https://a.example:99999/", "https://a.example/\r\nX: y", "https://[::1]/", "https://a_b.example@c.example/"),
    ],
)
def test_what_is_no_plain_https_url_is_not_called(url: str) -> None:
    endpoint = Endpoint()

    assert called(endpoint, url) == [FOR_EVER]
    assert not endpoint.heard


def test_a_retry_after_beyond_all_reckoning_is_no_more_than_its_status() -> None:
    endpoint = Endpoint(lambda n: a_reply(503, retry_after="Mon, 01 Jan 2024 00:00:00 +99999999999999"))

    assert called(endpoint) == [FOR_NOW]


# -- faults of ours ------------------------------------------------------------------------------------


def made(batch: Batch, people: Sequence[Recipient], endpoint: Endpoint) -> list[Answer]:
    """The answers to calls of this batch, one after another."""

    async def scene() -> list[Answer]:
        async with serving(endpoint), webhooks(endpoint.port) as provider:
            connected = provider.prepare(batch)
            return [(await connected.call([person]))[0] for person in people]

    return asyncio.run(scene())


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    lines: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(webhook.log, "error", lambda event, **fields: lines.append((event, fields)))
    return lines


@pytest.mark.parametrize(("payload", "fault"), [('{"a": "' + slot("t0") + '"}', "KeyError"), ("", "NoPayload")])
def test_what_cannot_be_written_is_not_sent_ends_nobody_and_is_logged_once(
    logged: list[tuple[str, dict[str, Any]]], payload: str, fault: str
) -> None:
    content = Content(subject="", text="", html="", times={}, payload=payload)
    endpoint = Endpoint()

    answers = made(
        a_batch(2, channel=Channel.WEBHOOK, content=content), [a_recipient(n, address=URL) for n in range(2)], endpoint
    )

    assert answers == [NotReached()] * 2
    assert not endpoint.heard
    assert logged == [("webhook_call_failed", {"error": fault})]


def test_whatever_is_raised_after_the_wire_may_have_been_a_yes(
    logged: list[tuple[str, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError(URL)

    monkeypatch.setattr(post, "heard", broken)

    assert called(Endpoint()) == [Unanswered()]
    assert logged == [("webhook_call_failed", {"error": "RuntimeError"})]


# -- bodies --------------------------------------------------------------------------------------------


def test_a_short_body_is_read_and_the_connection_kept() -> None:
    endpoint = Endpoint(lambda n: a_reply(200, b"x" * 60_000))

    assert called(endpoint, URL, URL, URL) == [Accepted()] * 3
    assert endpoint.connections == 1


def test_a_long_body_is_not_read_to_its_end_and_the_status_counts() -> None:
    endpoint = Endpoint(lambda n: a_reply(200, b"x" * 20_000_000))

    assert called(endpoint, URL, URL) == [Accepted()] * 2
    assert endpoint.connections == 2


def test_a_body_that_never_ends_takes_nobodys_time_and_the_status_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "BODY_SECONDS", 0.1)
    endpoint = Endpoint(lambda n: b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx")
    begun = time.monotonic()

    assert called(endpoint, URL) == [Accepted()]
    assert time.monotonic() - begun < timely.CALL_SECONDS / 3


def test_a_body_that_would_unpack_to_megabytes_is_not_unpacked() -> None:
    endpoint = Endpoint(lambda n: a_reply(200, gzip.compress(bytes(10_000_000)), content_encoding="gzip"))

    assert called(endpoint, URL, URL) == [Accepted()] * 2
    assert endpoint.connections == 1, "read to its end as it came, 10 KB"
    assert "accept-encoding" not in endpoint.heard[0].headers


# -- what goes over the wire ---------------------------------------------------------------------------


def test_the_sandbox_gets_host_path_and_query_as_they_were_written() -> None:
    endpoint = Endpoint()

    called(endpoint, "https://Hooks.nordwind.example:8443/a%2fb/../c?x=%20&y[]=1#frag", "https://b.example?x")

    assert [(each.line, each.headers["host"]) for each in endpoint.heard] == [
        ("POST /a%2fb/../c?x=%20&y[]=1 HTTP/1.1", "Hooks.nordwind.example:8443"),
        ("POST /?x HTTP/1.1", "b.example"),
    ]


def test_a_call_is_one_json_document_with_its_signature_and_no_more() -> None:
    endpoint = Endpoint()

    called(endpoint)

    (heard,) = endpoint.heard
    assert heard.body == b'{"type":"notice.first"}'
    assert {name for name in heard.headers if name} == {
        *("host", "accept", "user-agent", "content-type", "content-length"),
        *("webhook-id", "webhook-timestamp", "webhook-signature"),
    }


def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")

    assert called(Endpoint()) == [Accepted()]


# -- time and slots ------------------------------------------------------------------------------------


def test_a_process_that_stood_still_does_not_go_on_the_wire(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = count(time.monotonic(), step=3)
    monkeypatch.setattr(timely, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    endpoint = Endpoint()

    assert called(endpoint) == [NotReached()]
    assert not endpoint.heard


def test_a_host_is_called_by_its_share_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "SLOT_SECONDS", 5.0)
    endpoint = Endpoint(seconds=0.02)

    ended = called_at_once(endpoint, [f"https://hooks.example/{n}" for n in range(12)], webhook_per_host=3)

    assert [answer for _, answer in ended] == [Accepted()] * 12
    assert endpoint.most_at_once == 3


def test_a_slow_host_holds_up_nobody_else_and_costs_its_readers_no_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "SLOT_SECONDS", 0.1)
    slow = [f"https://slow.example/{n}" for n in range(10)]
    others = [f"https://other{n}.example/" for n in range(4)]
    endpoint = Endpoint(seconds=0.6)

    ended = called_at_once(endpoint, [*slow, *others], webhook_per_host=2)

    first_taken = next(place for place, (_, answer) in enumerate(ended) if answer == Accepted())
    turned_away = [answer for _, answer in ended[:first_taken]]
    assert turned_away == [NotReached(BUSY_WAIT)] * 8, "all of them before any call came back"
    assert {url for url, answer in ended if answer == Accepted()} >= set(others)


def test_every_batch_finds_its_connections_free() -> None:
    async def scene() -> None:
        async with webhooks(1, webhook_connections=10, threads=4) as provider:
            connector = provider._session.connector

            assert connector is not None
            assert 4 <= provider.calls_at_once * 4 <= connector.limit

    asyncio.run(scene())


@pytest.mark.parametrize(("test", "counted"), [(False, 1), (True, 0)])
def test_answers_are_counted_by_what_was_said_and_those_to_tests_are_not(test: bool, counted: int) -> None:
    def redirected() -> float:
        labels = {"provider": "webhook", "answer": "redirected"}
        return REGISTRY.get_sample_value("forewarn_provider_answers_total", labels) or 0

    before = redirected()
    called(Endpoint(lambda n: a_reply(302)), test=test)

    assert redirected() - before == counted
