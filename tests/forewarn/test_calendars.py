"""Laws of business days: which days countries work, and the moment some of them before another."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from forewarn.calendars import DAY, Calendar
from tests.support.clocks import MOMENTS, NEAR, ZONES

COUNTRIES = st.sampled_from(["DE", "US", "SA", "IL", "EG", "CN", "JP", "BR", "GB", "AE", "IR", "BN", "ZZ"])
CALENDARS = st.frozensets(COUNTRIES, max_size=3).map(Calendar)
SOME_DAYS = st.integers(0, 25)
BERLIN = ZoneInfo("Europe/Berlin")
GERMANY = Calendar.of("DE")
UTC_ZONE = ZoneInfo("UTC")


def in_berlin(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=BERLIN, fold=fold)  # type: ignore[misc,arg-type]


def business_days_between(calendar: Calendar, first: date, last: date) -> int:
    """Of the days from the one up to, and without, the other."""
    days = (first + n * DAY for n in range((last - first).days))
    return sum(calendar.is_business_day(day) for day in days)


@pytest.mark.parametrize(
    ("country", "day", "works"),
    [
        ("DE", date(2026, 12, 24), True),
        ("DE", date(2026, 12, 25), False),
        ("DE", date(2026, 6, 4), True),  # Corpus Christi, free in a part of Germany only
        ("US", date(2021, 12, 31), False),  # New Year's Day of 2022, a Saturday, is kept on Friday
        ("SA", date(2026, 6, 12), False),  # Friday
        ("SA", date(2026, 6, 14), True),  # Sunday
        ("IL", date(2026, 6, 14), True),
        ("AE", date(2021, 6, 4), False),  # Friday, before the Emirates changed to Saturday and Sunday
        ("AE", date(2022, 6, 3), True),
        ("AE", date(2022, 6, 5), False),
        ("BN", date(2026, 6, 12), False),  # Friday and Sunday, and Saturday between them is worked
        ("BN", date(2026, 6, 13), True),
        ("CN", date(2026, 2, 14), True),  # a Saturday worked for the days of the new year
    ],
)
def test_a_country_works_on_its_own_days(country: str, day: date, works: bool) -> None:
    assert Calendar.of(country).is_business_day(day) is works


def test_a_business_day_of_two_countries_is_one_of_both() -> None:
    both = Calendar.of("SA", "DE")
    week = [date(2026, 6, 8) + n * DAY for n in range(7)]

    assert [day.strftime("%a") for day in week if both.is_business_day(day)] == ["Mon", "Tue", "Wed", "Thu"]


@pytest.mark.parametrize("calendar", [Calendar.of("ZZ"), Calendar.of(None), Calendar()])
def test_where_no_holidays_are_known_monday_to_friday_are_business_days(calendar: Calendar) -> None:
    christmas = [date(2026, 12, 21) + n * DAY for n in range(7)]

    assert [calendar.is_business_day(day) for day in christmas] == [True] * 5 + [False] * 2


def test_a_country_that_nobody_knows_is_named_and_the_known_ones_still_count() -> None:
    assert Calendar.of("ZZ", "DE", "EU", None).unknown == ("EU", "ZZ")
    assert not Calendar.of("ZZ", "DE").is_business_day(date(2026, 12, 25))
    assert Calendar.of("DE", "SA").unknown == Calendar().unknown == ()


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, in_berlin(2026, 12, 29, 14, 2)),
        (1, in_berlin(2026, 12, 28, 14, 2)),
        (2, in_berlin(2026, 12, 24, 14, 2)),  # over Sunday, Saturday and Christmas Day
        (5, in_berlin(2026, 12, 21, 14, 2)),
    ],
)
def test_business_days_before_keep_the_time_of_day_and_leave_out_days_off(days: int, expected: datetime) -> None:
    assert GERMANY.business_days_before(in_berlin(2026, 12, 29, 14, 2), days, BERLIN) == expected


@pytest.mark.parametrize("moment", [in_berlin(2026, 6, 13, 0, 0), in_berlin(2026, 6, 14, 23, 59)])
def test_a_business_day_before_the_weekend_is_all_of_friday(moment: datetime) -> None:
    assert GERMANY.business_days_before(moment, 1, BERLIN) == in_berlin(2026, 6, 12, 0, 0)


def test_a_time_that_is_skipped_that_day_is_the_first_after_the_gap_and_one_that_comes_twice_the_first() -> None:
    works_on_sundays = Calendar.of("SA")

    in_spring = works_on_sundays.business_days_before(in_berlin(2026, 3, 30, 2, 30), 1, BERLIN)
    in_autumn = works_on_sundays.business_days_before(in_berlin(2026, 10, 26, 2, 30), 1, BERLIN)

    assert in_spring == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert in_autumn == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_same_time_of_day_stays_the_same_though_clocks_change_in_between() -> None:
    monday = in_berlin(2026, 3, 30, 9, 0)

    assert GERMANY.business_days_before(monday, 1, BERLIN) == in_berlin(2026, 3, 27, 9, 0)
    assert GERMANY.business_days_before(monday, 1, UTC_ZONE) == in_berlin(2026, 3, 27, 8, 0)


def test_less_than_no_business_days_before_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more, not -1"):
        GERMANY.business_days_before(in_berlin(2026, 6, 12, 9, 0), -1, BERLIN)


@given(CALENDARS, MOMENTS, ZONES, SOME_DAYS)
def test_one_more_business_day_before_is_never_later(
    calendar: Calendar, moment: datetime, zone: ZoneInfo, days: int
) -> None:
    due = [calendar.business_days_before(moment, n, zone) for n in (0, days, days + 1)]

    assert due == sorted(due, reverse=True)
    assert due[0] == moment


@given(CALENDARS, NEAR, SOME_DAYS, st.timedeltas(timedelta(0), timedelta(days=4)))
@example(GERMANY, (BERLIN, in_berlin(2026, 6, 13, 23)), 1, timedelta(hours=2))
@example(Calendar.of("SA"), (BERLIN, in_berlin(2026, 10, 25, 2, 50)), 1, timedelta(minutes=20))
def test_what_is_delayed_is_never_due_to_be_told_earlier(
    calendar: Calendar, near: tuple[ZoneInfo, datetime], days: int, later: timedelta
) -> None:
    zone, moment = near

    first, second = (calendar.business_days_before(at, days, zone) for at in (moment, moment + later))

    assert first <= second


@given(CALENDARS, MOMENTS, SOME_DAYS)
def test_so_many_business_days_lie_between(calendar: Calendar, moment: datetime, days: int) -> None:
    due = calendar.business_days_before(moment, days, UTC_ZONE)

    assert days == 0 or calendar.is_business_day(due)
    assert business_days_between(calendar, due.date(), moment.date()) == days


@given(CALENDARS, MOMENTS, SOME_DAYS)
def test_the_time_of_day_is_kept_unless_the_day_is_off(calendar: Calendar, moment: datetime, days: int) -> None:
    due = calendar.business_days_before(moment, days + 1, UTC_ZONE)

    assert due.time() == (moment.time() if calendar.is_business_day(moment.date()) else time.min)


@given(CALENDARS, MOMENTS, SOME_DAYS, SOME_DAYS)
def test_business_days_add_up(calendar: Calendar, moment: datetime, some: int, more: int) -> None:
    at_once = calendar.business_days_before(moment, some + more, UTC_ZONE)
    in_two = calendar.business_days_before(calendar.business_days_before(moment, some, UTC_ZONE), more, UTC_ZONE)

    assert at_once == in_two


@given(CALENDARS, COUNTRIES, MOMENTS, ZONES, SOME_DAYS)
def test_one_more_country_never_shortens_the_notice(
    calendar: Calendar, country: str, moment: datetime, zone: ZoneInfo, days: int
) -> None:
    both = Calendar(calendar.countries | {country}) if calendar.countries else calendar

    due = both.business_days_before(moment, days, zone)

    assert due <= calendar.business_days_before(moment, days, zone)
