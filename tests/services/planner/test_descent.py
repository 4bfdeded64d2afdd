"""Laws of descent: a child of failures knows its parent, and the first notice of its line."""

from forewarn.notice import Occasion, notice_id
from forewarn.subscriber import Side
from services.planner.descent import Descent, descents
from services.planner.schedule import Planned


def a_notice(occasion: Occasion, slot: str = "1") -> tuple[str, Planned]:
    return notice_id("7", Side.OUTSIDE, occasion, slot), Planned(Side.OUTSIDE, occasion, slot)


CORRECTION, BACK = a_notice(Occasion.CORRECTION)
REPLAY, AGAIN = a_notice(Occasion.REPLAY, f"{CORRECTION}/1")
FAILOVER, OVER = a_notice(Occasion.FAILOVER, f"{REPLAY}/email/webhook")


def test_a_child_knows_its_parent_and_what_it_goes_back_to() -> None:
    found = descents(7, [BACK, AGAIN, OVER])

    assert found == {
        REPLAY: Descent(CORRECTION, Occasion.CORRECTION, CORRECTION),
        FAILOVER: Descent(REPLAY, Occasion.CORRECTION, CORRECTION),
    }


def test_the_order_of_planning_changes_nothing() -> None:
    assert descents(7, [OVER, AGAIN, BACK]) == descents(7, [BACK, AGAIN, OVER])


def test_only_children_of_failures_descend() -> None:
    _, wake = a_notice(Occasion.WAKE, "2026-11-22T07:00:00+00:00")

    assert descents(7, [BACK, wake]) == {}


def test_a_line_that_is_broken_is_none() -> None:
    assert descents(7, [OVER]) == descents(7, [OVER, AGAIN]) == {}
    assert descents(8, [BACK, AGAIN]) == {}, "ids are of their outage"
    assert descents(None, []) == {}
