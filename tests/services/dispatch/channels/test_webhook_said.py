"""Laws of what an endpoint's answer means."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.delivery import Accepted, Answer, Refused
from services.dispatch.channels.webhook_said import ANSWERS, Said, heard, wait_of

NOW = datetime(2026, 11, 22, 13, 2, tzinfo=UTC)
FOR_NOW, FOR_EVER = Refused(transient=True), Refused(transient=False)
FIVE_MINUTES = timedelta(minutes=5)


def answer_of(status: int, retry_after: str | None, now: datetime) -> Answer:
    return heard(status, retry_after, now).answer


@pytest.mark.parametrize(
    ("statuses", "answer"),
    [
        ((200, 201, 202, 204, 299), Accepted()),
        ((301, 302, 303, 304, 307, 308), FOR_EVER),
        ((400, 401, 403, 404, 405, 410, 413, 415, 422, 451), FOR_EVER),
        ((408, 409, 425, 429), FOR_NOW),
        ((500, 501, 502, 503, 504, 520, 599), FOR_NOW),
        ((600, 999), FOR_NOW),
        ((101, 199), FOR_EVER),
    ],
)
def test_what_a_status_means(statuses: tuple[int, ...], answer: Answer) -> None:
    for status in statuses:
        assert answer_of(status, None, NOW) == answer


@pytest.mark.parametrize("status", [429, 503])
def test_who_is_asked_to_wait_waits(status: int) -> None:
    assert answer_of(status, "7", NOW) == Refused(transient=True, retry_after=timedelta(seconds=7))


@pytest.mark.parametrize("status", [404, 408, 500, 502])
def test_other_answers_do_not_say_how_long(status: int) -> None:
    answer = answer_of(status, "7", NOW)

    assert isinstance(answer, Refused) and answer.retry_after is None


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("0", timedelta(0)),
        (" 120 ", timedelta(minutes=2)),
        ("300", FIVE_MINUTES),
        ("86400", FIVE_MINUTES),
        ("9" * 5000, FIVE_MINUTES),
        ("Sun, 22 Nov 2026 13:03:00 GMT", timedelta(minutes=1)),
        ("Sun, 22 Nov 2026 12:00:00 GMT", timedelta(0)),
        ("Sun, 22 Nov 2026 23:00:00 GMT", FIVE_MINUTES),
        ("Mon, 01 Jan 2024 00:00:00 +99999999999999", None),
        ("Mon, 01 Jan 9999 00:00:00 -2359", FIVE_MINUTES),
        ("Mon, 01 Jan 0001 00:00:00 +2359", timedelta(0)),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
    ],
)
def test_how_long_is_said_in_seconds_or_as_a_date_and_five_minutes_at_most(said: str, wait: timedelta | None) -> None:
    assert wait_of(said, NOW) == wait


@given(st.text() | st.text("0123456789 ,:JanMonGMT+-", max_size=40))
def test_no_header_whatever_it_holds_makes_a_wait_longer_or_raises(said: str) -> None:
    wait = wait_of(said, NOW)

    assert wait is None or timedelta(0) <= wait <= FIVE_MINUTES


def test_everything_that_can_become_of_a_call_has_an_answer() -> None:
    assert set(ANSWERS) == set(Said)
