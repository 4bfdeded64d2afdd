"""T16, on real servers: inside hears at once, customers by the source's rule, and a person's hand comes first."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.home import Home, an_alert, until

INSIDE = 6


def held_alert(home: Home, severity: str = "warning", **changes: Any) -> dict[str, Any]:
    """An alert of a source without a rule of its own; it is open and inside is told."""
    alert = an_alert(labels={"alertname": "Down", "component": "card-payments", "severity": severity}, **changes)
    status, answer = home.alert(alert, token="monitoring")
    assert status == 202, answer
    home.notice("inside", "first")
    return alert


def customers(home: Home) -> list[str]:
    return [reader for reader in home.readers() if not reader.endswith("@acme.example")]


def test_a_machines_alert_tells_the_inside_at_once_and_customers_when_a_person_releases_it(home: Home) -> None:
    home.import_demo()
    held_alert(home)
    (held,) = home.notices("outside")
    assert (held["state"], held["reason"], customers(home)) == ("held", "person", [])

    home.act("release")

    home.notice("outside", "first")
    home.accounted()
    assert len(customers(home)) == len(set(customers(home))) == 6


@pytest.mark.slow
def test_a_critical_alert_reaches_customers_after_three_minutes_though_nobody_wakes(home: Home) -> None:
    home.import_demo()

    held_alert(home, "critical")
    (held,) = home.notices("outside")
    home.fast(30)
    told = home.notice("outside", "first")

    assert (held["state"], held["reason"]) == ("held", "after")
    waited = told["released_at"], told["made_at"]
    assert timedelta(minutes=3) <= _between(*waited) < timedelta(minutes=6)


@pytest.mark.slow
def test_what_is_dismissed_in_time_reaches_no_customer_and_inside_is_told_so(home: Home) -> None:
    home.import_demo()
    held_alert(home, "critical")

    home.act("dismiss")

    dismissed = home.notice("outside", "first", "suppressed")
    home.fast(60)
    assert dismissed["reason"] == "dismissed"
    home.notice("inside", "update")
    until(lambda: home.now() - _moment(dismissed["made_at"]) > timedelta(minutes=4), what="four minutes")
    assert customers(home) == []
    assert "dismissed" in home.text(home.mails("mara.lindqvist@acme.example")[-1])


@pytest.mark.slow
def test_a_dismissal_is_taken_back_by_a_release(home: Home) -> None:
    home.import_demo()
    held_alert(home)
    home.act("dismiss")
    home.notice("outside", "first", "suppressed")

    home.act("release")

    home.notice("outside", "first")
    assert len(customers(home)) == 6


@pytest.mark.slow
def test_a_release_after_a_dismissal_tells_customers_also_where_the_alert_had_grown(home: Home) -> None:
    home.import_demo()
    held_alert(home)
    other = {"alertname": "Slow", "component": "payouts", "severity": "warning"}
    home.alert(an_alert(labels=other), token="monitoring")
    home.notice("inside", "update")
    home.act("dismiss")
    home.notice("outside", "first", "suppressed")

    home.act("release")

    home.notice("outside", "first")
    assert len(customers(home)) == len(set(customers(home))) == 6


def test_a_signal_that_ends_inside_the_hold_is_told_to_no_customer(home: Home) -> None:
    home.import_demo()
    alert = held_alert(home)

    home.alert(alert | {"status": "resolved", "endsAt": "2026-11-22T13:04:00Z"}, token="monitoring")

    assert home.notice("outside", "first", "suppressed")["reason"] == "withdrawn"
    home.notice("inside", "update")
    home.accounted()
    assert customers(home) == []


@pytest.mark.slow
def test_an_alert_that_fires_again_after_it_was_withdrawn_is_held_anew(home: Home) -> None:
    home.import_demo()
    alert = held_alert(home)
    home.alert(alert | {"status": "resolved", "endsAt": "2026-11-22T13:04:00Z"}, token="monitoring")
    home.notice("outside", "first", "suppressed")

    home.alert(alert | {"startsAt": "2026-11-22T13:05:00Z"}, token="monitoring")

    home.notice("outside", "first", "held")
    home.act("release")
    home.notice("outside", "first")
    assert len(customers(home)) == 6


@pytest.mark.slow
def test_a_held_outside_notice_is_not_erased_by_inside_ones(home: Home) -> None:
    home.import_demo()
    held_alert(home)

    home.act("take")
    other = {"alertname": "Slow", "component": "payouts", "severity": "warning"}
    home.alert(an_alert(labels=other), token="monitoring")
    home.notice("inside", "update")

    (*gone, held) = home.notices("outside")
    assert held["state"] == "held"
    assert all(notice["state"] == "replaced" for notice in gone)
    home.act("release")
    home.notice("outside", "first")
    assert len(customers(home)) == len(set(customers(home))) == 6


def test_a_persons_word_about_a_held_incident_releases_it(home: Home) -> None:
    home.import_demo()
    held_alert(home)

    home.act("report", cause="A full disk.")

    home.notice("outside", "first")
    assert "A full disk." in home.text(home.mails("hanna.vogel@nordwind.example")[0])


def test_a_person_who_ends_a_held_incident_tells_no_customer_of_it(home: Home) -> None:
    home.import_demo()
    held_alert(home)

    home.act("report", status="resolved")

    home.notice("inside", "resolved")
    home.accounted()
    assert home.notices("outside")[-1]["reason"] == "withdrawn"
    assert customers(home) == []


@pytest.fixture
def braked_home(home: Home, tmp_path: Path) -> Iterator[Home]:
    """A house whose storm brake bites above one customer in five, however few there are."""
    policy = yaml.safe_load(Path(home.house.environment["FOREWARN_POLICY_FILE"]).read_text())
    file = tmp_path / "policy.yaml"
    file.write_text(yaml.safe_dump(policy | {"storm_brake": {"percent": 20, "at_least": 1}}))
    home.restart("planner", FOREWARN_POLICY_FILE=str(file))
    yield home


def test_the_storm_brake_holds_a_machines_release_and_never_a_persons(braked_home: Home) -> None:
    home = braked_home
    home.import_demo()

    home.alert(an_alert())  # of a source that is told at once

    home.notice("inside", "first")
    held = home.notice("outside", "first", "held")
    assert held["reason"] == "storm"
    assert "so many of them" in home.text(home.mails("mara.lindqvist@acme.example")[0])
    home.act("release")
    home.notice("outside", "first")
    assert len(customers(home)) == 6


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _between(later: str, earlier: str) -> timedelta:
    return _moment(later) - _moment(earlier)
