"""What of planned work is said too early, and what whoever says it hears."""

from datetime import timedelta
from typing import Any

import pytest

from forewarn.component import Impact
from forewarn.outage import Act, Kind, Status, Tasks, Window
from forewarn.revise import Opened, Rejected
from tests.support.reports import TONIGHT, Memory, after, by_hand, news

LEDGER = {"ledger-db": Impact.DEGRADED}


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


def test_no_step_of_work_is_done_before_somebody_says_that_it_has_begun() -> None:
    memory = planned()

    early = memory.hear(by_hand(1, "MNT-1", tasks=Tasks(1, 5)))
    with_its_start = memory.hear(by_hand(2, "MNT-1", status=Status.IN_PROGRESS, tasks=Tasks(1, 5)))

    assert isinstance(early, Rejected) and "`forewarn maintenance start MNT-1`" in early.reason
    assert news(with_its_start) and news(memory.hear(by_hand(3, "MNT-1", tasks=Tasks(2, 5))))


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
