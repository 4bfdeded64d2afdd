"""The agenda of planned work shows every notice before it is planned, and after; it writes nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.services.planner.desks import PEOPLE, Office, an_incident

OUTSIDE = sum(role == "customer" for _, role in PEOPLE)
REHEARSAL = "/v1/maintenances/rehearsal"


SOON = timedelta(hours=20)
"""Less than a business day, whatever day it is."""


def a_plan(ahead: timedelta = timedelta(days=30), **facts: Any) -> dict[str, Any]:
    """Two hours of planned work, so far ahead."""
    start = datetime.now(UTC) + ahead
    window = {"start": start.isoformat(), "end": (start + timedelta(hours=2)).isoformat()}
    return {"kind": "maintenance", "components": an_incident()["components"], "window": window} | facts


def outside(view: dict[str, Any]) -> list[dict[str, Any]]:
    return [rung for rung in view["rungs"] if rung["side"] == "outside"]


def test_a_rehearsal_shows_the_whole_future_and_writes_nothing(desk: Office) -> None:
    before = desk.everything()

    view = desk.post(REHEARSAL, a_plan())

    rungs = outside(view)
    assert [r["occasion"] for r in rungs] == ["reminder"] * 3 + ["starting"] + ["progress"] * 3 + ["overrun"]
    assert {(r["fate"], r["audience"], r["short_notice"]) for r in rungs} == {("waits", OUTSIDE, False)}
    assert (view["outage"], view["breaches"], view["unknown_countries"]) == (None, [], [])
    assert desk.everything() == before


def test_what_is_known_too_late_shows_its_breaches(desk: Office) -> None:
    view = desk.post(REHEARSAL, a_plan(SOON))

    assert len(view["breaches"]) == 2 and "class standard" in view["breaches"][0]
    assert [r["fate"] for r in outside(view)][:2] == ["compressed", "now"]


def test_m10_the_reminders_of_a_deadline_are_shown_and_are_no_breach_of_a_class(desk: Office) -> None:
    near = (datetime.now(UTC) + timedelta(hours=12)).isoformat()

    asked, unasked = desk.post(REHEARSAL, a_plan(reader_action=asks(near))), desk.post(REHEARSAL, a_plan())

    reminders = [r["fate"] for r in outside(asked) if r["occasion"] == "reminder"]
    assert reminders == ["compressed", "now", "waits", "waits", "waits"]
    assert len(outside(asked)) == len(outside(unasked)) + 2
    assert asked["breaches"] == []


def asks(by: str) -> dict[str, str]:
    return {"what": "Allow our new address.", "by": by}


def test_a_class_that_needs_months_says_which_of_them_are_missed(desk: Office) -> None:
    view = desk.post(REHEARSAL, a_plan(timedelta(days=40), notice_class="discontinuation"))

    assert len(view["breaches"]) == 3, "a year, six and three months"
    assert sum(r["occasion"] == "reminder" for r in outside(view)) == 7


def test_a_country_whose_holidays_nobody_told_us_is_named(desk: Office) -> None:
    assert desk.post(REHEARSAL, a_plan(country="ZZ"))["unknown_countries"] == ["ZZ"]


def test_a_day_on_which_customers_hear_of_other_work_too_is_shown(desk: Office) -> None:
    desk.says("dana", **a_plan())

    same, other = desk.post(REHEARSAL, a_plan()), desk.post(REHEARSAL, a_plan(timedelta(days=60)))

    assert [r["clashes"] for r in outside(same) if r["occasion"] == "reminder"] == [OUTSIDE] * 3
    assert [r["clashes"] for r in outside(other) if r["occasion"] == "reminder"] == [0] * 3


def test_the_schedule_of_an_outage_has_what_was_told_and_what_is_to_come(desk: Office) -> None:
    desk.settle(desk.says("dana", **a_plan(SOON)))

    view = desk.get("/v1/outages/MNT-1/schedule")

    assert [r["fate"] for r in outside(view)][:4] == ["compressed", "told", "waits", "waits"]
    assert view["outage"] == "MNT-1" and len(view["breaches"]) == 2


def test_a_move_is_rehearsed_with_the_rungs_of_its_new_start(desk: Office) -> None:
    desk.settle(desk.says("dana", **a_plan(SOON)))
    later = a_plan()["window"]

    view = desk.post(REHEARSAL, {"about": "MNT-1", "kind": "maintenance", "window": later})

    to_come = [r for r in outside(view) if r["fate"] == "waits"]
    assert len(to_come) == 8 and min(r["moment"] for r in to_come) < later["start"]


@pytest.mark.parametrize("event", [an_incident(), {"kind": "maintenance", "components": an_incident()["components"]}])
def test_what_is_no_planned_work_is_refused_and_says_why(desk: Office, event: dict[str, Any]) -> None:
    status, answer = desk.ask("POST", REHEARSAL, event)

    assert status == 422 and "planned work" in str(answer)
