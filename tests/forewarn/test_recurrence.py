"""Laws of recurring work: the same time on the wall each time, in order, and no rule that never ends."""

import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given
from hypothesis import strategies as st

from forewarn.outage import Window
from forewarn.recurrence import Recurrence
from forewarn.recurrence_rule import NUMBERS, BadRule
from forewarn.wallclock import moment_of, wall_of
from tests.support.clocks import NEAR, ZONES

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
SUNDAY = datetime(2026, 3, 22, 2, 30, tzinfo=BERLIN)
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
RULES = st.one_of(
    st.builds("FREQ=HOURLY;INTERVAL={}".format, st.integers(1, 50)),
    st.builds("FREQ=DAILY;INTERVAL={};BYHOUR=1,2,3,14".format, st.integers(1, 9)),
    st.builds("FREQ=WEEKLY;INTERVAL={};BYDAY={},SU".format, st.integers(1, 4), st.sampled_from(DAYS)),
    st.builds("FREQ=MONTHLY;BYDAY={}{}".format, st.sampled_from(["1", "2", "-1"]), st.sampled_from(DAYS)),
    st.builds("FREQ=MONTHLY;BYMONTHDAY={}".format, st.sampled_from([1, 28, 31, -1])),
    st.builds("FREQ=YEARLY;BYMONTH={};BYDAY=-1SU".format, st.integers(1, 12)),
    st.just("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"),
)


def every(rule: str, first: datetime = SUNDAY, lasts: timedelta = 2 * HOUR, zone: ZoneInfo = BERLIN) -> Recurrence:
    start = first.astimezone(UTC)
    return Recurrence(rule, Window(start, start + lasts), zone)


def from_its_first(rule: str, near: tuple[ZoneInfo, datetime]) -> Recurrence:
    """Of the rule from the first wall-clock time on, after the one there, that it names."""
    zone, moment = near
    wall = next(iter(rrulestr(rule, dtstart=wall_of(moment, zone).replace(microsecond=0))))
    first = moment_of(wall, zone)
    assume(wall_of(first, zone) == wall)
    return every(rule, first, zone=zone)


def starts(recurrence: Recurrence, at_most: int = 40) -> list[datetime]:
    return [window.start for window in recurrence.windows(recurrence.first.start, NEVER, at_most)]


def in_berlin(*moments: datetime) -> list[str]:
    return [moment.astimezone(BERLIN).strftime("%d.%m. %H:%M %Z") for moment in moments]


def test_a_window_stays_at_its_time_on_the_wall_over_the_night_in_which_clocks_change() -> None:
    spring = starts(every("FREQ=WEEKLY", SUNDAY - timedelta(hours=2)), 3)
    autumn = starts(every("FREQ=WEEKLY", datetime(2026, 10, 18, 0, 30, tzinfo=BERLIN)), 3)

    assert in_berlin(*spring) == ["22.03. 00:30 CET", "29.03. 00:30 CET", "05.04. 00:30 CEST"]
    assert in_berlin(*autumn) == ["18.10. 00:30 CEST", "25.10. 00:30 CEST", "01.11. 00:30 CET"]


def test_a_start_that_is_skipped_is_the_end_of_the_gap_and_one_that_comes_twice_is_the_first() -> None:
    spring = starts(every("FREQ=WEEKLY"), 3)
    autumn = starts(every("FREQ=WEEKLY", datetime(2026, 10, 18, 2, 30, tzinfo=BERLIN)), 2)

    assert in_berlin(*spring) == ["22.03. 02:30 CET", "29.03. 03:00 CEST", "05.04. 02:30 CEST"]
    assert in_berlin(*autumn) == ["18.10. 02:30 CEST", "25.10. 02:30 CEST"]


def test_two_that_meet_at_the_end_of_the_gap_are_one() -> None:
    hours = starts(every("FREQ=HOURLY", datetime(2026, 3, 29, 1, 0, tzinfo=BERLIN)), 3)

    assert in_berlin(*hours) == ["29.03. 01:00 CET", "29.03. 03:00 CEST", "29.03. 04:00 CEST"]


def test_every_window_lasts_as_long_as_the_first_in_real_time() -> None:
    over_the_change = every("FREQ=WEEKLY", datetime(2026, 3, 22, 0, 0, tzinfo=BERLIN), 4 * HOUR)

    windows = over_the_change.windows(SUNDAY, NEVER, 3)

    assert {window.end - window.start for window in windows} == {4 * HOUR}
    assert in_berlin(windows[1].end) == ["29.03. 05:00 CEST"]


def test_a_window_that_runs_is_there_and_one_that_is_over_is_not() -> None:
    weekly = every("FREQ=WEEKLY")
    second = weekly.windows(SUNDAY, NEVER, 2)[1]

    assert weekly.windows(second.end - timedelta(seconds=1), NEVER, 1) == (second,)
    assert second not in weekly.windows(second.end, NEVER, 1)
    assert second not in weekly.windows(SUNDAY, second.start, 9)


@pytest.mark.parametrize(
    ("until", "count"),
    [
        ("COUNT=3", 3),
        ("UNTIL=20260405", 3),  # that day is still one
        ("UNTIL=20260405T023000", 3),
        ("UNTIL=20260405T022959", 2),
        ("UNTIL=20260405T003000Z", 3),
        ("UNTIL=20260405T002959Z", 2),
    ],
)
def test_it_ends_when_the_rule_says(until: str, count: int) -> None:
    assert len(starts(every(f"FREQ=WEEKLY;{until}"))) == count


def test_a_rule_may_stand_as_it_stands_in_a_calendar() -> None:
    assert starts(every("RRULE:freq=weekly;byday=su\r\n"), 3) == starts(every("FREQ=WEEKLY"), 3)


@given(RULES, NEAR)
def test_each_start_shows_the_time_on_the_wall_that_the_rule_names(rule: str, near: tuple[ZoneInfo, datetime]) -> None:
    recurrence = from_its_first(rule, near)
    zone = recurrence.zone

    named = iter(rrulestr(rule, dtstart=wall_of(recurrence.first.start, zone)))

    expected = list(dict.fromkeys(moment_of(next(named), zone) for _ in range(20)))
    assert starts(recurrence, len(expected)) == expected


@given(RULES, NEAR)
def test_windows_come_in_order_and_no_more_of_them_than_asked_for(rule: str, near: tuple[ZoneInfo, datetime]) -> None:
    recurrence = from_its_first(rule, near)
    first = recurrence.first.start

    found = starts(recurrence, 30)

    assert found[0] == first and len(found) <= 30
    assert all(one < other for one, other in pairwise(found))
    later = recurrence.windows(first + timedelta(days=3), first + timedelta(days=9), 500)
    assert all(first + timedelta(days=3) < window.end and window.start < first + timedelta(days=9) for window in later)


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        ("", "an empty part is no part"),
        ("every Sunday", "EVERY SUNDAY is no part"),
        ("BYDAY=SU", "FREQ is missing"),
        ("FREQ=FORTNIGHTLY", "FREQ=FORTNIGHTLY is not understood"),
        ("FREQ=MINUTELY", "MINUTELY is finer than HOURLY"),
        ("FREQ=SECONDLY;INTERVAL=86400", "SECONDLY is finer than HOURLY"),
        ("FREQ=HOURLY;BYMINUTE=0,30", "BYMINUTE=0,30 asks for more than one window an hour"),
        ("FREQ=DAILY;BYSECOND=0,1", "BYSECOND=0,1 asks for more"),
        ("FREQ=WEEKLY;FREQ=DAILY", "FREQ is there twice"),
        ("FREQ=WEEKLY;INTERVAL=0", "INTERVAL=0 is not understood"),
        ("FREQ=WEEKLY;INTERVAL=1,2", "INTERVAL=1,2 is not understood"),
        ("FREQ=WEEKLY;COUNT=-1", "COUNT=-1 is not understood"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY=XX is not understood"),
        ("FREQ=WEEKLY;BYDAY=1SU", "numbered weekdays go with"),
        ("FREQ=MONTHLY;BYDAY=6SU", "there are 5 of a weekday at most"),
        ("FREQ=YEARLY;BYDAY=54SU", "there are 53 of a weekday at most"),
        ("FREQ=YEARLY;BYMONTH=12;BYDAY=-6SU", "there are 5 of a weekday at most"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=1SU", "without BYWEEKNO"),
        ("FREQ=YEARLY;BYMONTH=13", "BYMONTH=13 is not understood"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY=0 is not understood"),
        ("FREQ=WEEKLY;BYMONTHDAY=3", "BYMONTHDAY does not go with FREQ=WEEKLY"),
        ("FREQ=DAILY;BYSETPOS=1;BYHOUR=2", "BYSETPOS does not go with FREQ=DAILY"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS picks from other BY parts"),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20270101", "COUNT and UNTIL together"),
        ("FREQ=WEEKLY;UNTIL=20261301", "UNTIL=20261301 is no date"),
        ("FREQ=WEEKLY;UNTIL=tomorrow", "UNTIL=TOMORROW is not understood"),
        ("FREQ=WEEKLY;UNTIL=00010101T000000Z", "does not happen at all|is no date"),
        ("FREQ=WEEKLY;UNTIL=20200101", "does not happen at all from 2026-03-22 02:30:00 on"),
        ("FREQ=YEARLY;BYEASTER=0", "BYEASTER is no part"),
        ("FREQ=DAILY\nEXDATE:20260405T023000", "is not understood"),
        ("FREQ=HOURLY;INTERVAL=2;BYHOUR=3", "empty set"),
        ("FREQ=WEEKLY;BYDAY=SA", "2026-03-22 02:30:00, is none of .* would be 2026-03-28 02:30:00"),
    ],
)
def test_a_bad_rule_is_refused_with_what_is_wrong_with_it(rule: str, wrong: str) -> None:
    with pytest.raises(BadRule, match=wrong):
        every(rule)


def test_a_window_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(BadRule, match="must end after it starts"):
        every("FREQ=WEEKLY", lasts=timedelta(0))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=3",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=2",
    ],
)
def test_a_rule_that_never_happens_is_found_out_soon(rule: str) -> None:
    began = time.process_time()

    with pytest.raises(BadRule, match="does not happen at all"):
        every(rule)

    assert time.process_time() - began < 10  # 1.3 s; dateutil alone 36 s


def test_a_rule_whose_last_window_was_has_no_more() -> None:
    assert every("FREQ=DAILY;COUNT=3").windows(SUNDAY + timedelta(days=3), NEVER, 5) == ()


PARTS = st.one_of(
    st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=YEARLY", "FREQ=MONTHLY", "FREQ=HOURLY", "WKST=SU"]),
    st.builds(
        "{}={}".format,
        st.sampled_from([*NUMBERS]),
        st.lists(st.integers(-54, 60), min_size=1, max_size=3).map(lambda numbers: ",".join(map(str, numbers))),
    ),
    st.builds("BYDAY={}{}".format, st.sampled_from(["", "1", "-1", "53", "0"]), st.sampled_from([*DAYS, "MO,SU"])),
    st.builds("UNTIL={}".format, st.from_regex(r"[0-9]{8}(T[0-9]{6}Z?)?", fullmatch=True)),
)


@given(st.text(max_size=40) | st.lists(PARTS, min_size=1, max_size=5).map(";".join), ZONES)
def test_any_rule_is_either_refused_in_words_or_followed(rule: str, zone: ZoneInfo) -> None:
    try:
        recurrence = every(rule, zone=zone)
    except BadRule as refusal:
        assert str(refusal)
    else:
        assert recurrence.windows(SUNDAY, SUNDAY + timedelta(days=60), 50)[0] == recurrence.first
