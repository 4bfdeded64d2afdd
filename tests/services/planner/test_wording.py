"""Laws of wording: what is promised, whether customers hear, and what colleagues are told of that."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from forewarn.component import Impact, Touched
from forewarn.contracts.policy import Policy
from forewarn.notice import Channel, Hold, Occasion
from forewarn.outage import Facts, Kind, Outage, Release, Severity, Status
from forewarn.release import Rule
from forewarn.subscriber import Side
from services.planner.ports import Graph, Seen
from services.planner.schedule import Planned
from services.planner.telling import Customers
from services.planner.wording import Case, case_of, promise

NOON = datetime(2026, 11, 22, 12, 0, 30, tzinfo=UTC)
HELD, NOW = Rule(Hold.AFTER, timedelta(minutes=3)), Rule()
PAY = (Touched("pay", Impact.DOWN, ("pay",)),)


def an_outage(**changes: object) -> Outage:
    """Of an alert that nobody has released."""
    known = Outage(Kind.INCIDENT, "alertmanager", NOON, Facts(status=Status.INVESTIGATING), Facts(), alert=True)
    return replace(known, **changes)  # type: ignore[arg-type]


def a_case(outage: Outage, rule: Rule = HELD, heard: bool = False, touched: tuple[Touched, ...] = PAY) -> Case:
    return Case(outage, touched, Graph((), {}), rule, heard, NOON)


CALM = an_outage(observed=Facts(status=Status.MONITORING))


@pytest.mark.parametrize(("severity", "minutes"), [(None, 60), (Severity.MAJOR, 60), (Severity.CRITICAL, 30)])
def test_without_a_stated_time_the_policys_interval_is_promised_to_the_minute(
    severity: Severity | None, minutes: int
) -> None:
    outage = an_outage(stated=Facts(severity=severity))

    due = promise(Policy(), outage, Occasion.FIRST, NOON)

    assert due == NOON.replace(second=0) + timedelta(minutes=minutes)


def test_a_stated_time_is_promised_as_long_as_it_can_be_kept() -> None:
    stated = NOON.replace(second=0) + timedelta(minutes=10)
    outage = an_outage(stated=Facts(next_update_at=stated))

    assert promise(Policy(), outage, Occasion.UPDATE, NOON) == stated
    assert promise(Policy(), outage, Occasion.UPDATE, stated - timedelta(seconds=30)) != stated


def test_a_holding_notice_promises_another_time_than_the_one_it_keeps() -> None:
    stated = NOON.replace(second=0) + timedelta(minutes=10)
    outage = an_outage(stated=Facts(next_update_at=stated))

    due = promise(Policy(), outage, Occasion.HOLDING, stated - timedelta(minutes=2))

    assert due is not None and due > stated


def test_nobody_promises_again_a_time_that_a_holding_notice_has_kept() -> None:
    stated = NOON.replace(second=0) + timedelta(minutes=10)
    outage = an_outage(stated=Facts(next_update_at=stated))

    due = promise(Policy(), outage, Occasion.UPDATE, NOON, frozenset({stated}))

    assert due is not None and due > stated


@pytest.mark.parametrize("outage", [an_outage(stated=Facts(status=Status.RESOLVED)), an_outage(withdrawn=True)])
def test_what_is_over_promises_nothing(outage: Outage) -> None:
    assert promise(Policy(), outage, Occasion.CORRECTION, NOON) is None


def test_a_held_incident_plans_for_customers_until_it_is_calm_or_dismissed() -> None:
    assert a_case(an_outage()).customers
    assert not a_case(CALM).customers
    assert not a_case(an_outage(release=Release.DISMISSED)).customers
    assert not a_case(an_outage(), touched=()).customers


def test_a_blip_of_a_source_that_is_told_at_once_is_planned_for_customers() -> None:
    assert a_case(CALM, NOW).customers


@pytest.mark.parametrize("outage", [CALM, an_outage(release=Release.DISMISSED)])
def test_customers_who_have_heard_hear_on(outage: Outage) -> None:
    assert a_case(outage, heard=True).customers
    assert a_case(outage, heard=True).customers_hear(None) == (Customers.HEAR, None)


@pytest.mark.parametrize(
    ("case", "held", "expected"),
    [
        (a_case(an_outage()), (Hold.AFTER, NOON), (Customers.AFTER, NOON)),
        (a_case(an_outage()), (Hold.PERSON, None), (Customers.PERSON, None)),
        (a_case(an_outage(), NOW), (Hold.STORM, None), (Customers.STORM, None)),
        (a_case(CALM), (Hold.AFTER, NOON), (Customers.CALM, None)),
        (a_case(an_outage(release=Release.DISMISSED)), None, (Customers.DISMISSED, None)),
        (a_case(an_outage(release=Release.RELEASED), NOW), (Hold.PERSON, None), (Customers.HEAR, None)),
        (a_case(an_outage(), NOW), None, (Customers.HEAR, None)),
        (a_case(an_outage(), touched=()), None, (Customers.NOBODY, None)),
    ],
)
def test_colleagues_are_told_what_customers_hear(
    case: Case, held: tuple[Hold, datetime | None] | None, expected: tuple[Customers, datetime | None]
) -> None:
    assert case.customers_hear(held) == expected


def test_a_holding_notice_keeps_a_stated_time_for_its_own_readers_only() -> None:
    slot = NOON.isoformat()
    kept = Planned(Side.OUTSIDE, Occasion.HOLDING, slot, channel=Channel.EMAIL)

    case = case_of(Policy(), Seen(an_outage(), 1, (kept,), ()), Graph((), {}), NOON)

    found = {(side, channel): case.kept(side, channel) for side in Side for channel in Channel}
    assert found.pop((Side.OUTSIDE, Channel.EMAIL)) == {NOON}
    assert not any(found.values())


FULL = NOON.replace(second=0)
"""Promises are made in whole minutes."""


@pytest.mark.parametrize(("hours", "minutes"), [(0.1, 60), (1.0, 121), (2.0, 241), (2.1, None)])
def test_t13_a_channel_promises_only_what_it_can_keep_and_nothing_beyond_four_hours(
    hours: float, minutes: int | None
) -> None:
    outage = Outage(Kind.INCIDENT, "people", FULL, Facts(), Facts())

    found = promise(Policy(), outage, Occasion.FIRST, FULL, drain=timedelta(hours=hours))

    assert found == (None if minutes is None else FULL + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("drain", "named", "minutes"), [(15, 30, 30), (16, 30, 33), (120, 30, 241), (121, 30, None), (180, 400, 400)]
)
def test_t13_a_person_promises_no_more_than_the_channel_can_keep(
    drain: float, named: float, minutes: int | None
) -> None:
    at = FULL + timedelta(minutes=named)
    outage = Outage(Kind.INCIDENT, "people", FULL, Facts(), Facts(next_update_at=at))

    found = promise(Policy(), outage, Occasion.FIRST, FULL, drain=timedelta(minutes=drain))

    assert found == (None if minutes is None else FULL + timedelta(minutes=minutes))
