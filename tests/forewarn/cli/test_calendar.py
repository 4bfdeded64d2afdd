"""The calendar: what is planned, in two clocks, what is tentative, and what falls on the same day."""

from pathlib import Path
from typing import Any

import pytest

from forewarn.contracts.schedule_api import CalendarEntryView, CalendarView

from .conftest import Run
from .house import House
from .views import NOON

CALENDAR, FEED = "GET /v1/calendar", "GET /v1/calendar.ics"


def an_entry(**said: Any) -> CalendarEntryView:
    entry = {
        "name": "MNT-3",
        "kind": "maintenance",
        "status": "scheduled",
        "tentative": False,
        "components": ["api", "checkout"],
        "start": "2026-03-09T19:00:00Z",
        "end": "2026-03-09T21:00:00Z",
    }
    return CalendarEntryView.model_validate(entry | said)


def a_calendar(*entries: CalendarEntryView, zone: str = "America/New_York") -> CalendarView:
    return CalendarView(zone=zone, now=NOON, until=NOON, entries=list(entries))


def test_it_shows_each_window_by_the_organiser_s_clock_and_in_utc(house: House, run: Run) -> None:
    house.says(CALENDAR, a_calendar(an_entry()))

    ran = run("calendar")

    for words in ("the next 90 days, by the clock of America/New_York", "Mon 9 Mar", "15:00 EDT", "19:00 UTC", "MNT-3"):
        assert words in ran.out
    assert [each.path for each in house.heard] == ["/v1/calendar?days=90"]
    assert max(map(len, ran.out.splitlines())) <= 80


def test_what_is_tentative_and_what_falls_on_the_same_day_is_marked(house: House, run: Run) -> None:
    house.says(
        CALENDAR,
        a_calendar(
            an_entry(same_day=["MNT-4"]),
            an_entry(name="MNT-4", series="MNT-1", tentative=True, same_day=["MNT-3"]),
            an_entry(name=None, series="MNT-1", tentative=True),
        ),
    )

    said = " ".join(run("calendar", "--days", "30").out.split())

    assert "(of MNT-1)" in said and "of MNT-1" in said
    assert "tentative, same" in said and "MNT-3" in said
    assert house.heard[0].path == "/v1/calendar?days=30"


def test_a_time_without_work_says_so(house: House, run: Run) -> None:
    house.says(CALENDAR, a_calendar())

    assert run("calendar", "--days", "7").out == "Nothing is planned for the next 7 days.\n"


def test_as_json_it_is_one_document(house: House, run: Run) -> None:
    house.says(CALENDAR, a_calendar(an_entry()))

    ran = run("calendar", "--json")

    assert (ran.json["entries"][0]["name"], ran.err) == ("MNT-3", "")


def test_the_customers_calendar_is_written_to_a_file_byte_for_byte(house: House, run: Run, tmp_path: Path) -> None:
    feed = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    house.says(FEED, feed)

    ran = run("calendar", "--ics", "planned.ics")
    document = run("calendar", "--ics", "planned.ics", "--json")

    assert (tmp_path / "planned.ics").read_bytes() == feed
    assert ran.out == "planned.ics holds 1 entries.\n"
    assert document.json == {"file": "planned.ics", "entries": 1}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--ics", "no/such/place.ics"), 2, "no/such/place.ics cannot be written"),
        (("--days", "0"), 2, "--days"),
    ],
)
def test_what_cannot_be_is_refused(house: House, run: Run, arguments: tuple[str, ...], code: int, words: str) -> None:
    house.says(FEED, b"")

    ran = run("calendar", *arguments)

    assert ran.code == code and words in ran.err


def test_a_desk_that_is_away_is_said_so(house: House, run: Run) -> None:
    house.says(CALENDAR, None)

    assert run("calendar").code == 3
