"""Laws of the breaker, against a model that remembers every call."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from forewarn.delivery import Accepted, Answer, NotReached, Refused, Unanswered
from services.dispatch.breaker import OPEN_SECONDS, Breaker, Result, State, result_of

AWAY, UNHEARD, THROTTLED = NotReached(), Unanswered(), NotReached(timedelta(seconds=2))
NO, LATER, YES = Refused(transient=False), Refused(transient=True), Accepted()

FAILING = st.sampled_from([AWAY, UNHEARD])
OF_A_PERSON = st.sampled_from([YES, NO, LATER])
UNASKED = st.sampled_from([Refused(False, asked=False), NotReached(timedelta(seconds=2), asked=False)])
ANY = st.one_of(FAILING, OF_A_PERSON, UNASKED, st.just(THROTTLED))

FAILED, FINE = Result.UNANSWERED, Result.ANSWERED


def fed(breaker: Breaker, results: str, at: float = 100.0, apart: float = 0.0) -> float:
    """Calls one after the other, `x` failing; when the last was heard. Calls that are not admitted fail the test."""
    for letter in results:
        admitted = breaker.admit(at)
        assert admitted is not None
        breaker.heard(admitted, FAILED if letter == "x" else FINE, at)
        at += apart
    return at - apart


# -- what a call came to -------------------------------------------------------------------------------


@given(st.lists(ANY, max_size=50), OF_A_PERSON, st.lists(ANY, max_size=50))
def test_a_call_in_which_anybody_was_answered_is_answered(
    before: list[Answer], one: Answer, after: list[Answer]
) -> None:
    assert result_of([*before, one, *after]) is Result.ANSWERED


@given(st.lists(FAILING, min_size=1, max_size=50))
def test_a_call_in_which_nobody_was_answered_has_failed(answers: list[Answer]) -> None:
    result = result_of(answers)
    assert result is not None and result.failed
    assert (result_of(answers) is Result.NOT_REACHED) == (Unanswered() not in answers)


@given(st.lists(FAILING, max_size=50))
def test_a_throttled_call_has_not_failed(answers: list[Answer]) -> None:
    assert result_of([*answers, THROTTLED]) is Result.THROTTLED
    assert not Result.THROTTLED.failed


@given(st.lists(UNASKED))
def test_what_nobody_was_asked_is_no_call(answers: list[Answer]) -> None:
    assert result_of(answers) is None


@given(st.lists(UNASKED), st.lists(ANY, min_size=1), st.lists(UNASKED))
def test_who_was_not_asked_does_not_change_what_the_others_came_to(
    before: list[Answer], asked: list[Answer], after: list[Answer]
) -> None:
    assert result_of([*before, *asked, *after]) is result_of(asked)


# -- one life after the other --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "calls, state",
    [
        ("xxxx", State.CLOSED),
        ("xxxxx", State.OPEN),
        ("xxxx.xxxx.", State.CLOSED),
        ("xxx." * 4 + "xx.", State.CLOSED),  # 19 calls, 14 of them failing, never 5 in a row
        ("xxx." * 4 + "xx.x", State.OPEN),
        (".x" * 9 + ".", State.CLOSED),
        (".x" * 10, State.OPEN),
        ("..x" * 20, State.CLOSED),
    ],
)
def test_it_opens_after_five_in_a_row_or_half_of_twenty(calls: str, state: State) -> None:
    breaker = Breaker()

    at = fed(breaker, calls)

    assert breaker.state(at) is state


def test_what_failed_more_than_ten_seconds_ago_counts_no_more() -> None:
    breaker = Breaker()

    fed(breaker, ".x" * 9, at=100.0)
    fed(breaker, ".x" * 9, at=110.0)

    assert breaker.state(110.0) is State.CLOSED
    fed(breaker, ".x", at=119.9)
    assert breaker.state(119.9) is State.OPEN


def test_open_it_admits_nobody_for_fifteen_seconds_and_says_how_long_that_is() -> None:
    breaker = Breaker()
    fed(breaker, "xxxxx", at=100.0)

    assert breaker.admit(100.0) is None and breaker.admit(114.9) is None
    assert breaker.wait(105.0) == 10.0


def test_half_open_one_call_tries_and_an_answer_closes() -> None:
    breaker = Breaker()
    fed(breaker, "xxxxx", at=100.0)

    probe = breaker.admit(115.0)

    assert probe is not None and breaker.admit(115.0) is None
    assert breaker.wait(115.0) == 2.0
    breaker.heard(probe, Result.THROTTLED, 116.0)
    assert breaker.state(116.0) is State.CLOSED
    fed(breaker, "xxxx", at=116.0)
    assert breaker.state(116.0) is State.CLOSED, "what failed before it opened is forgotten"


def test_a_failing_probe_opens_it_for_fifteen_seconds_more() -> None:
    breaker = Breaker()
    fed(breaker, "xxxxx", at=100.0)
    probe = breaker.admit(120.0)
    assert probe is not None

    breaker.heard(probe, FAILED, 128.0)

    assert breaker.admit(142.9) is None
    assert breaker.admit(143.0) is not None


def test_a_probe_that_was_not_made_says_nothing_and_the_next_one_may_try() -> None:
    breaker = Breaker()
    fed(breaker, "xxxxx", at=100.0)
    probe = breaker.admit(115.0)
    assert probe is not None

    breaker.heard(probe, None, 116.0)

    assert breaker.state(116.0) is State.HALF_OPEN
    assert breaker.wait(116.0) == 0
    assert breaker.admit(116.0) is not None


def test_a_call_that_was_not_made_does_not_break_a_row_of_failing_ones() -> None:
    breaker = Breaker()
    fed(breaker, "xxxx", at=100.0)
    admitted = breaker.admit(100.0)
    assert admitted is not None

    breaker.heard(admitted, None, 100.0)
    fed(breaker, "x", at=100.0)

    assert breaker.state(100.0) is State.OPEN


@pytest.mark.parametrize("late", [FAILED, FINE])
def test_what_a_call_of_an_earlier_life_comes_to_changes_nothing(late: Result) -> None:
    breaker = Breaker()
    old = breaker.admit(100.0)
    assert old is not None
    fed(breaker, "xxxxx", at=100.0)

    breaker.heard(old, late, 101.0)

    assert breaker.state(101.0) is State.OPEN and breaker.wait(101.0) == 14.0
    probe = breaker.admit(115.0)
    breaker.heard(old, late, 115.0)
    assert probe is not None and breaker.state(115.0) is State.HALF_OPEN


# -- whatever happens ----------------------------------------------------------------------------------


class Model(RuleBasedStateMachine):
    """Every word on the list; asked again from the beginning each time."""

    under_way = Bundle("under_way")

    def __init__(self) -> None:
        super().__init__()
        self.breaker = Breaker()
        self.now = 1000.0
        self.life = 0
        self.opened_at: float | None = None
        self.probe: int | None = None
        self.words: list[tuple[float, bool]] = []

    @rule(seconds=st.one_of(st.floats(0, 3), st.floats(8, 40)))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @rule(target=under_way)
    def asks(self) -> tuple[int, int] | None:
        """The right to a call, and the life of the model in which it was given."""
        admitted = self.breaker.admit(self.now)
        if self.opened_at is None:
            assert admitted is not None, "closed"
        elif self.now < self.opened_at + OPEN_SECONDS or self.probe is not None:
            assert admitted is None, "open, or somebody tries already"
        else:
            assert admitted is not None, "half-open and nobody tries"
            self.probe = admitted
        return None if admitted is None else (admitted, self.life)

    @rule(call=consumes(under_way), failed=st.booleans())
    def hears(self, call: tuple[int, int] | None, failed: bool) -> None:
        if call is None:
            return
        admitted, life = call
        self.breaker.heard(admitted, FAILED if failed else FINE, self.now)
        if life != self.life:
            return
        if self.opened_at is not None:
            self.turns(self.now if failed else None)
            return
        self.words.append((self.now, failed))
        lately = [failed for at, failed in self.words if int(at) > int(self.now) - 10]
        row = [failed for _, failed in self.words][-5:]
        if (len(row) == 5 and all(row)) or (len(lately) >= 20 and sum(lately) * 2 >= len(lately)):
            self.turns(self.now)

    @rule(call=consumes(under_way))
    def makes_no_call(self, call: tuple[int, int] | None) -> None:
        if call is None:
            return
        admitted, life = call
        self.breaker.heard(admitted, None, self.now)
        if life == self.life:
            self.probe = None

    def turns(self, opened_at: float | None) -> None:
        self.life += 1
        self.opened_at, self.probe, self.words = opened_at, None, []

    @rule(failing=st.integers(1, 12), fine=st.integers(0, 12))
    def many_are_heard(self, failing: int, fine: int) -> None:
        """Failing and fine ones in turn, as many as are let."""
        for place in range(2 * max(failing, fine)):
            if (place // 2) < (failing if place % 2 else fine):
                self.hears(self.asks(), bool(place % 2))

    @invariant()
    def agrees(self) -> None:
        open_at = self.opened_at
        expected = (
            State.CLOSED if open_at is None else State.OPEN if self.now < open_at + OPEN_SECONDS else State.HALF_OPEN
        )
        assert self.breaker.state(self.now) is expected
        may_ask = open_at is None or (expected is State.HALF_OPEN and self.probe is None)
        assert (self.breaker.wait(self.now) == 0) == may_ask


TestModel = Model.TestCase


@given(st.lists(st.floats(0, 5), max_size=200))
def test_calls_that_are_answered_never_open_it(pauses: list[float]) -> None:
    breaker, now = Breaker(), 0.0

    for pause in pauses:
        now += pause
        now = fed(breaker, ".", at=now)

    assert breaker.state(now) is State.CLOSED
