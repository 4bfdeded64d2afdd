"""Laws of sending a batch (DELIVERY §3), against marks in memory and a provider that answers as told."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from forewarn.contracts.messages import Batch
from forewarn.delivery import Accepted, NotReached, Refused, Unanswered
from forewarn.mode import Mode
from forewarn.notice import Lane
from services.dispatch.admission import Admission
from services.dispatch.border import Border
from services.dispatch.outcome import Dropped, Outcome, Sent, Wait
from services.dispatch.ports import Refused as No
from services.dispatch.send import Sender
from tests.support.batches import a_batch, a_batch_to, a_recipient
from tests.support.marks import FakeMarks
from tests.support.permits import FakePermits
from tests.support.provider import FakeProvider

BUSY = Refused(transient=True)
NO_SUCH_MAILBOX = Refused(transient=False)
IN_THE_SANDBOX = Border(Mode.SANDBOX)
OTHER_LANES = [Lane.NORMAL, Lane.BULK]


class Office:
    """A sender with its marks, its provider and a clock that stands still unless moved."""

    def __init__(
        self,
        provider: FakeProvider | None = None,
        max_attempts: int = 3,
        border: Border = IN_THE_SANDBOX,
        per_second: float = 1_000_000,
        marks: FakeMarks | None = None,
        connections: int = 100,
    ) -> None:
        self.marks, self.provider = marks or FakeMarks(), provider or FakeProvider()
        self.marks.snapshot("e1")
        self.now = datetime(2026, 11, 22, 13, 2, tzinfo=UTC)
        self.permits, tokens = FakePermits(), count()
        self.chance = 0.0
        admission = Admission(self.provider, self.permits, per_second, connections)
        self.sender = Sender(
            self.marks,
            self.provider,
            admission,
            max_attempts,
            lambda: self.now,
            lambda: f"token {next(tokens)}",
            border,
            lambda: self.chance,
        )

    def send(self, batch: Batch) -> Outcome:
        return asyncio.run(self.sender.send(batch))

    def sent(self, batch: Batch) -> Sent:
        outcome = self.send(batch)
        assert isinstance(outcome, Sent), outcome
        return outcome

    def done(self, batch: Batch) -> Sent:
        """Send, and do what the actor does after it: hand on, then give the lease back."""
        sent = self.sent(batch)
        turn = sent.rest.turn if sent.rest else batch.turn
        asyncio.run(self.marks.free(batch, sent.token, turn))
        return sent

    def letters(self, batch: Batch) -> str | None:
        return asyncio.run(self.marks.read(batch))

    def in_air(self, batch: Batch) -> None:
        """Another runner called for everybody and died before any answer."""
        asyncio.run(self.marks.acquire(batch, "dead"))
        asyncio.run(self.marks.begin(batch, "dead", batch.recipients))
        self.marks.lapse(batch)


def test_everybody_accepted_is_settled_and_nothing_is_left() -> None:
    office = Office()

    sent = office.sent(a_batch(3))

    assert sent.settled.letters == "aaa"
    assert sent.settled.first_at == sent.settled.last_at == office.now
    assert sent.rest is None


# -- lease, turn, epoch --------------------------------------------------------------------------------


def test_a_copy_that_meets_a_live_lease_waits_five_seconds() -> None:
    office, batch = Office(), a_batch()
    asyncio.run(office.marks.acquire(batch, "another"))

    outcome = office.send(batch)

    assert outcome == Wait(No.LEASED, timedelta(seconds=5))
    assert not office.provider.called


def test_without_a_snapshot_nothing_is_sent_and_the_message_waits() -> None:
    office = Office()
    office.marks.flush()

    outcome = office.send(a_batch())

    assert outcome == Wait(No.NO_SNAPSHOT, timedelta(seconds=2))
    assert not office.provider.called


def test_a_copy_of_another_epoch_is_dropped() -> None:
    office = Office()
    office.marks.snapshot("e2")

    assert office.send(a_batch(epoch="e1")) == Dropped(No.OTHER_EPOCH)


def test_a_copy_of_an_older_turn_is_dropped() -> None:
    office = Office()
    office.done(a_batch(turn=1))

    assert office.send(a_batch(turn=0)) == Dropped(No.OLD_TURN)


def test_a_second_copy_calls_nobody_and_settles_the_same() -> None:
    office, batch = Office(), a_batch(3)
    office.done(batch)

    again = office.done(batch)

    assert again.settled.letters == "aaa"
    assert office.provider.called == [0, 1, 2]


def test_an_epoch_that_changes_while_it_runs_ends_the_run() -> None:
    provider = FakeProvider(calls_at_once=1)
    office = Office(provider)
    provider.on_call = lambda position: office.marks.snapshot("e2") if position == 1 else None

    sent = office.sent(a_batch(3))

    assert sent.settled.letters == "aa."
    assert sent.rest is None, "the clock publishes it anew under the new epoch"


def test_a_snapshot_lost_while_it_runs_leaves_the_rest_to_wait_without_costing_an_attempt() -> None:
    provider = FakeProvider(calls_at_once=1)
    office = Office(provider)

    def lose(_position: int) -> None:
        office.marks.epoch = None

    provider.on_call = lose

    sent = office.sent(a_batch_to([a_recipient(position, tries=1) for position in range(3)]))

    assert sent.settled.letters == "a.."
    assert sent.rest is not None
    assert [r.position for r in sent.rest.recipients] == [1, 2]
    assert [r.tries for r in sent.rest.recipients] == [1, 1]
    assert sent.wait == timedelta(seconds=2)


def test_what_was_accepted_is_settled_even_if_the_marks_are_gone() -> None:
    provider = FakeProvider(calls_at_once=1)
    office = Office(provider)
    provider.on_call = lambda position: office.marks.flush() if position == 1 else None

    sent = office.sent(a_batch(3))

    assert sent.settled.letters == "aa."


def test_a_lost_lease_hands_on_what_is_left() -> None:
    provider, batch = FakeProvider(calls_at_once=1), a_batch(3)
    office = Office(provider)
    provider.on_call = lambda _position: office.marks.lapse(batch)

    sent = office.sent(batch)

    assert sent.settled.letters == "a.."
    assert sent.rest is not None, "perhaps nobody took the lease over: only a sweep would find them"
    assert [r.position for r in sent.rest.recipients] == [1, 2]


# -- pauses and stops ----------------------------------------------------------------------------------

WHILE_PAUSED = [(Lane.URGENT, timedelta(seconds=5)), (Lane.NORMAL, timedelta(seconds=15))]


@pytest.mark.parametrize("lane, wait", WHILE_PAUSED)
def test_a_paused_batch_waits_and_costs_no_attempt_and_no_turn(lane: Lane, wait: timedelta) -> None:
    office, batch = Office(), a_batch(lane=lane)
    office.marks.snapshot("e1", paused=["everything"])

    outcome = office.send(batch)

    assert outcome == Wait(No.PAUSED, wait), "the same message comes again"
    assert not office.provider.called


@pytest.mark.parametrize("lane, wait", WHILE_PAUSED)
def test_a_pause_while_it_runs_leaves_the_rest_to_wait_without_costing_an_attempt(lane: Lane, wait: timedelta) -> None:
    provider = FakeProvider(calls_at_once=1)
    office = Office(provider)
    provider.on_call = lambda _position: office.marks.snapshot("e1", paused=["outage:INC-1"])

    sent = office.sent(a_batch_to([a_recipient(position, tries=1) for position in range(3)], turn=4, lane=lane))

    assert sent.settled.letters == "a.."
    assert sent.rest is not None
    assert [r.position for r in sent.rest.recipients] == [1, 2]
    assert [r.tries for r in sent.rest.recipients] == [1, 1]
    assert (sent.rest.turn, sent.wait) == (5, wait)


def test_after_a_pause_the_rest_is_called_once() -> None:
    provider = FakeProvider(calls_at_once=1)
    office = Office(provider)
    provider.on_call = lambda _position: office.marks.snapshot("e1", paused=["everything"])
    first = office.done(a_batch(3))
    assert first.rest is not None
    provider.on_call = lambda _position: None
    waited = [office.send(first.rest) for _ in range(1_200)]

    office.marks.snapshot("e1")
    second = office.done(first.rest)

    assert set(waited) == {Wait(No.PAUSED, timedelta(seconds=5))}
    assert second.settled.letters == "aaa"
    assert provider.called == [0, 1, 2]


def test_in_a_pause_a_patient_answer_is_kept_beside_the_pauses_own_wait() -> None:
    asked = Refused(transient=True, retry_after=timedelta(seconds=40))
    provider = FakeProvider({0: [asked]}, calls_at_once=1)
    office = Office(provider)
    provider.on_call = lambda _position: office.marks.snapshot("e1", paused=["everything"])

    sent = office.sent(a_batch(2))

    assert sent.rest is not None
    assert sent.wait == timedelta(seconds=5)
    assert [r.not_before - office.now.timestamp() for r in sent.rest.recipients[:1]] == [40]


def test_a_paused_batch_that_has_expired_does_not_go_round_for_ever() -> None:
    office, batch = Office(), a_batch()
    office.marks.snapshot("e1", paused=["everything"])
    office.now = batch.expires_at

    assert office.send(batch) == Dropped(No.PAUSED), "its stop may be gone from the snapshot by now"


def test_a_stopped_batch_is_dropped() -> None:
    office, batch = Office(), a_batch()
    office.marks.snapshot("e1", stopped=[f"{batch.notice_id}:email"])

    assert office.send(batch) == Dropped(No.STOPPED)
    assert not office.provider.called


def test_a_stop_while_it_runs_settles_what_is_known_and_hands_nothing_on() -> None:
    provider, batch = FakeProvider(calls_at_once=1), a_batch(3)
    office = Office(provider)
    provider.on_call = lambda _position: office.marks.snapshot("e1", stopped=[f"{batch.notice_id}:email"])

    sent = office.sent(batch)

    assert sent.settled.letters == "a.."
    assert sent.rest is None, "the ledger pulls the rest"
    assert provider.called == [0]


# -- who is not called ---------------------------------------------------------------------------------


def test_a_suppressed_recipient_is_never_called() -> None:
    office = Office()
    office.marks.snapshot("e1", {"email:101": "S"})

    sent = office.sent(a_batch(3))

    assert sent.settled.letters == "aSa"
    assert office.provider.called == [0, 2]


GUESTS = frozenset({"reader1@nordwind.example"})


def test_who_is_no_guest_ends_without_a_call() -> None:
    office = Office(border=Border(Mode.GUESTS, GUESTS))

    sent = office.sent(a_batch(3, mode="live"))

    assert sent.settled.letters == "GaG"
    assert office.provider.called == [1]


def test_who_was_no_guest_is_not_called_by_a_later_copy_of_another_dispatch() -> None:
    strict = Office(border=Border(Mode.GUESTS, GUESTS))
    strict.done(a_batch(3, mode="live"))
    lenient = Office(border=Border(Mode.LIVE), marks=strict.marks)

    sent = lenient.sent(a_batch(3, mode="live"))

    assert sent.settled.letters == "GaG"
    assert not lenient.provider.called


def test_a_batch_of_a_mode_that_is_not_known_is_not_begun() -> None:
    office, batch = Office(), a_batch(mode="everywhere")

    with pytest.raises(ValueError, match="everywhere"):
        office.send(batch)

    assert office.letters(batch) is None


def test_an_expired_batch_is_never_called() -> None:
    office = Office()

    sent = office.sent(a_batch(3, expires_at=datetime.now(UTC) - timedelta(seconds=1)))

    assert sent.settled.letters == "XXX"
    assert sent.settled.first_at is None
    assert not office.provider.called


def test_a_call_begun_more_than_two_seconds_ago_is_not_made() -> None:
    office = Office()

    def stall() -> None:
        office.now += timedelta(seconds=2.1)

    office.marks.before_begin = stall

    sent = office.sent(a_batch(1))

    assert not office.provider.called
    assert sent.rest is not None and office.letters(sent.rest) == "."


def test_a_batch_has_no_more_calls_in_the_air_than_the_provider_takes_at_once() -> None:
    provider, batch = FakeProvider(calls_at_once=2), a_batch(5)
    provider.seconds = 0.01
    office = Office(provider)
    seen: list[int] = []
    provider.on_call = lambda _position: seen.append(office.marks.peek(batch).count("?"))

    office.sent(batch)

    assert max(seen) == 2, "a call that waits for its turn is not yet begun"


# -- what follows an answer ----------------------------------------------------------------------------


def test_a_refusal_for_now_costs_an_attempt_and_is_handed_on_one_turn_later() -> None:
    office = Office(FakeProvider({1: [BUSY]}))

    sent = office.sent(a_batch(3, turn=4))

    assert sent.settled.letters == "a.a"
    assert sent.rest is not None
    assert sent.rest.turn == 5
    assert [(r.position, r.tries) for r in sent.rest.recipients] == [(1, 1)]
    assert sent.rest.size == 3
    assert sent.wait == timedelta(seconds=2)


def test_batches_that_failed_together_come_back_apart_and_after_their_wait_on_average() -> None:
    waits = []
    for chance in (0.1, 0.3, 0.5, 0.7, 0.9):
        office = Office(FakeProvider({0: [BUSY], 1: [BUSY]}), max_attempts=5)
        office.chance = chance
        sent = office.sent(a_batch_to([a_recipient(position, tries=2) for position in range(2)]))
        assert sent.rest is not None and {r.not_before for r in sent.rest.recipients} == {0.0}, (
            "all of a batch together"
        )
        waits.append(sent.wait.total_seconds())

    assert waits == [15, 5, 5, 5, 5] and 5 < 8 < 15, "8 s after the third attempt"


def test_nobody_comes_back_sooner_than_the_provider_asked() -> None:
    asked = Refused(transient=True, retry_after=timedelta(seconds=7))
    for chance in (0.0, 0.999):
        office = Office(FakeProvider({0: [asked]}), max_attempts=5)
        office.chance = chance

        assert office.sent(a_batch_to([a_recipient(0, tries=2)])).wait >= timedelta(seconds=7)


def test_what_was_handed_on_is_accepted_at_the_next_attempt() -> None:
    office = Office(FakeProvider({1: [BUSY, BUSY]}))
    first = office.done(a_batch(3))
    assert first.rest is not None
    second = office.done(first.rest)
    assert second.rest is not None

    third = office.done(second.rest)

    assert third.settled.letters == "aaa"
    assert office.provider.called == [0, 1, 2, 1, 1]


def test_who_is_asked_to_wait_long_holds_up_nobody_else() -> None:
    asked = Refused(transient=True, retry_after=timedelta(seconds=40))
    office = Office(FakeProvider({0: [BUSY], 1: [asked]}))
    first = office.done(a_batch(2))
    assert first.rest is not None and first.wait == timedelta(seconds=2)

    office.now += timedelta(seconds=3)
    second = office.done(first.rest)
    assert second.rest is not None
    assert (second.settled.letters, second.wait) == ("a.", timedelta(seconds=37)), "not called before its time"

    office.now += timedelta(seconds=38)
    assert office.done(second.rest).settled.letters == "aa"


def test_attempts_are_each_ones_own() -> None:
    away = NotReached(timedelta(seconds=2))
    office = Office(FakeProvider({0: [BUSY] * 3, 1: [away, away, BUSY]}), max_attempts=3)
    batch = a_batch(2)
    for letters in ("..", ".."):
        sent = office.done(batch)
        assert sent.settled.letters == letters and sent.rest is not None
        batch = sent.rest
        office.now += timedelta(seconds=10)

    assert office.done(batch).settled.letters == "T.", "two rounds of being throttled are no attempts"


def test_a_run_ends_after_half_a_minute_and_hands_on_the_rest() -> None:
    provider = FakeProvider(calls_at_once=1)
    office = Office(provider)

    def pass_time(_position: int) -> None:
        office.now += timedelta(seconds=16)

    provider.on_call = pass_time
    sent = office.sent(a_batch(5))

    assert sent.settled.letters == "aa..."
    assert sent.rest is not None and [r.tries for r in sent.rest.recipients] == [0, 0, 0]


def test_told_to_end_no_call_begins_and_what_is_left_is_handed_on_soon() -> None:
    provider = FakeProvider(calls_at_once=1)
    office = Office(provider)
    provider.on_call = lambda _position: office.sender.close()

    sent = office.sent(a_batch(5))

    assert sent.settled.letters == "a....", "the call in the air is heard to its end"
    assert sent.wait == timedelta(seconds=2)
    assert sent.rest is not None and [(r.position, r.tries) for r in sent.rest.recipients] == [
        (n, 0) for n in (1, 2, 3, 4)
    ]
    assert office.letters(sent.rest) == "a....", "nobody is in the air"


def test_told_to_end_a_call_that_waits_for_its_connection_does_not_begin() -> None:
    provider = FakeProvider(calls_at_once=5)
    provider.seconds = 0.01
    office = Office(provider, connections=1)
    provider.on_call = lambda _position: office.sender.close()

    sent = office.sent(a_batch(5))

    assert sorted(sent.settled.letters) == [*"....", "a"]
    assert len(provider.called) == 1
    assert sent.rest is not None and office.letters(sent.rest) == sent.settled.letters


def test_told_to_end_a_batch_that_comes_later_is_handed_on_without_a_call() -> None:
    office = Office()
    office.sender.close()

    sent = office.sent(a_batch(3))

    assert (sent.settled.letters, office.provider.called) == ("...", [])
    assert sent.rest is not None and sent.rest.turn == 1


def test_a_provider_that_is_away_costs_no_attempt() -> None:
    office = Office(FakeProvider({0: [NotReached()] * 3}), max_attempts=1)
    batch = a_batch(1)

    for _ in range(3):
        sent = office.done(batch)
        assert sent.settled.letters == "."
        assert sent.rest is not None
        batch = sent.rest

    assert batch.recipients[0].tries == 0
    assert office.done(batch).settled.letters == "a"


def test_rounds_without_a_permit_or_with_answers_make_no_later_blip_longer() -> None:
    office = Office(FakeProvider({1: [BUSY] * 3, 0: [NotReached()] * 2}), max_attempts=9)
    office.permits.wait = timedelta(seconds=7)
    batch = a_batch_to([a_recipient(1)], size=2)
    for _ in range(6):
        batch = left_by(office.done(batch))
    office.permits.wait = None
    for _ in range(3):
        batch = left_by(office.done(batch))
        office.now += timedelta(minutes=1)
    assert batch.turn == 9

    blip = office.done(batch.model_copy(update={"recipients": [a_recipient(0)]}))

    assert blip.wait == timedelta(seconds=2)
    assert office.done(left_by(blip)).wait == timedelta(seconds=5), "and the waits of one that stays away grow"


def left_by(sent: Sent) -> Batch:
    assert sent.rest is not None
    return sent.rest


def test_attempts_are_spent() -> None:
    office = Office(FakeProvider({0: [BUSY] * 9}), max_attempts=2)
    first = office.done(a_batch(1))
    assert first.rest is not None

    second = office.done(first.rest)

    assert second.settled.letters == "T"
    assert second.rest is None
    assert len(office.provider.called) == 2


def test_a_permanent_refusal_ends_at_once() -> None:
    office = Office(FakeProvider({0: [NO_SUCH_MAILBOX]}))

    sent = office.sent(a_batch(2))

    assert sent.settled.letters == "Ra"
    assert sent.rest is None


# -- calls whose answer never came ---------------------------------------------------------------------


def test_an_unanswered_call_is_repeated_once_on_the_urgent_lane() -> None:
    office = Office(FakeProvider({0: [Unanswered(), Accepted()]}))
    first = office.done(a_batch(1))
    assert first.rest is not None and office.letters(first.rest) == "?"

    second = office.done(first.rest)

    assert second.settled.letters == "a"
    assert office.provider.called == [0, 0]


def test_a_call_unanswered_twice_is_unknown_and_not_made_a_third_time() -> None:
    office = Office(FakeProvider({0: [Unanswered()] * 9}), max_attempts=9)
    first = office.done(a_batch(1))
    assert first.rest is not None

    second = office.done(first.rest)

    assert second.settled.letters == "u"
    assert second.rest is None
    assert office.provider.called == [0, 0]


@pytest.mark.parametrize("lane", OTHER_LANES)
def test_an_unanswered_call_is_unknown_at_once_on_other_lanes(lane: Lane) -> None:
    office = Office(FakeProvider({0: [Unanswered()]}))

    sent = office.sent(a_batch(1, lane=lane))

    assert sent.settled.letters == "u"
    assert sent.rest is None


def test_refusals_between_do_not_earn_an_unanswered_call_a_third_chance() -> None:
    office = Office(FakeProvider({0: [Unanswered(), BUSY, Unanswered(), Accepted()]}), max_attempts=9)
    batch: Batch | None = a_batch(1)
    while batch is not None:
        sent = office.done(batch)
        batch = sent.rest

    assert sent.settled.letters == "u"
    assert office.provider.called == [0, 0, 0], "two calls without an answer, one refused between"


@pytest.mark.parametrize("refusal", [BUSY, NO_SUCH_MAILBOX])
def test_a_refused_repeat_leaves_the_first_call_unknown(refusal: Refused) -> None:
    office = Office(FakeProvider({0: [Unanswered(), refusal]}), max_attempts=2)
    first = office.done(a_batch(1))
    assert first.rest is not None

    second = office.done(first.rest)

    assert second.settled.letters == "u", "it may have been accepted: failed would be a lie"


def test_the_next_runner_repeats_what_a_dead_one_left_in_the_air_on_the_urgent_lane() -> None:
    office, batch = Office(), a_batch(2)
    office.in_air(batch)

    sent = office.sent(batch)

    assert sent.settled.letters == "aa"
    assert sorted(office.provider.called) == [0, 1]


@pytest.mark.parametrize("lane", OTHER_LANES)
def test_the_next_runner_settles_unknown_what_a_dead_one_left_in_the_air(lane: Lane) -> None:
    office, batch = Office(), a_batch(2, lane=lane)
    office.in_air(batch)

    sent = office.sent(batch)

    assert sent.settled.letters == "uu"
    assert not office.provider.called


def test_what_two_dead_runners_left_in_the_air_is_called_no_more() -> None:
    office, batch = Office(), a_batch(1)
    office.in_air(batch)
    office.in_air(batch)

    sent = office.sent(batch)

    assert sent.settled.letters == "u"
    assert not office.provider.called


# -- settling ------------------------------------------------------------------------------------------


def test_a_run_settles_all_positions_of_its_batch_from_the_marks() -> None:
    office = Office(FakeProvider({1: [BUSY]}))
    first = office.done(a_batch(3))
    assert first.rest is not None

    second = office.done(first.rest)

    assert second.settled.letters == "aaa", "also those that only the first run called"


def test_a_raised_call_leaves_the_others_to_hear_their_answers() -> None:
    provider = FakeProvider({1: [RuntimeError("a bug")]}, calls_at_once=3)
    provider.seconds = 0.01
    office, batch = Office(provider), a_batch(3)

    sent = office.sent(batch)

    assert isinstance(sent.raised, RuntimeError)
    assert sent.settled.letters == "a.a"
    assert office.letters(batch) == "a?a"
    assert sent.rest is not None
    assert [r.position for r in sent.rest.recipients] == [1], "only who was not heard is tried again"


def test_after_a_raised_call_no_other_begins() -> None:
    provider = FakeProvider({0: [RuntimeError("a bug")]}, calls_at_once=1)
    office, batch = Office(provider), a_batch(3)

    office.sent(batch)

    assert office.letters(batch) == "?.."


def test_calls_are_of_the_providers_own_size() -> None:
    office = Office(FakeProvider(call_size=2))

    sent = office.sent(a_batch(5))

    assert sent.settled.letters == "aaaaa"
    assert Counter(office.provider.called) == Counter(range(5))


# -- permits -------------------------------------------------------------------------------------------


def test_a_call_is_worth_a_fifth_of_a_seconds_cap_at_most() -> None:
    office = Office(FakeProvider(call_size=50, calls_at_once=1), per_second=14)
    sizes: list[int] = []
    office.marks.before_begin = lambda: sizes.append(office.permits.asked[-1][1])

    office.sent(a_batch(5))

    assert sizes[0] == 2, "a provider that takes 14 a second is not called for 50"


def test_waiting_for_a_permit_costs_no_attempt_and_what_is_left_waits_as_long_as_told() -> None:
    office = Office()
    office.permits.wait = timedelta(seconds=7)

    sent = office.sent(a_batch_to([a_recipient(position, tries=1) for position in range(3)], turn=4))

    assert not office.provider.called
    assert (sent.settled.letters, sent.wait) == ("...", timedelta(seconds=7))
    assert sent.rest is not None and sent.rest.turn == 5
    assert [(r.position, r.tries) for r in sent.rest.recipients] == [(0, 1), (1, 1), (2, 1)]
    assert office.letters(sent.rest) == "...", "nobody is in the air before there is a permit"


def test_a_call_waits_for_its_permit_no_longer_than_its_run_may_last() -> None:
    provider = FakeProvider(calls_at_once=1)
    office = Office(provider)

    def pass_time(_position: int) -> None:
        office.now += timedelta(seconds=16)

    provider.on_call = pass_time
    office.sent(a_batch(5))

    assert office.permits.patience == [30, 14]


def test_a_pause_that_comes_while_a_call_waits_for_its_permit_still_holds_it() -> None:
    office = Office()
    office.marks.before_begin = lambda: office.marks.snapshot("e1", paused=["everything"])

    sent = office.sent(a_batch(3))

    assert office.permits.asked, "the permit was there before the pause was seen"
    assert not office.provider.called and sent.settled.letters == "..."


def test_who_may_not_be_called_needs_no_permit() -> None:
    office = Office(border=Border(Mode.GUESTS, GUESTS))
    office.sent(a_batch(3, mode="live"))
    assert office.permits.asked == [(Lane.URGENT, 1)]

    office = Office()
    assert office.sent(a_batch(3, expires_at=office.now)).settled.letters == "XXX"
    assert not office.permits.asked


def test_a_run_says_whom_it_called_at_which_attempt() -> None:
    office = Office(FakeProvider({1: [BUSY]}))
    first = office.done(a_batch(3))
    assert first.rest is not None
    office.now += timedelta(seconds=3)

    second = office.done(first.rest)

    assert (first.called, second.called) == ({("fake", 1): 3}, {("fake", 2): 1})
