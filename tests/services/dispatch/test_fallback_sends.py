"""Laws of sending by SES with a relay behind it: both are the sandbox's, whose record is laid beside the letters."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from botocore.credentials import Credentials

from forewarn.contracts.messages import Batch
from forewarn.dev.sandbox.client import Sandbox
from forewarn.mode import Mode
from forewarn.notice import Lane
from services.dispatch.admission import Admission
from services.dispatch.border import Border
from services.dispatch.breaker import Breaker
from services.dispatch.channels.aws import Aws, Keys
from services.dispatch.channels.ses import Ses
from services.dispatch.channels.smtp import Smtp
from services.dispatch.fallback import Fallback
from services.dispatch.outcome import Sent
from services.dispatch.send import Sender
from tests.support.batches import a_batch
from tests.support.marks import FakeMarks
from tests.support.permits import FakePermits
from tests.support.ses import PATH

PEOPLE = 500
DOWN = {"fail": [{"status": 503}]}
FROM_100_ON = "reader[1-4][0-9][0-9]@"


class House:
    """A sender by both ways, and time that passes only while a batch waits."""

    def __init__(self, sandbox: Sandbox, runner: asyncio.Runner) -> None:
        self.sandbox, self._runner = sandbox, runner
        self.marks, self.now, tokens = FakeMarks(), datetime(2026, 11, 22, 13, 2, tzinfo=UTC), count()
        self.marks.snapshot("e1")
        self.way = runner.run(self._opened())
        admission = Admission(self.way, FakePermits(lambda: self.now.timestamp()), 1_000_000, connections=8)
        self._sender = Sender(
            self.marks,
            self.way,
            admission,
            5,
            lambda: self.now,
            lambda: f"token {next(tokens)}",
            Border(Mode.SANDBOX),
            lambda: 0.0,
        )

    async def _opened(self) -> Fallback:
        keys = Keys(Credentials("sandbox", "sandbox"))
        ses = Ses(Aws(self.sandbox.ses_url + PATH, "eu-central-1", "ses", keys), connections=8, batches=1)
        relay = Smtp(self.sandbox.smtp_host, self.sandbox.smtp_port, 4, 1, lambda: datetime.now(UTC), "localhost")
        return Fallback(ses, relay, Breaker(), lambda: self.now.timestamp())

    def round(self, batch: Batch) -> Sent:
        """One run, and what the actor does after it; then its wait passes."""
        sent = self._runner.run(self._sender.send(batch))
        assert isinstance(sent, Sent), sent
        assert sent.raised is None, sent.raised
        self._runner.run(self.marks.free(batch, sent.token, sent.rest.turn if sent.rest else batch.turn))
        self.now += max(sent.wait, timedelta(seconds=2))
        return sent

    def all_of(self, batch: Batch) -> str:
        """The letters, once nobody is left."""
        for _ in range(20):
            sent = self.round(batch)
            if sent.rest is None:
                return sent.settled.letters
            batch = sent.rest
        raise AssertionError(f"{len(batch.recipients)} people still wait after 20 rounds")

    def accepted(self) -> list[tuple[str, int]]:
        """By whom, and for whom: what the sandbox recorded, in order."""
        return [(str(each.provider), each.subscriber_id - 100) for each in self.sandbox.acceptances()]

    def close(self) -> None:
        self._runner.run(self.way.close())


@pytest.fixture
def house(sandbox: Sandbox) -> Iterator[House]:
    with asyncio.Runner() as runner:
        house = House(sandbox, runner)
        yield house
        house.close()


def by(accepted: Sequence[tuple[str, int]], provider: str) -> list[int]:
    return [person for each, person in accepted if each == provider]


def people(letters: str, letter: str) -> list[int]:
    return [place for place, each in enumerate(letters) if each == letter]


@pytest.mark.slow
def test_while_ses_takes_nothing_everybody_hears_by_the_relay_once(house: House) -> None:
    house.sandbox.behave(ses=DOWN)

    letters = house.all_of(a_batch(PEOPLE))

    assert letters == "a" * PEOPLE
    accepted = house.accepted()
    assert sorted(by(accepted, "smtp")) == list(range(PEOPLE)) and not by(accepted, "ses")


def test_a_relay_in_trouble_of_its_own_spends_nobodys_attempts(house: House) -> None:
    full = {"to_regex": ".*", "code": 452, "text": "4.3.1 insufficient system storage"}
    house.sandbox.behave(ses=DOWN, refuse=[full])
    batch = a_batch(20)
    for _ in range(8):
        sent = house.round(batch)
        assert sent.rest is not None and {r.tries for r in sent.rest.recipients} == {0}
        batch = sent.rest

    house.sandbox.behave()

    assert house.all_of(batch) == "a" * 20


@pytest.mark.slow
@pytest.mark.parametrize("lane", [Lane.URGENT, Lane.BULK])
def test_ses_that_fails_in_the_middle_of_a_batch_doubles_and_loses_nobody(house: House, lane: Lane) -> None:
    house.sandbox.behave(ses={"fail": [{"to_regex": FROM_100_ON, "status": 503}]})

    letters = house.all_of(a_batch(PEOPLE, lane=lane))

    accepted = house.accepted()
    assert letters == "a" * PEOPLE
    assert sorted(person for _, person in accepted) == list(range(PEOPLE))
    assert sorted(by(accepted, "ses")) == list(range(100)), "whom SES took nobody calls again"


@pytest.mark.parametrize("stage, taken", [("before_accept", False), ("after_accept", True)])
def test_whoever_was_on_the_wire_is_not_called_by_the_relay(house: House, stage: str, taken: bool) -> None:
    house.sandbox.behave(ses={"drop": [{"to_regex": FROM_100_ON, "stage": stage}]})

    letters = house.all_of(a_batch(PEOPLE, lane=Lane.BULK))

    accepted, unknown = house.accepted(), people(letters, "u")
    assert set(letters) == {"a", "u"}
    assert 5 * 50 <= len(unknown) <= (5 + 7) * 50, "the five calls that opened the breaker, and those beside them"
    assert max(Counter(person for _, person in accepted).values()) == 1
    assert set(by(accepted, "smtp")) == set(people(letters, "a")) - set(range(100)), "and the rest went by the relay"
    assert set(by(accepted, "ses")) == set(range(100)) | (set(unknown) if taken else set())


@pytest.mark.slow
@pytest.mark.parametrize("stage, taken", [("before_accept", False), ("after_accept", True)])
def test_on_the_urgent_lane_whoever_was_on_the_wire_is_called_once_more_and_nobody_else(
    house: House, stage: str, taken: bool
) -> None:
    house.sandbox.behave(ses={"drop": [{"to_regex": FROM_100_ON, "stage": stage}]})

    letters = house.all_of(a_batch(PEOPLE))

    accepted = house.accepted()
    assert letters == "a" * PEOPLE
    assert set(by(accepted, "smtp")) == set(range(100, PEOPLE)), "the second call, or the first"
    doubled = [person for person, times in Counter(person for _, person in accepted).items() if times > 1]
    if not taken:
        assert doubled == []
    assert len(doubled) <= (5 + 7) * 50 and set(doubled) <= set(by(accepted, "ses"))
    assert max(Counter(person for _, person in accepted).values()) <= 2


@pytest.mark.slow
def test_once_ses_answers_one_person_the_others_go_by_it_again_fifty_a_call(house: House) -> None:
    house.sandbox.behave(ses=DOWN)
    house.all_of(a_batch(PEOPLE, batch_id=1))
    house.sandbox.reset()
    assert house.way.turned
    house.now += timedelta(seconds=15)

    letters = house.all_of(a_batch(PEOPLE, batch_id=2, notice_id="00c0ffee00c0ffe1"))

    accepted = house.accepted()
    assert letters == "a" * PEOPLE and not house.way.turned
    assert sorted(person for _, person in accepted) == list(range(PEOPLE))
    assert len(by(accepted, "smtp")) < 50 < len(by(accepted, "ses"))
    calls = Counter((mail.accepted_at, mail.connection) for mail in house.sandbox.messages() if mail.provider == "ses")
    assert sorted(calls.values())[0] == 1 and sorted(calls.values())[-1] == 50


def test_if_both_are_away_all_wait_and_hear_when_either_is_back(house: House) -> None:
    house.sandbox.behave(greeting="421", ses=DOWN)
    batch = a_batch(100)
    for _ in range(4):
        sent = house.round(batch)
        assert sent.rest is not None and set(sent.settled.letters) == {"."}
        assert {recipient.tries for recipient in sent.rest.recipients} == {0}, "which costs no attempt"
        batch = sent.rest

    house.sandbox.behave(ses=DOWN)

    assert house.all_of(batch) == "a" * 100
    assert sorted(by(house.accepted(), "smtp")) == list(range(100))
