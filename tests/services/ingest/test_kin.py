"""W10 in the record: siblings are found there, by one transaction of their source at a time."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from forewarn.contracts.policy import Policy
from forewarn.runtime.postgres import Database
from services.ingest.intake import Taken
from tests.services.ingest.test_acts import House, moment
from tests.support.home import an_alert

SOON = 0.5
"""Minutes."""


@pytest.fixture
def record(database: str) -> Iterator[Database]:
    opened = Database(database, "forewarn_ingest", "sandbox", 8)
    opened.open()
    yield opened
    opened.close()


def with_needs(record: Database, policy: Policy) -> House:
    here = House(record, policy)
    here.rows("insert into component (key) values ('payouts'), ('ledger-db'), ('mail') returning key")
    here.rows(
        "insert into dependency (component_key, needs, hard) values ('card-payments', 'ledger-db', true),"
        " ('payouts', 'ledger-db', true), ('mail', 'ledger-db', false) returning needs"
    )
    return here


@pytest.fixture
def house(record: Database) -> House:
    return with_needs(record, Policy())


def alert(component: str, at: float = 0, **changes: Any) -> dict[str, Any]:
    labels = {"alertname": "Down", "component": component, "severity": "critical"}
    return an_alert(labels=labels, startsAt=moment(at), **changes)


def incidents(house: House) -> list[tuple[int, set[str]]]:
    rows = house.rows("select number, observed from outage order by number")
    return [(row["number"], set(row["observed"]["components"])) for row in rows]


def test_a_sibling_joins_and_its_revision_is_no_news(house: House) -> None:
    house.machine(0)

    taken = house.machine(SOON, key="payouts", components=["payouts"])

    assert taken.verdicts == ("revised",)
    assert incidents(house) == [(1, {"card-payments", "payouts"})]
    assert house.rows("select act, newsworthy from revision where revision = 2") == [
        {"act": "join", "newsworthy": False}
    ]


@pytest.mark.parametrize(("component", "at"), [("mail", SOON), ("payouts", 1)])
def test_whatever_needs_nothing_of_it_or_comes_later_opens_another(house: House, component: str, at: float) -> None:
    house.machine(0)

    house.machine(at, key="other", components=[component])

    assert incidents(house) == [(1, {"card-payments"}), (2, {component})]


def test_another_source_never_joins(house: House) -> None:
    house.machine(0)

    house.machine(SOON, source="pingdom", key="payouts", components=["payouts"])

    assert len(incidents(house)) == 2


@pytest.mark.parametrize(("seconds", "number"), [(0, 2), (10, 2), (60, 1)])
def test_how_near_siblings_are_is_the_policy_s(record: Database, seconds: int, number: int) -> None:
    house = with_needs(record, Policy.model_validate({"episodes": {"sibling_seconds": seconds}}))
    house.machine(0)

    house.machine(SOON, key="payouts", components=["payouts"])

    assert len(incidents(house)) == number


def test_the_group_of_an_alert_that_joined_is_of_that_incident_from_then_on(house: House) -> None:
    house.alerts(0, alert("card-payments", fingerprint="a"), group="one")
    house.alerts(SOON, alert("payouts", SOON, fingerprint="b"), group="two")

    house.alerts(30, alert("mail", 30, fingerprint="c"), group="two")

    assert incidents(house) == [(1, {"card-payments", "payouts", "mail"})]


def test_siblings_of_one_webhook_are_one_incident(house: House) -> None:
    house.alerts(0, alert("card-payments", fingerprint="a"), alert("payouts", fingerprint="b"), group="one")

    assert incidents(house) == [(1, {"card-payments", "payouts"})]


def test_of_siblings_that_come_at_once_one_opens_and_the_others_join(house: House) -> None:
    components = ("card-payments", "payouts", "ledger-db")
    with ThreadPoolExecutor(6) as several:
        words = [several.submit(house.machine, n / 100, key=f"k{n}", components=[components[n % 3]]) for n in range(12)]
        taken = [word.result() for word in words]

    assert [each.failed for each in taken] == [None] * 12
    assert incidents(house) == [(1, set(components))]
    assert len(house.rows("select from signal where outage_id is not null")) == 12


def test_webhooks_and_single_words_of_one_source_at_once_wait_for_one_another_and_lose_nothing(house: House) -> None:
    both = ("payouts", "card-payments")
    with ThreadPoolExecutor(6) as several:
        words = list[Future[Taken]]()
        for n in range(12):
            alerts = [alert(c, n / 100, fingerprint=f"{c}-{n}") for c in (both if n % 2 else reversed(both))]
            words.append(several.submit(house.alerts, n / 10, *alerts, group=f"g{n % 3}"))
        taken = [word.result() for word in words]

    assert [each.failed for each in taken] == [None] * 12
    assert len(incidents(house)) == 1
    assert len(house.rows("select from signal where outage_id is not null")) == 24


def test_an_event_delivered_again_joins_once(house: House) -> None:
    house.machine(0)

    verdicts = [house.machine(SOON, key="payouts", components=["payouts"]).verdicts for _ in range(2)]

    assert verdicts == [("revised",), ("redelivered",)]
    assert house.outage()["revision"] == 2
