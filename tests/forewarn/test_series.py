"""What a series may be, and what becomes of a window that the clock opens (T10)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from forewarn.component import Impact
from forewarn.outage import Act, Facts, Kind, Outage, Release, Status, Window
from forewarn.revise import Known, Opened, Rejected, Repeat, revise
from forewarn.series import refusal
from forewarn.signal import Report, Signal
from tests.support.reports import NOON, after

UTC = ZoneInfo("UTC")
FIRST = Window(NOON, NOON + timedelta(hours=2))
SECOND = Window(NOON + timedelta(days=7), NOON + timedelta(days=7, hours=2))
SAID = Facts(
    status=Status.SCHEDULED,
    window=FIRST,
    recurrence="FREQ=WEEKLY",
    components={"card-payments": Impact.DOWN},
    benefit="Faster payouts.",
    note="Planned for all of next year.",
    country="DE",
)


def a_series(**changes: Any) -> Outage:
    said: dict[str, Any] = {
        "revision": 4,
        "by_person": True,
        "release": Release.RELEASED,
        "id": 3,
        "number": 3,
    } | changes
    return Outage(Kind.MAINTENANCE, "people", NOON, Facts(), said.pop("stated", SAID), **said)


def the_clock_says(window: Window = SECOND, **changes: Any) -> Report:
    said: dict[str, Any] = {"act": Act.OCCUR, "about": "MNT-3", "clock": True, "from_revision": 4}
    return Report(
        "forewarn", "occurrence/MNT-3/x", after(1), Facts(window=window), kind=Kind.MAINTENANCE, **said | changes
    )


def opened(series: Outage, report: Report, signal: Signal | None = None) -> object:
    return revise(report, Known(signal=signal, about=series))


def test_a_window_is_work_of_its_own_tentative_and_with_the_facts_of_its_series() -> None:
    verdict = opened(a_series(), the_clock_says())

    assert isinstance(verdict, Opened)
    facts, work = verdict.outage.facts, verdict.outage
    assert (facts.window, facts.tentative, facts.series, facts.status) == (SECOND, True, "MNT-3", Status.SCHEDULED)
    assert (facts.components, facts.benefit, facts.country) == (SAID.components, SAID.benefit, "DE")
    assert (facts.recurrence, facts.note) == (None, None), "no series itself, and no note of another moment"
    assert (work.by_person, work.release, work.revision, work.opened_at) == (True, Release.RELEASED, 1, after(1))
    assert not work.recurs


def test_a_window_of_a_machine_s_series_stays_a_machine_s_word_and_held_by_its_rule() -> None:
    series = a_series(by_person=False, release=Release.HELD, stated=Facts())
    series = replace(series, observed=SAID, source="change-calendar")

    verdict = opened(series, the_clock_says())

    assert isinstance(verdict, Opened)
    assert (verdict.outage.release, verdict.outage.source) == (Release.HELD, "change-calendar")
    assert (verdict.outage.stated.benefit, verdict.outage.observed.benefit) == (None, "Faster payouts.")
    assert verdict.outage.facts.window == SECOND and not verdict.outage.recurs


def test_a_window_is_opened_once_whatever_revision_the_clock_saw() -> None:
    series = a_series()
    first = opened(series, the_clock_says())
    assert isinstance(first, Opened)

    again = opened(replace(series, revision=5), the_clock_says(from_revision=5), first.signal)

    assert isinstance(again, Repeat) and "opened already" in again.reason


@pytest.mark.parametrize(
    "changes",
    [
        {"revision": 5},
        {"closed_at": NOON, "stated": replace(SAID, status=Status.CANCELLED)},
        {"withdrawn": True, "closed_at": NOON},
        {"stated": replace(SAID, recurrence=None)},
    ],
)
def test_a_window_of_what_changed_meanwhile_is_not_opened(changes: dict[str, Any]) -> None:
    assert isinstance(opened(a_series(**changes), the_clock_says()), Repeat)


@pytest.mark.parametrize("person", [True, False])
def test_nobody_but_our_own_clock_opens_windows(person: bool) -> None:
    verdict = opened(a_series(), the_clock_says(clock=False, person=person))

    assert isinstance(verdict, Rejected) and "our own clock" in verdict.reason


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"recurrence": "FREQ=WEEKLY;BYDAY=MO"}, "none of FREQ=WEEKLY;BYDAY=MO: that would be 2026-11-23 12:00:00"),
        ({"status": Status.IN_PROGRESS}, "start one of its windows"),
        ({"status": Status.COMPLETED}, "complete one of its windows"),
        ({"tentative": False}, "confirm one of its windows"),
    ],
)
def test_what_a_series_cannot_be_is_refused_with_what_to_do(changes: dict[str, Any], words: str) -> None:
    reason = refusal(a_series(), a_series(stated=replace(SAID, **changes)), UTC)

    assert reason is not None and words in reason


def test_a_series_may_be_moved_to_a_first_window_of_its_rule_and_cancelled() -> None:
    moved = replace(SAID, window=Window(NOON + timedelta(hours=1), NOON + timedelta(hours=2)))

    assert refusal(a_series(), a_series(stated=moved), UTC) is None
    assert refusal(a_series(), a_series(stated=replace(SAID, status=Status.CANCELLED)), UTC) is None


def test_work_of_one_window_does_not_become_a_series() -> None:
    reason = refusal(a_series(stated=replace(SAID, recurrence=None)), a_series(), UTC)

    assert reason is not None and "maintenance plan --repeat" in reason


def test_an_incident_does_not_recur() -> None:
    reason = refusal(None, replace(a_series(), kind=Kind.INCIDENT), UTC)

    assert reason is not None and "only planned work recurs" in reason


def test_what_recurs_as_before_is_not_refused_by_another_zone_of_the_policy() -> None:
    late = replace(SAID, window=Window(NOON + timedelta(hours=11), NOON + timedelta(hours=12)))
    series = a_series(stated=replace(late, recurrence="FREQ=WEEKLY;BYDAY=SU"))
    cancelled = replace(series, stated=replace(series.stated, status=Status.CANCELLED))

    assert refusal(None, series, ZoneInfo("Asia/Tokyo")) is not None
    assert refusal(series, cancelled, ZoneInfo("Asia/Tokyo")) is None
