"""Laws of outcomes: letters, the overlay, the sum, and what follows an attempt."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.delivery import (
    ACCEPTED,
    IN_AIR,
    IN_AIR_AGAIN,
    LETTERS,
    LONGEST_WAIT,
    OPEN,
    UNKNOWN,
    Accepted,
    Again,
    Answer,
    Done,
    NotReached,
    Reason,
    Refused,
    State,
    Step,
    Unanswered,
    backoff,
    letter_of,
    next_step,
    overlay,
    tally,
)

FINAL = sorted(LETTERS)
LETTER = st.sampled_from([OPEN, IN_AIR, IN_AIR_AGAIN, *FINAL])
SECONDS = timedelta(seconds=1)


@st.composite
def some_marks(draw: st.DrawFn, copies: int) -> list[str]:
    """As many strings of marks, all of one length."""
    size = draw(st.integers(1, 12))
    return [draw(st.text(LETTER, min_size=size, max_size=size)) for _ in range(copies)]


# -- letters -----------------------------------------------------------------------------------------------


def test_every_reason_has_a_letter_of_its_own() -> None:
    letters = [letter_of(reason) for reason in Reason]

    assert len(set(letters)) == len(Reason)
    assert all(LETTERS[letter][1] is reason for letter, reason in zip(letters, Reason, strict=True))


def test_every_final_state_has_a_letter() -> None:
    assert {state for state, _ in LETTERS.values()} == set(State)


def test_letters_are_one_ascii_character_and_none_means_open_or_in_the_air() -> None:
    assert all(len(letter) == 1 and letter.isascii() for letter in LETTERS)
    assert not {OPEN, IN_AIR, IN_AIR_AGAIN} & set(LETTERS)


# -- overlay -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("final", FINAL)
def test_open_takes_whatever_is_final(final: str) -> None:
    assert overlay(OPEN, final) == final


@pytest.mark.parametrize("kept", FINAL)
@pytest.mark.parametrize("news", FINAL)
def test_only_unknown_changes_and_only_to_accepted(kept: str, news: str) -> None:
    expected = news if (kept, news) == (UNKNOWN, ACCEPTED) else kept

    assert overlay(kept, news) == expected


@pytest.mark.parametrize("kept", [OPEN, *FINAL])
@pytest.mark.parametrize("news", [OPEN, IN_AIR, IN_AIR_AGAIN])
def test_open_and_in_the_air_are_no_news(kept: str, news: str) -> None:
    assert overlay(kept, news) == kept


@given(some_marks(2))
def test_the_same_news_twice_changes_nothing(marks: list[str]) -> None:
    kept, news = marks

    once = overlay(kept, news)

    assert overlay(once, news) == once


@given(st.permutations([OPEN, IN_AIR, UNKNOWN, ACCEPTED, UNKNOWN, OPEN]))
def test_the_news_of_one_call_may_come_in_any_order(news: list[str]) -> None:
    kept = OPEN
    for letter in news:
        kept = overlay(kept, letter)

    assert kept == ACCEPTED


@given(st.sampled_from(FINAL), st.integers(1, 4), st.integers(0, 4))
def test_a_letter_and_its_copies_end_the_same_in_any_order(final: str, copies: int, silent: int) -> None:
    ends = {_laid(OPEN, order) for order in permutations([final] * copies + [OPEN] * min(silent, 5 - copies))}

    assert ends == {final}


def _laid(kept: str, news: tuple[str, ...]) -> str:
    for letter in news:
        kept = overlay(kept, letter)
    return kept


@given(some_marks(3))
def test_what_is_final_never_opens_again(marks: list[str]) -> None:
    kept, first, second = marks

    before, after = overlay(kept, first), overlay(overlay(kept, first), second)

    assert all(late in LETTERS for early, late in zip(before, after, strict=True) if early in LETTERS)


def test_letters_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="2 letters cannot be laid over 3"):
        overlay("...", "aa")


# -- the sum -----------------------------------------------------------------------------------------------


@given(st.text(LETTER, max_size=200))
def test_planned_is_always_the_sum(outcomes: str) -> None:
    counted = tally(outcomes)

    parts = (counted.accepted, counted.suppressed, counted.failed, counted.unknown, counted.moved, counted.open)
    assert counted.planned == len(outcomes) == sum(parts)
    assert counted.open == sum(letter not in LETTERS for letter in outcomes)


@given(st.text(LETTER, min_size=1, max_size=200))
def test_everybody_is_accounted_for_when_nobody_is_open_and_only_then(outcomes: str) -> None:
    counted = tally(outcomes)

    assert (counted.accounted == 1.0) == (counted.open == 0)
    assert 0.0 <= counted.accounted <= 1.0


def test_nobody_planned_is_everybody_accounted_for() -> None:
    assert tally("").accounted == 1.0


# -- what follows an attempt ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer, attempt, may_repeat, step",
    [
        (Accepted(), 1, True, Done("a")),
        (Accepted(), 5, False, Done("a")),
        (Unanswered(), 1, True, Again(2 * SECONDS, IN_AIR)),
        (Unanswered(), 5, True, Again(2 * SECONDS, IN_AIR)),
        (Unanswered(), 1, False, Done("u")),
        (Refused(transient=False), 1, True, Done("R")),
        (Refused(transient=False, retry_after=SECONDS), 1, True, Done("R")),
        (Refused(transient=True), 1, True, Again(2 * SECONDS)),
        (Refused(transient=True), 4, True, Again(16 * SECONDS)),
        (Refused(transient=True), 5, True, Done("T")),
        (Refused(transient=True, retry_after=40 * SECONDS), 1, True, Again(40 * SECONDS)),
        (Refused(transient=True, retry_after=40 * SECONDS), 5, True, Done("T")),
        (NotReached(), 1, False, Again(2 * SECONDS, tried=False)),
        (NotReached(), 5, True, Again(2 * SECONDS, tried=False)),
    ],
)
def test_what_follows_an_answer(answer: Answer, attempt: int, may_repeat: bool, step: Step) -> None:
    assert next_step(answer, attempt, 5, may_repeat) == step


@given(st.integers(1, 1000))
def test_a_provider_that_is_away_ends_nobody_and_is_asked_ever_more_rarely(rounds: int) -> None:
    step = next_step(NotReached(), 99, 5, True, rounds)

    assert step == Again(min(backoff(rounds), timedelta(minutes=1)), tried=False)


@given(st.integers(1, 100))
def test_waits_double_up_to_five_minutes(attempt: int) -> None:
    wait = backoff(attempt)

    assert wait == min(2**attempt, 300) * SECONDS <= LONGEST_WAIT
    assert wait <= backoff(attempt + 1)
