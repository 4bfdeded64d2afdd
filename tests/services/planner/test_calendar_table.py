"""Calendars of what is planned: a series stands as its windows, and what falls on the same day says so (T9, T10)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar

from forewarn.contracts.schedule_api import CalendarEntryView
from services.planner.calendar_page import CalendarFeed
from services.planner.calendar_table import clashing
from tests.services.planner.desks import Office
from tests.services.planner.serials import a_series, in_days, looks, works


def feed(desk: Office) -> dict[str, str]:
    """Names in the calendar for everybody, with their states."""
    body = CalendarFeed(desk.planner, desk.policy, kept_seconds=0).answer().body
    events = Calendar.from_ical(body).walk("VEVENT")
    return {str(event["UID"]).partition("@")[0]: str(event["STATUS"]) for event in events}


def test_in_the_feed_a_series_stands_as_its_windows_of_a_year_those_opened_by_their_own_names(desk: Office) -> None:
    series = a_series(desk)
    planned = feed(desk)
    looks(desk, series)

    found, names = feed(desk), [each["name"] for each in works(desk)]

    assert len(planned) == len(found) == 52 and set(planned.values()) == set(found.values()) == {"TENTATIVE"}
    assert [name for name in found if "/" not in name] == names
    assert all(name.startswith("MNT-1/20") for name in planned) and "MNT-1" not in found


def test_a_cancelled_series_leaves_the_feed_and_its_opened_windows_stay(desk: Office) -> None:
    series = a_series(desk)
    looks(desk, series)
    desk.says("dana", about="MNT-1", status="cancelled")

    assert list(feed(desk)) == [each["name"] for each in works(desk)]


def test_the_table_holds_what_is_planned_within_its_days_and_says_what_falls_on_the_same_day(desk: Office) -> None:
    series = a_series(desk, days=2)
    looks(desk, series)
    desk.says("dana", kind="maintenance", components=["card-payments"], window=in_days(desk, 2))
    desk.says("dana", kind="maintenance", components=["card-payments"], window=in_days(desk, 200))
    alone = desk.rows("select 'MNT-' || max(number) - 1 as name from outage")[0]["name"]
    opened = works(desk)[0]["name"]

    view = desk.get("/v1/calendar?days=90")

    entries = {each["name"] or each["start"]: each for each in view["entries"]}
    assert view["zone"] == "UTC" and len(entries) == 13 + 1
    assert entries[opened]["same_day"] == [alone] and entries[alone]["same_day"] == [opened]
    assert (entries[alone]["tentative"], entries[opened]["tentative"]) == (False, True)
    assert {each["series"] for each in view["entries"]} == {None, "MNT-1"}
    assert [each["start"] for each in view["entries"]] == sorted(each["start"] for each in view["entries"])
    assert desk.ask("GET", "/v1/calendar", by="native")[0] == 403


def entry(name: str, start: datetime, hours: float) -> CalendarEntryView:
    end = start + timedelta(hours=hours)
    said = {"name": name, "kind": "maintenance", "status": "scheduled", "tentative": False, "components": []}
    return CalendarEntryView.model_validate(said | {"start": start, "end": end})


def test_a_day_is_one_of_the_organiser_s_and_an_end_at_midnight_is_of_the_day_before() -> None:
    zone = ZoneInfo("Europe/Berlin")
    evening = datetime(2026, 12, 14, 20, tzinfo=zone)
    entries = [entry("MNT-1", evening, 4), entry("MNT-2", evening + timedelta(hours=4), 1)]
    over_night = entry("MNT-3", evening, 5)

    assert [each.same_day for each in clashing(entries, zone)] == [[], []]
    assert [each.same_day for each in clashing([entries[1], over_night], zone)] == [["MNT-3"], ["MNT-2"]]
