"""What a communicator is to be told, when, and who comes next when nobody answers."""

import pytest

from forewarn.component import Impact
from forewarn.contracts.policy_communication import Communication
from forewarn.outage import Facts, Kind, Outage
from services.planner.communicator import By, Duty
from services.planner.warnings import Handed, Promise, Silence, Warned, Watched, Why, addressee, warned, words_to
from tests.support.reports import after

OUTAGE = Outage(
    kind=Kind.INCIDENT,
    source="monitoring",
    opened_at=after(0),
    observed=Facts(components={"card-payments": Impact.DOWN}),
    stated=Facts(),
    id=7,
    number=7,
)
DUTY = Duty("dana", By.OWNER, ("ravi", "mei"))
ALL = ("dana", "ravi", "mei")


def said(now: float, **watched: object) -> list[Warned]:
    """What is said so many minutes after noon, by the shipped policy."""
    return list(warned(Watched(OUTAGE, **watched), Communication(), after(now)))  # type: ignore[arg-type]


def promised(due: float, made: float = 0) -> Promise:
    return Promise(after(made), after(due))


@pytest.mark.parametrize(
    ("now", "slots"), [(44, []), (45, [15]), (54.9, [15]), (55, [5]), (59.9, [5]), (60, []), (70, [])]
)
def test_a_promise_is_warned_of_15_and_5_minutes_before_and_not_after_it(now: float, slots: list[int]) -> None:
    found = said(now, promise=promised(60))

    assert [(each.why, each.slot, each.step) for each in found] == [
        (Why.PROMISE, f"{after(60).isoformat()} -{minutes}", 0) for minutes in slots
    ]


def test_a_clock_that_stood_warns_once_of_a_promise_with_what_is_left_of_its_time() -> None:
    (only,) = said(57.5, promise=promised(60))

    assert only.text == (
        "INC-7 (card-payments): readers were promised more by 13:00 UTC, in 3 min, and nothing new is on its way."
        " forewarn incident update INC-7"
    )


@pytest.mark.parametrize(("made", "slots"), [(45, [15]), (46, []), (55, [5])])
def test_whoever_has_just_promised_is_not_warned_of_it(made: float, slots: list[int]) -> None:
    found = said(max(made, 50.0), promise=promised(60, made))

    assert [int(each.slot.rpartition("-")[2]) for each in found] == slots


@pytest.mark.parametrize(("holdings", "step"), [(1, 0), (2, 1), (3, 1), (4, 2), (7, 3)])
def test_every_second_holding_notice_in_a_row_calls_the_next_one(holdings: int, step: int) -> None:
    found = said(120, silence=Silence(3, after(0), holdings))

    assert [(each.why, each.slot, each.step) for each in found] == ([(Why.SILENCE, "3", step)] if step else [])


@pytest.mark.parametrize(("waited", "step"), [(9.9, 0), (10, 1), (19.9, 1), (20, 2), (39.9, 2), (40, 3), (80, 4)])
def test_customers_who_wait_unanswered_call_the_next_one_ever_more_slowly(waited: float, step: int) -> None:
    found = said(waited, held_since=after(0))

    assert [each.step for each in found] == ([step] if step else [])
    assert all("forewarn incident release INC-7, or forewarn incident dismiss INC-7" in each.text for each in found)


def test_what_is_said_has_an_id_of_its_own_and_the_same_whenever_it_is_found() -> None:
    found = [*said(45, promise=promised(60)), *said(55, promise=promised(60)), *said(55, promise=promised(61))]
    found += [
        *said(10, held_since=after(0)),
        *said(20, held_since=after(0)),
        *said(10, silence=Silence(3, after(0), 2)),
    ]

    assert len({each.id for each in found}) == len(found) == 6
    assert said(46, promise=promised(60))[0].id == said(50, promise=promised(60))[0].id


@pytest.mark.parametrize(("step", "person"), [(0, "dana"), (1, "ravi"), (2, "mei"), (3, "ravi")])
def test_the_communicator_is_warned_and_whoever_comes_next_is_called_in_turn(step: int, person: str) -> None:
    assert addressee(DUTY, step, ALL) == person


@pytest.mark.parametrize(
    ("duty", "step", "reached", "person"),
    [
        (DUTY, 0, ("mei",), "mei"),
        (DUTY, 1, ("mei",), "mei"),
        (DUTY, 1, ("dana",), "dana"),
        (Duty("ana", By.WORD), 1, ("ana",), "ana"),
        (DUTY, 1, ("kim",), None),
        (Duty(None, By.NOTHING), 0, ALL, None),
    ],
)
def test_who_cannot_be_reached_is_passed_over_and_nobody_is_nobody(
    duty: Duty, step: int, reached: tuple[str, ...], person: str | None
) -> None:
    assert addressee(duty, step, reached) == person


def test_whoever_mends_it_and_speaks_for_it_is_told_so() -> None:
    (warning,) = said(45, promise=promised(60))
    both = Duty("dana", By.OWNER, ("ravi",), responder=True)

    assert "responder too" in words_to("dana", warning, both)
    assert words_to("ravi", warning, both) == words_to("dana", warning, DUTY) == warning.text


@pytest.mark.parametrize(
    ("watched", "due"), [({}, ""), ({"promise": promised(60)}, "; readers were promised more by 13:00 UTC")]
)
def test_whoever_it_is_handed_to_reads_whose_it_was_and_what_is_promised(watched: dict[str, object], due: str) -> None:
    first, *_ = said(50, handed=Handed(4, "mei"), **watched)

    assert (first.why, first.slot, first.step) == (Why.HANDED, "4", 0)
    assert first.text == (
        f"INC-7 (card-payments): it is yours now, handed over by mei{due}. forewarn incident show INC-7"
    )


def test_planned_work_names_no_verb_of_incidents() -> None:
    planned = Outage(Kind.MAINTENANCE, "people", after(0), Facts(), Facts(), id=1, number=3)

    (only,) = warned(Watched(planned, promise=promised(60)), Communication(), after(45))

    assert only.text.startswith("MNT-3: ") and "incident" not in only.text
