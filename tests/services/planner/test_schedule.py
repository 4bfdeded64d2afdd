"""Laws of the schedule: which notices the unseen revisions bring about."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from forewarn.notice import Occasion
from forewarn.outage import Facts, Kind, Outage, Status
from forewarn.subscriber import Side
from services.planner.schedule import Planned, Revision, Wanted, wanted

INSIDE, OUTSIDE = Side.INSIDE, Side.OUTSIDE
FIRST, UPDATE, RESOLVED = Occasion.FIRST, Occasion.UPDATE, Occasion.RESOLVED


def an_outage(revision: int = 1, status: Status = Status.INVESTIGATING, kind: Kind = Kind.INCIDENT) -> Outage:
    opened = datetime(2026, 11, 22, 13, 2, tzinfo=UTC)
    return Outage(kind, "people", opened, Facts(), Facts(status=status), revision=revision)


def both(occasion: Occasion, slot: str) -> tuple[Wanted, ...]:
    return Wanted(INSIDE, occasion, slot), Wanted(OUTSIDE, occasion, slot)


def planned(*occasions: Occasion, sides: tuple[Side, ...] = (INSIDE, OUTSIDE)) -> list[Planned]:
    return [Planned(side, occasion, str(n)) for n, occasion in enumerate(occasions, 1) for side in sides]


def test_a_new_incident_is_told_first_to_the_inside_then_to_the_outside() -> None:
    assert wanted(an_outage(1), [], [Revision(1, True)], True) == both(FIRST, "1")


def test_the_outside_hears_nothing_while_no_known_component_is_touched() -> None:
    assert wanted(an_outage(1), [], [Revision(1, True)], False) == (Wanted(INSIDE, FIRST, "1"),)


def test_the_outside_hears_its_first_when_a_known_component_is_touched_later() -> None:
    before = planned(FIRST, sides=(INSIDE,))

    found = wanted(an_outage(2), before, [Revision(2, True)], True)

    assert found == (Wanted(INSIDE, UPDATE, "2"), Wanted(OUTSIDE, FIRST, "2"))


def test_news_is_an_update() -> None:
    assert wanted(an_outage(2), planned(FIRST), [Revision(2, True)], True) == both(UPDATE, "2")


def test_what_is_no_news_brings_nothing_about() -> None:
    assert wanted(an_outage(2), planned(FIRST), [Revision(2, False)], True) == ()


def test_a_plan_that_has_seen_all_wants_nothing() -> None:
    assert wanted(an_outage(2), planned(FIRST), [], True) == ()


def test_several_unseen_revisions_bring_one_notice_about_for_each_side() -> None:
    unseen = [Revision(2, True), Revision(3, True), Revision(4, False)]

    assert wanted(an_outage(4), planned(FIRST), unseen, True) == both(UPDATE, "3")


def test_the_end_is_told_as_resolved() -> None:
    over = an_outage(2, Status.RESOLVED)

    assert wanted(over, planned(FIRST), [Revision(2, True)], True) == both(RESOLVED, "2")


def test_a_word_after_the_end_is_an_update() -> None:
    over = an_outage(3, Status.RESOLVED)

    assert wanted(over, planned(FIRST, RESOLVED), [Revision(3, True)], True) == both(UPDATE, "3")


def test_what_opens_again_is_an_update_and_its_end_is_resolved_again() -> None:
    before = planned(FIRST, RESOLVED)

    again = wanted(an_outage(3), before, [Revision(3, True)], True)
    over = wanted(an_outage(4, Status.RESOLVED), planned(FIRST, RESOLVED, UPDATE), [Revision(4, True)], True)

    assert again == both(UPDATE, "3")
    assert over == both(RESOLVED, "4")


def test_what_was_over_before_anybody_was_told_is_told_once_as_over() -> None:
    assert wanted(an_outage(2, Status.RESOLVED), [], [Revision(1, True), Revision(2, True)], True) == both(
        RESOLVED, "2"
    )


@pytest.mark.parametrize("kind", [Kind.MAINTENANCE, Kind.ANNOUNCEMENT])
def test_planned_work_wants_no_notice_yet(kind: Kind) -> None:
    assert wanted(replace(an_outage(), kind=kind), [], [Revision(1, True)], True) == ()


def test_a_slot_is_the_revision_that_brought_it_about_so_that_late_plans_find_the_same_notice() -> None:
    unseen = [Revision(2, True)]

    first, late = wanted(an_outage(2), planned(FIRST), unseen, True), wanted(an_outage(3), planned(FIRST), unseen, True)

    assert first == late
