"""Laws of a provider behind a breaker and of the one that is called instead, both answering as they are told."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from itertools import count

import pytest
from prometheus_client import REGISTRY

from forewarn.contracts.messages import Batch
from forewarn.delivery import Accepted, Answer, NotReached, Refused, Unanswered
from services.dispatch.breaker import Breaker, State
from services.dispatch.fallback import OTHER_WAY, Fallback
from services.dispatch.ports import Connected
from tests.support.batches import a_batch, a_recipient
from tests.support.provider import FakeProvider

YES, AWAY, UNHEARD, THROTTLED = Accepted(), NotReached(), Unanswered(), NotReached(timedelta(seconds=2))
FAILING = [AWAY, UNHEARD]


class Ways:
    """SES of 50 a call, a relay of one, and a clock that stands still unless moved; batches of a hundred."""

    def __init__(self, answers: Sequence[Answer | Exception], *, secondary: bool = True, people: int = 5) -> None:
        """Each of the first `people` is answered so by SES; everybody is accepted afterwards."""
        self.ses = FakeProvider(dict.fromkeys(range(people), answers), call_size=50, calls_at_once=8)
        self.relay = FakeProvider(calls_at_once=4)
        self.ses.account, self.relay.account = "ses:eu-central-1:-", "smtp:127.0.0.1:25"
        self.ses.cap_per_second = 14.0
        self.now = 1000.0
        self.way = Fallback(self.ses, self.relay if secondary else None, Breaker(), lambda: self.now)
        self._batches = count(1)

    def prepared(self, **batch: object) -> Connected:
        return self.way.prepare(a_batch(100, batch_id=next(self._batches), **batch))

    def call(self, size: int | None = None, first: int = 0, by: Connected | None = None) -> list[Answer]:
        """One call of this size, or of the size that is asked for now."""
        people = [a_recipient(first + place) for place in range(size or self.way.call_size)]
        return list(asyncio.run((by or self.prepared()).call(people)))

    def is_(self, state: State) -> bool:
        return self.way.state is state

    def opened(self) -> "Ways":
        """After five calls to five people that failed."""
        for place in range(5):
            assert self.call(1, place) in ([AWAY], [OTHER_WAY], [UNHEARD])
        assert self.is_(State.OPEN)
        self.ses.called.clear()
        return self


def ways(*answers: Answer | Exception, secondary: bool = True, people: int = 5) -> Ways:
    return Ways(answers, secondary=secondary, people=people)


def gauge() -> float | None:
    return REGISTRY.get_sample_value("forewarn_breaker_state", {"provider": "ses"})


def test_closed_it_is_the_primary() -> None:
    both = ways()

    assert both.call() == [YES] * 50
    assert (both.way.account, both.way.cap_per_second, both.way.calls_at_once) == ("ses:eu-central-1:-", 14.0, 8)
    assert both.ses.called == list(range(50)) and not both.relay.called


@pytest.mark.parametrize("failing", FAILING)
def test_open_it_is_the_secondary_in_its_own_size_and_under_its_own_account(failing: Answer) -> None:
    both = ways(failing).opened()

    assert (both.way.account, both.way.call_size, both.way.calls_at_once) == ("smtp:127.0.0.1:25", 1, 4)
    assert both.way.cap_per_second is None
    assert both.call(first=7) == [YES]
    assert both.relay.called == [7] and not both.ses.called


@pytest.mark.parametrize("failing", FAILING)
def test_a_call_that_failed_is_never_made_by_the_other_provider(failing: Answer) -> None:
    both = ways(*[failing] * 5, people=50)

    *answers, last = [both.call(50) for _ in range(5)]

    assert answers == [[failing] * 50] * 4
    assert last == [OTHER_WAY if failing == AWAY else UNHEARD] * 50, "this one opened the breaker"
    assert not both.relay.called


def test_whoever_tries_in_vain_comes_again_at_once_and_goes_by_the_secondary() -> None:
    """Else somebody who comes back alone, each time after 15 s, would try until the primary is back."""
    both = ways(*[AWAY] * 9).opened()
    both.now += 60

    assert both.call(1, 0) == [OTHER_WAY]
    both.now += 2
    assert both.call(1, 0) == [YES] and both.relay.called == [0]


def test_without_a_secondary_a_provider_that_is_away_is_asked_after_longer_and_longer_waits() -> None:
    alone = ways(AWAY, secondary=False)

    assert [alone.call(1, place) for place in range(5)] == [[AWAY]] * 5


def test_a_call_of_the_old_size_after_the_way_changed_is_not_made_and_comes_again_at_once() -> None:
    both = ways(AWAY)
    before = both.prepared()
    both.opened()

    answers = both.call(50, by=before)

    assert answers == [OTHER_WAY] * 50 == [NotReached(timedelta(0))] * 50
    assert not both.ses.called and not both.relay.called


def test_one_batch_goes_by_both_if_the_way_changes_in_its_middle() -> None:
    both = ways(AWAY)
    batch = both.prepared()
    assert both.call(1, 49, by=batch) == [YES]
    both.opened()

    assert both.call(1, 50, by=batch) == [YES]
    assert both.relay.called == [50]


def test_half_open_one_person_tries_and_the_others_go_by_the_secondary_until_an_answer_came() -> None:
    both = ways(AWAY).opened()
    both.now += 15

    async def at_once() -> list[Sequence[Answer]]:
        connected = both.prepared()
        return await asyncio.gather(*(connected.call([a_recipient(place)]) for place in range(10, 14)))

    assert both.is_(State.HALF_OPEN) and gauge() == 1
    assert both.way.call_size == 1
    assert asyncio.run(at_once()) == [[YES]] * 4
    assert len(both.ses.called) == 1 and len(both.relay.called) == 3
    assert both.is_(State.CLOSED) and both.way.call_size == 50


def test_half_open_no_call_of_fifty_tries() -> None:
    both = ways(AWAY).opened()
    both.now += 15

    assert both.call(50) == [OTHER_WAY] * 50
    assert both.call(1, 60) == [YES] and both.ses.called == [60]


def test_without_a_secondary_nobody_is_called_and_all_come_again_when_the_breaker_will_ask() -> None:
    alone = ways(AWAY, secondary=False).opened()
    alone.now += 5

    assert alone.call() == [NotReached(timedelta(seconds=10))] * 50
    assert not alone.ses.called
    alone.now += 10
    assert alone.call(50) == [OTHER_WAY] * 50
    assert alone.call() == [YES], "half-open: one person tries"
    assert alone.call() == [YES] * 50


def test_a_throttling_provider_is_not_left() -> None:
    both = ways(*[THROTTLED] * 30, people=50)

    assert {answer for _ in range(30) for answer in both.call()} == {THROTTLED}
    assert both.is_(State.CLOSED)


def test_refusals_of_people_are_no_fault_of_the_provider() -> None:
    both = ways(*[Refused(transient=True)] * 30, people=50)

    for _ in range(30):
        both.call()

    assert both.is_(State.CLOSED)


def test_a_call_that_raises_has_failed_and_leaves_no_trial_open() -> None:
    both = ways(RuntimeError("as a bug would"), people=6)
    for place in range(5):
        with pytest.raises(RuntimeError):
            both.call(1, place)
    assert both.is_(State.OPEN)
    both.now += 15
    with pytest.raises(RuntimeError):
        both.call(1, 5)
    assert both.is_(State.OPEN)
    both.now += 15

    assert both.call(1, 60) == [YES] and both.ses.called[-1] == 60


def test_a_secondary_that_fails_too_is_left_alone_by_a_breaker_of_its_own() -> None:
    both = ways(AWAY)
    both.relay = FakeProvider({place: [AWAY] for place in range(5)})
    both.relay.account = "smtp:127.0.0.1:25"
    behind = Fallback(both.relay, None, Breaker(), lambda: both.now)
    both.way = Fallback(both.ses, behind, Breaker(), lambda: both.now)
    both.opened()
    both.now += 1
    for place in range(5):
        assert both.call(1, place) == [AWAY]

    both.now += 2
    assert both.call(1, 9) == [NotReached(timedelta(seconds=13))]
    assert len(both.relay.called) == 5
    both.now += 12  # the primary's 15 s are over, the secondary's not yet
    assert both.call(1, 9) == [YES] and both.ses.called == [9], "the primary tries first"


def test_words_that_the_secondary_cannot_prepare_end_nobody() -> None:
    both = ways(AWAY)

    def unable(batch: Batch) -> FakeProvider:
        raise ValueError("no such sender by this way")

    both.relay.prepare = unable  # type: ignore[method-assign]
    batch = both.prepared()
    both.opened()

    assert both.call(1, 70, by=batch) == [NotReached()]


def test_words_that_cannot_be_prepared_are_found_before_anybody_is_marked_as_being_called() -> None:
    both = ways()

    def unable(batch: Batch) -> FakeProvider:
        raise ValueError("a sender that could forge a header")

    both.ses.prepare = unable  # type: ignore[method-assign]

    with pytest.raises(ValueError, match="forge"):
        both.prepared()


def test_the_state_is_a_metric() -> None:
    both = ways(AWAY)
    assert gauge() == 0

    both.opened()

    assert gauge() == 2


def test_both_are_closed() -> None:
    both = ways()
    ended: list[str] = []

    async def ends(name: str) -> None:
        ended.append(name)

    both.ses.close = lambda: ends("ses")  # type: ignore[method-assign]
    both.relay.close = lambda: ends("relay")  # type: ignore[method-assign]

    asyncio.run(both.way.close())

    assert ended == ["ses", "relay"]
