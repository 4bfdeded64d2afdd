"""A machine's calm, when it becomes an end, and when the end is taken back (T18)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.component import Impact
from forewarn.outage import Act, Kind, Release, Status
from forewarn.revise import Opened, Rejected, Repeat, Revised, Stale, revise
from forewarn.signal import Report
from tests.support.reports import TONIGHT, Memory, act, after, alert, by_hand, firing, news, resolved, settle

LEDGER = {"ledger-db": Impact.DEGRADED}
MAIL = {"mail": Impact.DOWN}


def test_calm_begins_when_the_last_signal_ends_and_lasts_while_nothing_fires() -> None:
    memory = Memory()
    memory.hear(alert(0, "a1"), alert(0, "a2"))
    calm = [memory.last.calm_since]

    for report in (alert(5, "a1", ended=4), alert(6, "a2", ended=6), alert(8, "a2", ended=6), alert(9, "a1", 9)):
        memory.hear(report)
        calm.append(memory.last.calm_since)

    assert calm == [None, None, after(6), after(6), None]


def test_calm_is_on_record_even_if_the_machine_said_monitoring_itself() -> None:
    memory = Memory()
    memory.hear(firing(0), firing(1, facts={"status": Status.MONITORING}))

    verdict = memory.hear(resolved(2))

    assert memory.last.calm_since == after(2)
    assert isinstance(verdict, Revised) and not verdict.newsworthy


def test_a_person_s_word_neither_begins_nor_ends_calm() -> None:
    memory = calm()

    memory.hear(by_hand(6, "INC-1", cause="A full disk."))

    assert memory.last.calm_since == after(5)


def test_when_all_are_calm_all_that_was_touched_hears_of_it() -> None:
    memory = Memory()
    memory.hear(alert(0, "a1"), alert(0, "a2", components=LEDGER), alert(0, "a3", components=MAIL))

    for at, key in ((3, "a1"), (4, "a2"), (5, "a3")):
        components = {"a1": {"card-payments": Impact.DOWN}, "a2": LEDGER, "a3": MAIL}[key]
        memory.hear(alert(at, key, ended=at, components=components))

    assert memory.last.facts.components == {"card-payments": Impact.DOWN} | LEDGER | MAIL


def test_impacts_that_were_milder_at_the_end_stay_so() -> None:
    memory = Memory()
    milder = {"card-payments": Impact.DEGRADED}
    memory.hear(alert(0, "a1"), alert(0, "a2", components=milder), alert(3, "a1", ended=3))

    memory.hear(alert(4, "a2", ended=4, components=milder))

    assert memory.last.facts.components == milder


def test_an_end_does_not_change_what_was_touched() -> None:
    memory = Memory()
    memory.hear(alert(0, "a1"), alert(0, "a2", components=LEDGER))

    memory.hear(alert(3, "a1", ended=3, components={"card-payments": Impact.NONE}), alert(4, "a2", ended=4))

    assert memory.last.facts.components == {"card-payments": Impact.DOWN} | LEDGER


def test_the_clock_settles_what_is_calm() -> None:
    memory = calm()

    verdict = memory.hear(settle(15, 2))

    assert isinstance(verdict, Revised) and verdict.newsworthy
    assert verdict.act is Act.SETTLE
    assert memory.last.closed_at == after(15)
    assert memory.last.facts.status is Status.RESOLVED


def test_a_person_s_monitoring_makes_way_for_the_end_and_a_note_is_not_said_again() -> None:
    memory = calm()
    memory.hear(by_hand(6, "INC-1", status=Status.MONITORING, note="We watch it."))

    memory.hear(settle(16, 3))

    assert memory.last.facts.status is Status.RESOLVED
    assert memory.last.facts.note is None


def test_what_the_clock_saw_is_not_settled_once_it_is_otherwise() -> None:
    memory = calm()
    memory.hear(by_hand(6, "INC-1", cause="A full disk."))

    verdict = memory.hear(settle(15, 2))

    assert isinstance(verdict, Repeat)
    assert "revision 3" in verdict.reason
    assert memory.last.open


def test_what_fires_is_not_settled() -> None:
    memory = Memory()
    memory.hear(firing(0))

    verdict = memory.hear(settle(15, 1))

    assert isinstance(verdict, Repeat)
    assert "fires" in verdict.reason


def test_what_is_over_is_not_settled_again() -> None:
    memory = calm()
    memory.hear(settle(15, 2))

    verdict = memory.hear(settle(16, 3))

    assert verdict == Repeat("INC-1 is over already")


@pytest.mark.parametrize("status", [Status.INVESTIGATING, Status.IDENTIFIED])
def test_the_clock_ends_nothing_against_a_person_s_word(status: Status) -> None:
    memory = calm()
    memory.hear(by_hand(6, "INC-1", status=status))

    verdict = memory.hear(settle(15, 3))

    assert isinstance(verdict, Repeat)
    assert status.value in verdict.reason
    assert memory.last.open


@pytest.mark.parametrize("said", [{"clock": False}, {"clock": False, "person": True, "author": "dana"}])
def test_nobody_else_settles(said: dict[str, Any]) -> None:
    memory = calm()

    verdict = memory.hear(settle(15, 2, **said))

    assert isinstance(verdict, Rejected)
    assert "clock" in verdict.reason and "resolved" in verdict.reason
    assert memory.last.open


def test_the_clock_names_what_it_settles() -> None:
    verdict = calm().hear(replace(settle(15, 2), about=None))

    assert isinstance(verdict, Rejected)
    assert "`about`" in verdict.reason


@pytest.mark.parametrize("end", [settle(15, 2), by_hand(15, "INC-1", status=Status.RESOLVED, note="All is well.")])
def test_what_fires_again_soon_is_the_same_incident(end: Report) -> None:
    memory = calm()
    memory.hear(end)

    verdict = memory.hear(firing(30, components=LEDGER))

    assert news(verdict) and isinstance(verdict, Revised)
    assert (memory.last.name, memory.last.open, memory.last.calm_since) == ("INC-1", True, None)
    assert memory.last.facts.status is Status.INVESTIGATING
    assert memory.last.facts.components == LEDGER
    assert memory.last.facts.note is None


def test_what_fires_again_later_is_another() -> None:
    memory = calm()
    memory.hear(settle(15, 2))

    verdict = memory.hear(firing(30.1))

    assert isinstance(verdict, Opened)
    assert [outage.open for outage in memory.outages] == [False, True]


@given(st.integers(0, 60), st.integers(0, 60))
def test_how_soon_is_the_policy_s_word(minutes: int, later: int) -> None:
    memory = calm()
    memory.hear(settle(15, 2))
    report = firing(15 + later)

    verdict = revise(report, memory.known(report), reopen=timedelta(minutes=minutes))

    assert isinstance(verdict, Revised if later <= minutes else Opened)


def test_another_alert_of_the_group_opens_it_again_too() -> None:
    memory = Memory()
    memory.hear(alert(0, "a1"), alert(5, "a1", ended=5), settle(15, 2))

    memory.hear(alert(20, "a2", started=20, components=LEDGER))

    assert [outage.name for outage in memory.outages] == ["INC-1"]
    assert memory.last.open
    assert memory.last.facts.components == LEDGER


def test_an_open_one_of_the_group_comes_before_one_that_ended() -> None:
    memory = Memory()
    memory.hear(alert(0, "a1"), alert(1, "a1", ended=1), by_hand(2, "INC-1", status=Status.RESOLVED))
    memory.hear(alert(18, "a2", started=18), by_hand(19, "INC-1", status=Status.MONITORING))
    memory.hear(by_hand(20, "INC-1", status=Status.RESOLVED))

    memory.hear(alert(21, "a1", started=21, components=LEDGER))

    assert [outage.open for outage in memory.outages] == [False, True]
    assert "ledger-db" in memory.last.facts.components


def test_a_source_that_repeats_the_ended_episode_opens_nothing_again() -> None:
    memory = Memory()
    memory.hear(alert(0, "a1"), alert(5, "a1", ended=4), settle(15, 2))
    before = memory.last

    firing_still = memory.hear(alert(16, "a1", started=0))
    ended_again = memory.hear(alert(17, "a1", ended=4))

    assert isinstance(firing_still, Stale) and isinstance(ended_again, Repeat)
    assert memory.outages == [before]


def test_a_signal_that_fired_all_along_opens_nothing_again() -> None:
    memory = Memory()
    memory.hear(firing(0), by_hand(5, "INC-1", status=Status.RESOLVED))
    before = memory.last

    verdict = memory.hear(firing(6, components=LEDGER))

    assert isinstance(verdict, Repeat)
    assert memory.outages == [before]


def test_a_dismissal_is_of_one_episode() -> None:
    memory = calm()
    memory.hear(act(Act.DISMISS, 6), settle(15, 3))

    memory.hear(firing(20))

    assert memory.last.open
    assert memory.last.release is Release.HELD


def test_planned_work_that_comes_again_is_other_work() -> None:
    memory = Memory()
    work = firing(0, key="backup", kind=Kind.MAINTENANCE, facts={"status": Status.SCHEDULED, "window": TONIGHT})
    memory.hear(work, replace(work, received_at=after(5), facts=replace(work.facts, status=Status.COMPLETED)))

    verdict = memory.hear(replace(work, received_at=after(6)))

    assert isinstance(verdict, Opened)


def test_a_person_adds_to_what_settled_without_opening_it() -> None:
    memory = calm()
    memory.hear(settle(15, 2))

    memory.hear(by_hand(20, "INC-1", cause="A full disk."))

    assert memory.last.closed_at == after(15)
    assert memory.last.facts.status is Status.RESOLVED


def test_a_person_who_opens_again_what_settled_begins_the_calm_anew() -> None:
    memory = calm()
    memory.hear(settle(15, 2), by_hand(20, "INC-1", status=Status.MONITORING))
    anew = memory.last.calm_since

    memory.hear(settle(30, 4))

    assert anew == after(20)
    assert memory.last.closed_at == after(30)


def calm() -> Memory:
    """INC-1 at revision 2: opened by a machine at noon, calm since 12:05."""
    memory = Memory()
    memory.hear(firing(0), resolved(5))
    return memory
