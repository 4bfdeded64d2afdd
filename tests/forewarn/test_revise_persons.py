"""What a person's word does to the record, and what it outweighs."""

from datetime import timedelta
from typing import Any

import pytest

from forewarn.component import Impact
from forewarn.outage import Act, Kind, Severity, Status, Window
from forewarn.revise import Opened, Rejected, Repeat
from tests.support.reports import TONIGHT, Memory, after, by_hand, firing, news, resolved

LEDGER = {"ledger-db": Impact.DEGRADED}


def test_whatever_a_person_changes_is_news() -> None:
    memory = Memory()
    memory.hear(firing(0))

    verdict = memory.hear(by_hand(1, "INC-1", severity=Severity.MINOR))

    assert news(verdict)


def test_a_person_who_says_the_same_again_repeats() -> None:
    memory = Memory()
    memory.hear(firing(0), by_hand(1, "INC-1", cause="A full disk."))

    verdict = memory.hear(by_hand(2, "INC-1", cause="A full disk."))

    assert isinstance(verdict, Repeat)


def test_what_a_person_stated_wins_until_a_person_changes_it() -> None:
    memory = Memory()
    memory.hear(firing(0), by_hand(1, "INC-1", components={"card-payments": Impact.DEGRADED}))

    memory.hear(firing(2, components={"card-payments": Impact.DOWN} | LEDGER))
    held = memory.last.facts.components
    memory.hear(by_hand(3, "INC-1", components={"card-payments": Impact.DOWN}))

    assert held == {"card-payments": Impact.DEGRADED} | LEDGER
    assert memory.last.facts.components["card-payments"] is Impact.DOWN


def test_a_person_s_status_wins_over_a_machine_s_end() -> None:
    memory = Memory()
    memory.hear(firing(0), by_hand(1, "INC-1", status=Status.IDENTIFIED))

    verdict = memory.hear(resolved(2))

    assert not news(verdict)
    assert memory.last.facts.status is Status.IDENTIFIED
    assert memory.last.observed.status is Status.MONITORING


def test_a_person_s_resolved_closes() -> None:
    memory = Memory()
    memory.hear(firing(0))

    verdict = memory.hear(by_hand(5, "INC-1", status=Status.RESOLVED))

    assert news(verdict)
    assert memory.last.closed_at == after(5)


def test_a_person_opens_investigating_and_speaks_by_the_same_key() -> None:
    memory = Memory()
    memory.hear(by_hand(0, key="cards", components=LEDGER))

    memory.hear(by_hand(1, key="cards", cause="A full disk."))

    assert [outage.name for outage in memory.outages] == ["INC-1"]
    assert memory.last.by_person
    assert memory.last.facts.status is Status.INVESTIGATING
    assert memory.last.facts.cause == "A full disk."


def test_planned_work_without_a_window_is_refused_and_says_what_to_do() -> None:
    verdict = Memory().hear(by_hand(0, kind=Kind.MAINTENANCE, components=LEDGER))

    assert isinstance(verdict, Rejected) and "say when it starts and ends" in verdict.reason


def test_a_person_s_maintenance_opens_scheduled_and_completed_closes_it() -> None:
    memory = Memory()
    memory.hear(by_hand(0, kind=Kind.MAINTENANCE, components=LEDGER, window=TONIGHT))
    status = memory.last.facts.status

    memory.hear(by_hand(11 * 60, "MNT-1", status=Status.COMPLETED))

    assert status is Status.SCHEDULED
    assert not memory.last.open


def planned(**said: Any) -> Memory:
    """Work of a person, or of whoever else is said, from ten hours after noon on."""
    memory = Memory()
    memory.hear(by_hand(0, key="work", kind=Kind.MAINTENANCE, components=LEDGER, window=TONIGHT, **said))
    return memory


@pytest.mark.parametrize("changes", [{}, {"act": Act.CORRECT}, {"note": "All went well."}])
def test_work_is_not_done_before_it_begins_and_whoever_says_so_hears_what_to_do(changes: dict[str, Any]) -> None:
    memory = planned()

    verdict = memory.hear(by_hand(1, "MNT-1", status=Status.COMPLETED, **changes))

    assert isinstance(verdict, Rejected) and memory.last.open
    assert "MNT-1 begins at 2026-11-22 22:00 UTC, and nobody said that it has begun" in verdict.reason
    assert "`forewarn maintenance start MNT-1`" in verdict.reason
    assert "`forewarn maintenance cancel MNT-1`" in verdict.reason


def test_work_of_which_somebody_said_that_it_has_begun_may_be_done_before_its_time() -> None:
    memory = planned()
    memory.hear(by_hand(1, "MNT-1", status=Status.IN_PROGRESS))

    assert news(memory.hear(by_hand(2, "MNT-1", status=Status.COMPLETED)))
    assert memory.last.closed_at == after(2)


@pytest.mark.parametrize("changes", [{}, {"act": Act.CORRECT}])
def test_work_does_not_end_before_it_begins_and_whoever_says_so_hears_what_to_do(changes: dict[str, Any]) -> None:
    memory = planned()

    verdict = memory.hear(by_hand(1, "MNT-1", expected_end=after(480), **changes))

    assert isinstance(verdict, Rejected) and memory.last.facts.expected_end is None
    assert "MNT-1 begins at 2026-11-22 22:00 UTC, so it does not end at 2026-11-22 20:00 UTC" in verdict.reason
    assert "say the day too" in verdict.reason
    assert news(memory.hear(by_hand(2, "MNT-1", expected_end=TONIGHT.end + timedelta(hours=1))))


def test_work_that_begins_before_its_time_may_end_before_it_too() -> None:
    begun = planned().hear(by_hand(1, "MNT-1", status=Status.IN_PROGRESS, expected_end=after(480)))

    assert news(begun)


def test_to_confirm_what_was_never_tentative_repeats() -> None:
    sure, unsure = planned(), planned(tentative=True)

    assert isinstance(sure.hear(by_hand(1, "MNT-1", tentative=False)), Repeat)
    assert news(unsure.hear(by_hand(1, "MNT-1", tentative=False)))
    assert isinstance(unsure.hear(by_hand(2, "MNT-1", tentative=False)), Repeat)


def test_work_that_is_said_to_be_done_in_an_earlier_window_is_done() -> None:
    earlier = Window(after(-120), after(-60))

    assert news(planned().hear(by_hand(1, "MNT-1", status=Status.COMPLETED, window=earlier)))


def test_work_to_come_is_not_opened_as_done_but_a_quick_fix_is() -> None:
    said: dict[str, Any] = {"kind": Kind.MAINTENANCE, "components": LEDGER, "status": Status.COMPLETED}

    to_come = Memory().hear(by_hand(0, window=TONIGHT, **said))
    quick_fix = Memory().hear(by_hand(0, window=Window(after(-30), after(-10)), **said))

    assert isinstance(to_come, Rejected) and "not completed yet" in to_come.reason
    assert isinstance(quick_fix, Opened)


def test_a_machine_that_says_that_its_work_is_done_before_its_time_is_believed() -> None:
    memory = planned(person=False, author=None)

    memory.hear(by_hand(1, key="work", kind=Kind.MAINTENANCE, status=Status.COMPLETED, person=False, author=None))

    assert not memory.last.open


def test_a_person_reopens_what_a_person_closed() -> None:
    memory = Memory()
    memory.hear(by_hand(0, components=LEDGER), by_hand(1, "INC-1", status=Status.RESOLVED))

    memory.hear(by_hand(2, "INC-1", status=Status.INVESTIGATING))

    assert memory.last.open


def test_a_person_s_unknown_component_is_rejected_with_its_name() -> None:
    verdict = Memory().hear(by_hand(0, unknown_components=("cards", "ledger")))

    assert isinstance(verdict, Rejected)
    assert "cards, ledger" in verdict.reason
    assert "import" in verdict.reason


def test_an_outage_that_is_not_there_is_named() -> None:
    verdict = Memory().hear(by_hand(0, "INC-9", cause="A full disk."))

    assert isinstance(verdict, Rejected)
    assert "INC-9" in verdict.reason


def test_a_machine_may_not_speak_about_an_outage_by_name() -> None:
    memory = Memory()
    memory.hear(firing(0))

    verdict = memory.hear(resolved(1, about="INC-1"))

    assert isinstance(verdict, Rejected)
