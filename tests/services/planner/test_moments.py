"""Moments in the reader's zone, durations in words."""

from datetime import UTC, datetime, timedelta

import pytest

from forewarn.content import slot
from services.planner.moments import Moments, Reading, in_words, zone_of, zone_words

from .tellings import a_telling, read

NIGHT_OF_THE_CHANGE = datetime(2026, 10, 25, 0, 50, tzinfo=UTC)
"""02:50 in Berlin, ten minutes before its clocks go back to 02:00."""


def at(moment: datetime, minutes: int = 30, later: timedelta = timedelta()) -> dict[str, datetime]:
    return {"opened_at": moment, "now": moment + later, "promised_at": moment + later + timedelta(minutes=minutes)}


def test_over_a_clock_change_both_offsets_are_said() -> None:
    said = read(a_telling(**at(NIGHT_OF_THE_CHANGE))).words

    assert "We noticed at 02:50 CEST (UTC+2) and" in said
    assert "by 02:20 CET (UTC+1), sooner" in said


def test_a_moment_of_another_day_says_which() -> None:
    said = read(a_telling(**at(datetime(2026, 11, 22, 22, 50, tzinfo=UTC), later=timedelta(minutes=20)))).words

    assert "We noticed on Sunday 22 November at 23:50 CET (UTC+1) and" in said
    assert "by 00:40 CET, sooner" in said


def test_a_moment_of_another_year_says_which() -> None:
    said = read(a_telling(**at(datetime(2026, 12, 31, 22, 50, tzinfo=UTC), minutes=90))).words

    assert "by Friday 1 January 2027, 01:20 CET, sooner" in said


def test_today_is_the_readers_today() -> None:
    telling = a_telling(**at(datetime(2026, 11, 22, 22, 50, tzinfo=UTC), later=timedelta(minutes=20)))

    assert "We noticed at 17:50 EST (UTC-5) and" in read(telling, zone="America/New_York").words


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Berlin", " CET (UTC+1)"),
        ("Asia/Kolkata", " IST (UTC+5:30)"),
        ("America/Sao_Paulo", " (UTC-3)"),
        ("America/St_Johns", " NST (UTC-3:30)"),
        ("Asia/Kathmandu", " (UTC+5:45)"),
        ("Europe/London", " GMT (UTC+0)"),
        ("UTC", " UTC"),
    ],
)
def test_a_zone_is_said_by_abbreviation_and_offset_where_it_has_both(zone: str, said: str) -> None:
    winter = datetime(2026, 1, 15, 12, tzinfo=UTC).astimezone(zone_of(zone))

    assert zone_words(winter, {}, offset_known=False) == said


def test_a_zone_without_abbreviation_always_says_its_offset() -> None:
    local = datetime(2026, 1, 15, tzinfo=UTC).astimezone(zone_of("America/Sao_Paulo"))

    assert zone_words(local, {}, offset_known=True) == " (UTC-3)"


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "Europe", "Nowhere/At_All", "\0"])
def test_a_zone_that_nobody_knows_is_utc(name: str) -> None:
    assert zone_of(name) is UTC


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (1, "1 minute"),
        (47, "47 minutes"),
        (60, "1 hour"),
        (125, "2 hours 5 minutes"),
        (1440 + 180 + 7, "1 day 3 hours"),
        (2 * 1440, "2 days"),
        (0, None),
        (-30, None),
        (-3 * 1440, None),
    ],
)
def test_a_duration_is_said_in_words(minutes: int, words: str | None) -> None:
    start = datetime(2026, 11, 22, 13, 2, 50, tzinfo=UTC)

    assert in_words(start, start + timedelta(minutes=minutes), "en") == words


def test_a_duration_is_the_difference_of_the_times_shown() -> None:
    start = datetime(2026, 11, 22, 13, 2, 50, tzinfo=UTC)

    assert in_words(start, start.replace(minute=3, second=5), "en") == "1 minute"


def test_the_same_moment_in_the_same_form_needs_one_slot() -> None:
    moments = Moments()

    slots = [Reading(moments).at(NIGHT_OF_THE_CHANGE) for _ in range(2)]

    assert slots == [slot("t0")] * 2
