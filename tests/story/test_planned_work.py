"""T1 to T7, on real servers: planned work from its first reminder to its end, moved, extended, cancelled."""

from datetime import timedelta
from typing import Any

import pytest

from forewarn.dev.sandbox.mail import Mail
from tests.support.home import Home, until
from tests.support.laws import planned_once

KENJI = "kenji.morita@nordwind.example"
COMPONENTS = ["card-payments"]


def work(home: Home, start_in: timedelta, lasts: timedelta, **facts: Any) -> dict[str, Any]:
    """Planned work on card payments, as a communicator says it; its window as people read time."""
    start = home.now() + start_in
    window = {"start": start.isoformat(), "end": (start + lasts).isoformat()}
    benefit = {"benefit": "Payments will be confirmed faster."}
    return {"kind": "maintenance", "components": COMPONENTS, "impact": "degraded", "window": window} | benefit | facts


def entries(home: Home, *mails: Mail) -> list[str]:
    """The calendar's text of each mail: the alternative, which is the attachment's too."""
    texts = [{text.strip() for _, text in home.sandbox.read(mail.n).entries} for mail in mails]
    assert all(len(found) == 1 for found in texts), texts
    return [text for found in texts for text in found]


def told_so_far(home: Home, side: str = "outside") -> list[str]:
    return [notice["occasion"] for notice in home.notices(side, "MNT-1") if notice["state"] == "drained"]


def until_told(home: Home, *occasions: str, seconds: float = 30) -> None:
    until(lambda: told_so_far(home) == list(occasions), seconds, f"telling {occasions}")


def test_t1_planned_work_far_ahead_is_told_to_nobody_yet(home: Home) -> None:
    home.import_demo()

    home.told(work(home, timedelta(days=30), timedelta(hours=2)))

    rungs = home.desk("/v1/outages/MNT-1/schedule")["rungs"]
    outside = [(rung["occasion"], rung["fate"]) for rung in rungs if rung["side"] == "outside"]
    assert home.notices("outside", "MNT-1") == home.notices("inside", "MNT-1") == []
    assert outside[:4] == [("reminder", "waits")] * 3 + [("starting", "waits")]


@pytest.mark.slow
def test_t3_a_delay_and_a_cancellation_are_told_at_once_to_all_who_were_told(home: Home) -> None:
    home.import_demo()
    told = home.told(work(home, timedelta(hours=20), timedelta(hours=2)))
    name = told["outage"]
    until_told(home, "reminder")
    later = work(home, timedelta(days=30), timedelta(hours=2))["window"]

    home.told({"about": name, "kind": "maintenance", "window": later})
    until_told(home, "reminder", "delayed")
    home.told({"about": name, "kind": "maintenance", "status": "cancelled"})
    until_told(home, "reminder", "delayed", "cancelled")

    reminder, delayed, cancelled = home.mails(KENJI)
    assert "shorter notice" in home.text(reminder)
    assert "Payments will be confirmed faster." in home.text(reminder)
    assert [entry.count("METHOD:PUBLISH") for entry in entries(home, reminder, delayed)] == [1, 1]
    assert [entry.count("STATUS:CANCELLED") for entry in entries(home, cancelled)] == [1]
    planned_once(home)
    assert home.rows("select due_at from plan") == [{"due_at": None}], "nothing more is to come"


@pytest.mark.slow
def test_t1_t4_t5_t6_work_is_told_at_its_start_on_its_way_when_it_runs_over_and_at_its_end(home: Home) -> None:
    home.import_demo()
    home.fast(240)
    home.told(work(home, timedelta(minutes=50), timedelta(hours=1)))
    until_told(home, "reminder")
    until_told(home, "reminder", "starting")
    home.told({"about": "MNT-1", "kind": "maintenance", "status": "in_progress"})
    until(lambda: "overrun" in told_so_far(home), 60, "the planned end")
    home.fast(1)  # so that the next update that it promised is not due yet
    so_far = told_so_far(home)
    later = (home.now() + timedelta(hours=3)).isoformat()

    home.told({"about": "MNT-1", "kind": "maintenance", "expected_end": later})
    until_told(home, *so_far, "overrun")
    home.told({"about": "MNT-1", "kind": "maintenance", "status": "completed"})
    until_told(home, *so_far, "overrun", "completed")

    assert so_far[:3] == ["reminder", "starting", "progress"] and so_far[-1] == "overrun"
    first, *_, last = home.mails(KENJI)
    assert first.subject == last.subject, "one thread (M2)"
    planned_once(home)


@pytest.mark.slow
def test_a_clock_that_was_down_tells_what_is_still_true_says_that_it_is_late_and_records_the_rest(home: Home) -> None:
    home.import_demo()
    home.told(work(home, timedelta(hours=2), timedelta(hours=9)))
    until_told(home, "reminder")
    home.house.workers["planner"].kill()
    start = home.rows("select (stated #>> '{window,start}')::timestamptz as start from outage")[0]["start"]

    home.it_is(start + timedelta(minutes=2))
    home.comes_back("planner")

    until(lambda: "starting" in told_so_far(home), 30, "the start, late")
    rows = home.rows("select fate, late from rung where side = 'outside' and occasion = 'starting'")
    assert rows == [{"fate": "told", "late": True}]
