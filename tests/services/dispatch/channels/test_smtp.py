"""Laws of the SMTP channel on the sandbox provider: what each answer is taken for, and what arrives."""

import asyncio
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import REGISTRY

from forewarn.content import Content
from forewarn.delivery import Accepted, Answer, NotReached, Refused, Unanswered
from forewarn.dev.sandbox.client import Sandbox
from forewarn.notice import Lane
from services.dispatch.channels import smtp, smtp_kept
from services.dispatch.channels.smtp import Smtp
from services.dispatch.channels.smtp_said import Said
from tests.support.batches import a_batch, a_recipient
from tests.support.planned import an_entry, event_in

ANSWERS = "forewarn_provider_answers_total"
FOR_NOW, FOR_EVER = Refused(transient=True), Refused(transient=False)
ALL = ".*"
NAME = "dispatch.acme.example"


class Relay:
    """Calls one after another over the channel, as one batch."""

    def __init__(self, host: str, port: int, runner: asyncio.Runner) -> None:
        self.provider = Smtp(host, port, connections=1, batches=1, now=lambda: datetime.now(UTC), own_name=NAME)
        self._runner = runner

    def call(self, times: int = 1, *, recipient: dict[str, Any] | None = None, **batch: Any) -> list[Answer]:
        connected = self.provider.prepare(a_batch(1, **batch))

        async def each() -> list[Answer]:
            reader = a_recipient(**(recipient or {}))
            return [answer for _ in range(times) for answer in await connected.call([reader])]

        return self._runner.run(each())

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(work)

    def close(self) -> None:
        async def drop() -> None:
            await self.provider.close()
            await asyncio.sleep(0.01)

        self._runner.run(drop())


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def relays(runner: asyncio.Runner) -> Iterator[Callable[[str, int], Relay]]:
    made: list[Relay] = []

    def make(host: str, port: int) -> Relay:
        made.append(Relay(host, port, runner))
        return made[-1]

    yield make
    for relay in made:
        relay.close()


@pytest.fixture
def relay(sandbox: Sandbox, relays: Callable[[str, int], Relay]) -> Relay:
    return relays(sandbox.smtp_host, sandbox.smtp_port)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call ends after 0.3 s instead of 8."""
    monkeypatch.setattr(smtp, "CALL_SECONDS", 0.3)


def test_250_is_accepted(relay: Relay, sandbox: Sandbox) -> None:
    assert relay.call() == [Accepted()]
    (mail,) = sandbox.messages()
    assert mail.sender == "status@acme.example"
    assert mail.recipients == ("reader0@nordwind.example",)


def test_planned_work_arrives_with_its_entry_for_the_calendar(relay: Relay, sandbox: Sandbox) -> None:
    calendar = an_entry()

    assert relay.call(content=Content("s", "Words.\n", "<p>Words.</p>\n", {}, calendar=calendar)) == [Accepted()]

    opened = sandbox.read(sandbox.messages()[0].n)
    assert [kind.partition(";")[0] for kind, _ in opened.entries] == ["text/calendar", "application/ics"]
    assert {text for _, text in opened.entries} == {calendar.text}
    assert event_in(opened.entries[0][1])["UID"] == "MNT-7@status.acme.example"
    assert "Words." in (opened.text or "") and "Words." in (opened.html or "")


@pytest.mark.parametrize("stage", ["rcpt", "data"])
@pytest.mark.parametrize(
    "code, text, answer",
    [
        (450, "mailbox busy", FOR_NOW),
        (451, "greylisted", FOR_NOW),
        (452, "4.2.2 mailbox full", FOR_NOW),
        (550, "5.1.1 no such user", FOR_EVER),
        (550, "5.3.0 so it says", FOR_EVER),
        (421, "closing", NotReached()),
        (421, "4.3.2 not accepting", NotReached()),
        (452, "insufficient storage", NotReached()),
        (451, "4.3.5 configuration error", NotReached()),
    ],
)
def test_4xx_may_be_taken_later_5xx_is_a_no_and_a_relay_in_trouble_says_nothing_of_anybody(
    relay: Relay, sandbox: Sandbox, stage: str, code: int, text: str, answer: Answer
) -> None:
    sandbox.behave(refuse=[{"to_regex": ALL, "code": code, "text": text, "stage": stage, "times": 1}])

    answers = relay.call(2)

    assert answers == [answer, Accepted()]
    assert sandbox.count()["accepted"] == 1


def test_a_no_to_us_is_no_answer_about_the_recipient(relay: Relay, sandbox: Sandbox) -> None:
    sandbox.behave(greeting="421")

    assert relay.call() == [NotReached()]


def test_a_relay_that_is_away_was_not_reached(relays: Callable[[str, int], Relay]) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        away = relays("127.0.0.1", unused.getsockname()[1])

        assert away.call() == [NotReached()]


@pytest.mark.parametrize("how", ["time_out", "drop"])
@pytest.mark.parametrize(
    "stage, answer, accepted",
    [("rcpt", NotReached(), 0), ("before_accept", Unanswered(), 0), ("after_accept", Unanswered(), 1)],
)
def test_silence_before_data_is_not_reached_and_after_it_unanswered(
    relay: Relay, sandbox: Sandbox, impatient: None, how: str, stage: str, answer: Answer, accepted: int
) -> None:
    sandbox.behave(**{how: [{"to_regex": ALL, "stage": stage, "times": 1}]})

    answers = relay.call(2)

    assert answers == [answer, Accepted()]
    assert sandbox.count()["accepted"] == accepted + 1


def test_a_process_that_stood_still_does_not_go_on_the_wire(
    relay: Relay, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay.call()
    clock = count(time.monotonic(), step=30)
    monkeypatch.setattr(smtp, "time", SimpleNamespace(monotonic=lambda: next(clock)))

    assert relay.call() == [NotReached()]
    assert sandbox.count()["accepted"] == 1


def test_connections_are_kept_between_messages(relay: Relay, sandbox: Sandbox) -> None:
    relay.call(5)
    relay.call(5)

    assert len({mail.connection for mail in sandbox.messages()}) == 1


def test_a_connection_is_replaced_after_its_share_of_messages(
    relay: Relay, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_kept, "MOST_MESSAGES", 3)

    assert relay.call(7) == [Accepted()] * 7
    assert len({mail.connection for mail in sandbox.messages()}) == 3


def test_a_connection_that_the_relay_closed_is_replaced(relay: Relay, sandbox: Sandbox) -> None:
    relay.call()
    sandbox.behave(refuse=[{"to_regex": ALL, "code": 421, "times": 1}])
    relay.call()

    assert relay.call() == [Accepted()]


def test_a_call_that_finds_no_connection_free_is_not_made_and_ends_nobody(
    relay: Relay, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More calls than connections come for a moment when mails go by the relay instead of by SES."""
    monkeypatch.setattr(smtp_kept, "FREE_SECONDS", 0.1)
    sandbox.behave(latency_ms=400)
    connected = relay.provider.prepare(a_batch(2))

    async def both() -> list[Sequence[Answer]]:
        return await asyncio.gather(*(connected.call([a_recipient(position)]) for position in range(2)))

    answers = relay.run(both())

    assert answers == [[Accepted()], [NotReached(timedelta(seconds=2), asked=False)]]
    assert sandbox.count()["accepted"] == 1


def test_every_batch_finds_its_connections_free() -> None:
    provider = Smtp("127.0.0.1", 25, connections=16, batches=4, now=lambda: datetime.now(UTC), own_name=NAME)

    assert provider.calls_at_once * 4 <= len(provider._connections)


def test_one_connection_in_four_is_for_urgent_calls_only(
    sandbox: Sandbox, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_kept, "FREE_SECONDS", 0.1)
    sandbox.behave(latency_ms=300)
    provider = Smtp(sandbox.smtp_host, sandbox.smtp_port, 4, 1, lambda: datetime.now(UTC), NAME)
    bulk, urgent = (provider.prepare(a_batch(5, lane=lane)) for lane in (Lane.BULK, Lane.URGENT))

    async def all_at_once() -> list[Answer]:
        asked = [bulk.call([a_recipient(place)]) for place in range(4)]
        answers = await asyncio.gather(*asked, urgent.call([a_recipient(4)]))
        await provider.close()
        return [answer for (answer,) in answers]

    assert runner.run(all_at_once()) == [*[Accepted()] * 3, NotReached(timedelta(seconds=2), asked=False), Accepted()]


def test_dots_and_line_ends_arrive_as_they_were_meant(relay: Relay, sandbox: Sandbox) -> None:
    text = ".\n..\n.hidden\n\nlast.\n.\n"
    content = Content(subject="s", text=text, html="<p>.</p>\n.\n", times={})

    relay.call(content=content)

    (mail,) = sandbox.messages()
    opened = sandbox.read(mail.n)
    assert (opened.text or "").replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")
    assert b"\n" not in opened.raw.replace(b"\r\n", b"") and b"\r" not in opened.raw.replace(b"\r\n", b"")


def test_what_could_forge_a_header_is_refused_without_a_call(relay: Relay, sandbox: Sandbox) -> None:
    answers = relay.call(recipient={"name": "Eve\r\nBcc: all@acme.example"})

    assert answers == [Refused(transient=False, asked=False)]
    assert sandbox.count()["accepted"] == 0


def test_the_name_servers_are_asked_for_our_own_name_once_and_may_be_silent(
    relay: Relay, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = threading.Event()
    monkeypatch.setattr(smtp, "NAME_SECONDS", 0.05)
    monkeypatch.setattr(socket, "getfqdn", lambda: silent.wait(5))

    assert relay.call(3) == [Accepted()] * 3, "a connection asks nobody"
    try:
        assert relay.run(smtp.own_name()) == socket.gethostname()
    finally:
        silent.set()


def said() -> Counter[str]:
    """How often a relay said what, until now."""
    found = {each: REGISTRY.get_sample_value(ANSWERS, {"provider": "smtp", "answer": each}) for each in Said}
    assert None not in found.values(), "each stands at 0 before anything is counted"
    return Counter({each: int(times or 0) for each, times in found.items()})


@pytest.mark.parametrize(
    "code, text, counted",
    [
        (450, "4.2.1 busy", Said.RECIPIENT_4XX),
        (550, "relaying denied", Said.RECIPIENT_5XX),
        (452, "4.3.1 full", Said.RELAY_4XX),
    ],
)
def test_what_a_relay_says_is_counted_by_the_class_of_its_reply(
    relay: Relay, sandbox: Sandbox, code: int, text: str, counted: Said
) -> None:
    before = said()
    sandbox.behave(refuse=[{"to_regex": ALL, "code": code, "text": text, "times": 1}])

    relay.call(2)

    assert said() - before == {counted: 1, Said.ACCEPTED: 1}


def test_what_is_said_to_tests_is_not_counted(relay: Relay, sandbox: Sandbox) -> None:
    before = said()

    relay.call(test=True)

    assert said() == before and sandbox.count()["accepted"] == 1


def test_letters_beyond_ascii_arrive(relay: Relay, sandbox: Sandbox) -> None:
    content = Content(subject="Störung 決済", text="Grüße 🚦\n", html="<p>Grüße 🚦</p>\n", times={})

    relay.call(content=content, recipient={"name": "守田 健二"})

    (mail,) = sandbox.messages()
    opened = sandbox.read(mail.n)
    assert mail.subject == "Störung 決済"
    assert opened.header("To") == "守田 健二 <reader0@nordwind.example>"
    assert "Grüße 🚦" in (opened.text or "") and "Grüße 🚦" in (opened.html or "")
