"""The clock on the wall keeps its order, also in the nights when it is changed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from forewarn.wallclock import moment_of, wall_of
from tests.support.clocks import MOMENTS, NEAR, ZONES

BERLIN = ZoneInfo("Europe/Berlin")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def wall(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


@pytest.mark.parametrize(
    ("zone", "shown", "moment"),
    [
        ("Europe/Berlin", wall(2026, 7, 1, 14, 2), utc(2026, 7, 1, 12, 2)),
        ("Europe/Berlin", wall(2026, 3, 29, 1, 59, 59), utc(2026, 3, 29, 0, 59, 59)),
        ("Europe/Berlin", wall(2026, 3, 29, 2, 0), utc(2026, 3, 29, 1, 0)),
        ("Europe/Berlin", wall(2026, 3, 29, 2, 30, 0, 500), utc(2026, 3, 29, 1, 0)),
        ("Europe/Berlin", wall(2026, 3, 29, 3, 0), utc(2026, 3, 29, 1, 0)),
        ("Europe/Berlin", wall(2026, 10, 25, 2, 30), utc(2026, 10, 25, 0, 30)),
        ("Europe/Berlin", wall(2026, 10, 25, 3, 0), utc(2026, 10, 25, 2, 0)),
        ("Australia/Lord_Howe", wall(2026, 10, 4, 2, 10), utc(2026, 10, 3, 15, 30)),
        ("Pacific/Apia", wall(2011, 12, 30, 12, 0), utc(2011, 12, 30, 10, 0)),
        ("Africa/Cairo", wall(2026, 4, 24, 0, 15), utc(2026, 4, 23, 22, 0)),
    ],
)
def test_a_time_that_is_skipped_is_the_end_of_the_gap_and_one_that_comes_twice_is_the_first(
    zone: str, shown: datetime, moment: datetime
) -> None:
    assert moment_of(shown, ZoneInfo(zone)) == moment


def test_while_an_hour_is_shown_for_the_second_time_the_wall_stands_still_at_its_end() -> None:
    shown = [wall_of(utc(2026, 10, 25, 0, 59) + n * timedelta(minutes=30), BERLIN) for n in range(4)]

    assert shown == [wall(2026, 10, 25, *at) for at in ((2, 59), (3, 0), (3, 0), (3, 29))]


@given(ZONES, MOMENTS)
def test_a_wall_clock_time_leads_back_to_its_moment_unless_it_is_shown_for_the_second_time(
    zone: ZoneInfo, moment: datetime
) -> None:
    back = moment_of(wall_of(moment, zone), zone)

    assert back == moment or (moment.astimezone(zone).fold == 1 and moment < back <= moment + timedelta(days=1))


@given(NEAR, st.timedeltas(timedelta(0), timedelta(days=2)))
@example((BERLIN, utc(2026, 10, 25, 0, 59)), timedelta(minutes=2))
def test_of_two_moments_the_later_never_has_the_earlier_wall_clock_time(
    near: tuple[ZoneInfo, datetime], later: timedelta
) -> None:
    zone, moment = near

    assert wall_of(moment, zone) <= wall_of(moment + later, zone)


@given(NEAR, st.timedeltas(timedelta(0), timedelta(days=2)))
@example((BERLIN, utc(2026, 3, 29, 1, 45)), timedelta(minutes=20))
def test_of_two_wall_clock_times_the_later_is_never_the_earlier_moment(
    near: tuple[ZoneInfo, datetime], later: timedelta
) -> None:
    zone, moment = near
    shown = moment.replace(tzinfo=None)

    assert moment_of(shown, zone) <= moment_of(shown + later, zone)


@given(NEAR)
def test_a_moment_is_the_first_at_which_the_clock_shows_that_time_or_a_later_one(
    near: tuple[ZoneInfo, datetime],
) -> None:
    zone, at = near
    shown = at.replace(second=0, microsecond=0, tzinfo=None)

    moment = moment_of(shown, zone)

    assert moment.astimezone(zone).replace(tzinfo=None) >= shown
    before = (moment - timedelta(minutes=n) for n in range(1, 26 * 60))
    assert all(earlier.astimezone(zone).replace(tzinfo=None) < shown for earlier in before)
