"""Laws of a series: its windows open once, in order, in good time, and at the same hour on the wall (T10)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.contracts.event import parse_event
from forewarn.contracts.policy import Policy
from forewarn.outage import Act, Facts, Kind, NoticeClass, Outage, ReaderAction, Status, Window
from services.planner.series import AGAIN, AHEAD, MOST_AT_ONCE, Openings, opening, openings, opens_at, recurrence_of
from services.planner.terms import Terms

BERLIN = ZoneInfo("Europe/Berlin")
POLICY = Policy.model_validate({"maintenance": {"zone": "Europe/Berlin"}})
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def window(days: float) -> Window:
    start = NOW + days * DAY
    return Window(start, start + HOUR)


def three_weeks_before(each: Window) -> datetime:
    return each.start - 21 * DAY


def a_series(rule: str = "FREQ=WEEKLY", first: datetime = NOW + DAY, **said: Any) -> Outage:
    facts = Facts(status=Status.SCHEDULED, window=Window(first, first + HOUR), recurrence=rule, **said)
    return Outage(Kind.MAINTENANCE, "people", NOW, Facts(), facts, revision=4, id=3, number=3)


def look(series: Outage, opened: set[datetime], now: datetime = NOW) -> Openings:
    recurrence = recurrence_of(series, POLICY)
    assert recurrence is not None
    windows = recurrence.windows(now, now + 2000 * DAY, 200)
    return openings(windows, opened, opens_at(series.facts, POLICY, Terms()), now)


def test_what_lies_within_the_horizon_is_opened_and_the_clock_looks_again_until_it_is_on_record() -> None:
    windows = [window(7), window(14), window(28)]

    found = openings(windows, (), three_weeks_before, NOW)

    assert found == Openings((windows[0], windows[1]), NOW + AGAIN)


def test_what_is_opened_is_not_opened_again_and_the_next_is_due_when_it_comes_within_the_horizon() -> None:
    windows = [window(7), window(14), window(28)]

    found = openings(windows, {windows[0].start, windows[1].start}, three_weeks_before, NOW)

    assert found == Openings((), NOW + 7 * DAY)


def test_of_a_moved_series_only_what_comes_after_the_last_one_opened_is_opened() -> None:
    windows = [window(8), window(15)]

    found = openings(windows, {window(14).start}, three_weeks_before, NOW)

    assert found.now == (windows[1],)


def test_of_very_many_the_first_are_opened_at_once() -> None:
    found = openings([window(n / 24) for n in range(400)], (), three_weeks_before, NOW)

    assert found.now == tuple(window(n / 24) for n in range(MOST_AT_ONCE))


def test_a_series_that_is_over_opens_nothing_and_is_never_due() -> None:
    assert openings((), (), three_weeks_before, NOW) == Openings((), None)
    assert look(a_series("FREQ=DAILY;COUNT=1"), {NOW + DAY}) == Openings((), None)


@pytest.mark.slow
@given(st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY"]), st.lists(st.integers(1, 200), max_size=12))
def test_however_often_the_clock_looks_each_window_is_opened_once_in_order_and_in_time(
    rule: str, pauses: list[int]
) -> None:
    series, now, opened = a_series(rule), NOW, list[datetime]()
    opens = opens_at(series.facts, POLICY, Terms())
    for hours in pauses:
        while found := look(series, set(opened), now).now:
            assert all(opens(each) <= now for each in found)
            opened += [each.start for each in found]
        due = look(series, set(opened), now).due
        assert due is not None and due > now
        now += hours * HOUR

    assert opened == sorted(set(opened))


def test_a_window_keeps_its_hour_on_the_wall_over_both_changes_of_the_clock() -> None:
    series = a_series(first=datetime(2026, 3, 8, 20, tzinfo=BERLIN).astimezone(UTC))
    recurrence = recurrence_of(series, POLICY)
    assert recurrence is not None

    starts = [each.start for each in recurrence.windows(NOW, NOW + 365 * DAY, 60)]

    assert {start.astimezone(BERLIN).strftime("%a %H:%M") for start in starts} == {"Sun 20:00"}
    assert {start.hour for start in starts} == {18, 19}


@pytest.mark.parametrize(
    ("of_class", "days"), [(None, 7 + 14), (NoticeClass.MAJOR, 56 + 14), (NoticeClass.DISCONTINUATION, 365 + 14)]
)
def test_a_window_opens_two_weeks_before_the_first_notice_of_its_class(of_class: NoticeClass | None, days: int) -> None:
    monday = datetime(2027, 6, 14, 20, tzinfo=BERLIN).astimezone(UTC)

    opens = opens_at(Facts(notice_class=of_class), POLICY, Terms())(Window(monday, monday + HOUR))

    assert (monday - opens).days == days and AHEAD == 14 * DAY


@pytest.mark.parametrize("ends", [{"closed_at": NOW}, {"withdrawn": True}, {"stated": Facts(status=Status.SCHEDULED)}])
def test_what_is_over_or_no_series_does_not_recur(ends: dict[str, Any]) -> None:
    given = {name: getattr(a_series(), name) for name in Outage.__slots__}

    assert recurrence_of(Outage(**(given | ends)), POLICY) is None


def test_a_zone_in_which_the_first_window_is_none_opens_nothing() -> None:
    series = a_series("FREQ=WEEKLY;BYDAY=SU", datetime(2026, 3, 8, 0, 30, tzinfo=BERLIN).astimezone(UTC))

    assert recurrence_of(series, POLICY) is not None
    assert recurrence_of(series, Policy()) is None, "a Saturday in UTC"


def test_the_clock_s_word_names_series_revision_and_window_and_is_the_same_whichever_clock_says_it() -> None:
    series = a_series()
    recurrence = recurrence_of(series, POLICY)
    assert recurrence is not None

    word = opening(series, window(8), recurrence)

    event = parse_event(word.body)
    assert (event.act, event.about, event.from_revision, event.kind) == (Act.OCCUR, "MNT-3", 4, Kind.MAINTENANCE)
    assert event.key == "occurrence/MNT-3/2026-03-09T12:00:00+00:00"
    assert word.event_id == event.event_id == f"{event.key}/4"
    assert event.window is not None and Window(event.window.start, event.window.end) == window(8)
    assert word == opening(series, window(8), recurrence)


def test_what_readers_must_do_is_due_as_long_before_each_window_on_the_wall() -> None:
    first = datetime(2026, 3, 22, 20, tzinfo=BERLIN).astimezone(UTC)
    by = datetime(2026, 3, 20, 18, tzinfo=BERLIN).astimezone(UTC)
    series = a_series(first=first, reader_action=ReaderAction("Allow our address.", by))
    recurrence = recurrence_of(series, POLICY)
    assert recurrence is not None
    summer = recurrence.windows(first + DAY, first + 30 * DAY, 1)[0]

    said = orjson.loads(opening(series, summer, recurrence).body)["reader_action"]

    assert datetime.fromisoformat(said["by"]) == datetime(2026, 3, 27, 18, tzinfo=BERLIN)
    assert said["what"] == "Allow our address."
