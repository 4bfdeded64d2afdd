"""Laws of the release rules: whose word waits for whom, and when a storm is braked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.contracts.policy import ReleaseRules, StormBrake
from forewarn.notice import Hold
from forewarn.outage import Facts, Kind, Outage, Release, Severity
from forewarn.release import Rule
from services.planner.releasing import braked, rule_of

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SHIPPED = ReleaseRules()


def an_outage(
    alert: bool = True, severity: Severity | None = Severity.CRITICAL, source: str = "alertmanager"
) -> Outage:
    """Of a machine that nobody has released yet."""
    return Outage(Kind.INCIDENT, source, NOON, Facts(severity=severity), Facts(), alert=alert)


def test_a_critical_alert_waits_three_minutes_for_a_dismissal() -> None:
    assert rule_of(SHIPPED, an_outage()) == Rule(Hold.AFTER, timedelta(minutes=3))


@pytest.mark.parametrize("severity", [Severity.MAJOR, Severity.MINOR, Severity.NONE, None])
def test_every_other_alert_waits_for_a_person(severity: Severity | None) -> None:
    assert rule_of(SHIPPED, an_outage(severity=severity)) == Rule(Hold.PERSON)


def test_a_native_source_is_told_at_once() -> None:
    assert rule_of(SHIPPED, an_outage(alert=False)) == Rule()


def test_a_rule_of_the_source_comes_before_all_others() -> None:
    rules = ReleaseRules(sources={"alertmanager": "now", "probe": "person"})

    assert rule_of(rules, an_outage()) == Rule()
    assert rule_of(rules, an_outage(alert=False, source="probe")) == Rule(Hold.PERSON)


def test_what_a_person_released_is_held_by_no_rule() -> None:
    assert rule_of(SHIPPED, replace(an_outage(), release=Release.RELEASED)) == Rule()


def test_a_person_who_states_the_severity_changes_the_rule() -> None:
    outage = replace(an_outage(severity=Severity.MINOR), stated=Facts(severity=Severity.CRITICAL))

    assert rule_of(SHIPPED, outage).hold is Hold.AFTER


def test_the_brake_bites_above_its_share_and_not_at_it() -> None:
    brake = StormBrake(percent=20, at_least=100)

    assert not braked(brake, 200, 0, 1000)
    assert braked(brake, 201, 0, 1000)


def test_many_small_releases_make_a_storm() -> None:
    assert braked(StormBrake(), 60, 150, 1000)


def test_a_small_directory_needs_no_brake() -> None:
    assert not braked(StormBrake(), 12, 0, 12)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_more_people_never_loosen_the_brake(audience: int, more: int, lately: int, customers: int) -> None:
    assert braked(StormBrake(), audience + more, lately, customers) >= braked(StormBrake(), audience, lately, customers)
