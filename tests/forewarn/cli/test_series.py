"""Series of planned work: planned by a rule, shown by their windows, and told apart in a list."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from forewarn.contracts.event import parse_event
from forewarn.contracts.schedule_api import OccurrenceView, ScheduleView

from .conftest import Run
from .house import House
from .views import a_preview, a_row, a_schedule, a_status, a_work, carried_out

SENT, STATE, PREVIEW = "POST /v1/events", "GET /v1/events/*", "POST /v1/preview"
REHEARSAL, SCHEDULE, WORK = "POST /v1/maintenances/rehearsal", "GET /v1/outages/MNT-3/schedule", "GET /v1/outages/MNT-3"
PLAN = ("maintenance", "plan", "--components", "api", "--start", "2026-03-09 20:00", "--end", "22:00")
FIRST = datetime.fromisoformat("2026-03-09T19:00:00Z")
WEEK = timedelta(days=7)


def a_window(n: int, **said: Any) -> OccurrenceView:
    """The n-th after the first."""
    start = FIRST + n * WEEK
    ends = {"start": start, "end": start + timedelta(hours=2), "opens_at": start - 3 * WEEK}
    return OccurrenceView.model_validate(ends | said)


def a_series_schedule(*windows: OccurrenceView, **changes: Any) -> ScheduleView:
    said = {"rungs": [], "recurrence": "FREQ=WEEKLY", "occurrences": list(windows)}
    return a_schedule(**(said | changes))


@pytest.fixture
def desk(house: House) -> House:
    quiet = {"notices": [], "groups": [], "texts": [], "people": 0, "outage": None, "revision": None}
    house.says("GET /v1/status", a_status())
    house.says(SENT, (202, {"event_id": "e1"}))
    house.says(STATE, carried_out(outage="MNT-3"))
    house.says(PREVIEW, a_preview(**quiet))
    far = a_window(4, opens_at=FIRST + 9000 * WEEK)
    house.says(REHEARSAL, a_series_schedule(*map(a_window, range(4)), far, outage=None))
    house.says(WORK, a_work())
    return house


def sent(house: House) -> Any:
    (only,) = house.asked(SENT)
    parse_event(only.body)
    return only.json


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("weekly", "FREQ=WEEKLY"),
        (" Monthly", "FREQ=MONTHLY"),
        ("freq=weekly;byday=mo", "FREQ=WEEKLY;BYDAY=MO"),
        ("RRULE:FREQ=MONTHLY;BYDAY=2MO", "FREQ=MONTHLY;BYDAY=2MO"),
    ],
)
def test_work_that_recurs_is_planned_by_a_plain_word_or_a_rule(desk: House, run: Run, said: str, rule: str) -> None:
    ran = run(*PLAN, "--repeat", said, "--yes")

    assert sent(desk)["recurrence"] == rule
    assert sent(desk)["window"] == {"start": "2026-03-09T19:00:00Z", "end": "2026-03-09T21:00:00Z"}
    assert ran.out == "MNT-3 planned (revision 1).\n"


def test_a_rule_that_is_none_is_refused_with_how_to_write_one(desk: House, run: Run) -> None:
    ran = run(*PLAN, "--repeat", "every sunday", "--yes")

    assert (ran.code, desk.asked(SENT)) == (2, [])
    assert "--repeat:" in ran.err and "daily, weekly, monthly, yearly, or an RRULE such as" in ran.err


def test_a_dry_run_shows_the_next_five_windows_in_80_columns(desk: House, run: Run) -> None:
    ran = run(*PLAN, "--repeat", "weekly", "--dry-run")

    for day in ("Mon 9 Mar", "Mon 16 Mar", "Mon 23 Mar", "Mon 30 Mar", "Mon 6 Apr"):
        assert day in ran.out
    assert "20:00 CET" in ran.out and "21:00 CEST" in ran.out and "19:00 UTC" in ran.out
    assert "It recurs by FREQ=WEEKLY." in ran.out and "soon" in ran.out and "gets a name" in ran.out
    assert desk.asked(SENT) == [] and max(map(len, ran.out.splitlines())) <= 80


def test_a_page_names_the_windows_that_are_work_of_their_own_and_asks_about_the_next(desk: House, run: Run) -> None:
    named = a_window(0, name="MNT-6", status="cancelled"), a_window(1, name="MNT-7", status="scheduled")
    desk.says(SCHEDULE, a_series_schedule(*named, a_window(2, name="MNT-8", status="scheduled", tentative=False)))

    ran = run("maintenance", "show", "MNT-3")

    for words in ("MNT-6", "cancelled", "scheduled, tentative", "maintenance confirm MNT-7, or cancel MNT-7"):
        assert words in " ".join(ran.out.split())
    assert max(map(len, ran.out.splitlines())) <= 80


def test_a_series_without_windows_to_come_says_so(desk: House, run: Run) -> None:
    desk.says(SCHEDULE, a_series_schedule())

    assert "No window is to come." in run("maintenance", "show", "MNT-3").out


def test_a_list_tells_series_their_windows_and_other_work_apart(desk: House, run: Run) -> None:
    rows = [a_row(name="MNT-3", recurrence="FREQ=WEEKLY"), a_row(name="MNT-7", series="MNT-3"), a_row(name="MNT-9")]
    desk.says("GET /v1/outages", rows)

    lines = [line.split()[0] for line in run("maintenance", "list").out.splitlines() if line.strip()]

    joined = " ".join(lines)
    assert "MNT-3 (series)" in joined and "MNT-7 (of" in joined and "MNT-9 (" not in joined


def test_a_series_is_moved_with_another_rule_and_the_answer_names_what_stays(desk: House, run: Run) -> None:
    left = "opened already, and left as it was: MNT-7 (2026-03-16 20:00 CET); change each by itself"
    desk.says(STATE, carried_out(verdict="revised", outage="MNT-3", revision=4, reason=left))
    desk.says(PREVIEW, a_preview(outage="MNT-3"))

    ran = run("maintenance", "delay", "MNT-3", "--start", "2026-04-01 20:00", "--repeat", "monthly", "--yes")

    assert (sent(desk)["recurrence"], sent(desk)["about"]) == ("FREQ=MONTHLY", "MNT-3")
    assert ran.out == f"MNT-3 moved (revision 4): {left}.\n"


def test_whoever_confirms_a_window_says_what_it_is_used_for(desk: House, run: Run) -> None:
    desk.says(PREVIEW, a_preview(outage="MNT-7"))

    run("maintenance", "confirm", "MNT-7", "--benefit", "Faster payouts.", "--yes")

    assert (sent(desk)["tentative"], sent(desk)["benefit"]) == (False, "Faster payouts.")
