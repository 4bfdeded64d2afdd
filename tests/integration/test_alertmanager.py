"""Debian's real Alertmanager, with the receiver of the README: who is told, that silence ends nothing, HA."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from forewarn.dev.servers.place import free_ports
from tests.support.alertmanager import NO_CLUSTER, Alertmanager, clustered, documented
from tests.support.home import Home, until
from tests.support.laws import accepted_once

pytestmark = pytest.mark.slow

TOUCHED = [
    *("mara.lindqvist@acme.example", "joel.okafor@acme.example"),  # support hears everything
    "ines.carvalho@acme.example",  # of the customer's account team
    "felix.brandt@acme.example",  # internal, and Acme itself pays out
    *("hanna.vogel@nordwind.example", "kenji.morita@nordwind.example"),  # the only customer who uses payouts
]

PAYOUTS = {"alertname": "PayoutsFailing", "component": "payouts", "severity": "critical"}
WATCHDOG = {"alertname": "Watchdog", "severity": "none"}

SHORT = timedelta(seconds=1.2)
LONGER = timedelta(seconds=2)

Start = Callable[..., list[Alertmanager]]


@pytest.fixture
def start(home: Home, tmp_path: Path) -> Iterator[Start]:
    """Starts Alertmanagers that tell this house, one for each set of options."""
    with ExitStack() as leaving:

        def started(*options: Sequence[str]) -> list[Alertmanager]:
            url, token = home.house.door_url + "/v1/sources/alertmanager", home.house.tokens["alertmanager"]
            all_ = [Alertmanager(tmp_path / str(n), url, token, words) for n, words in enumerate(options)]
            for alertmanager in all_:
                leaving.callback(alertmanager.close)
            with ThreadPoolExecutor() as threads:
                list(threads.map(Alertmanager.start, all_))
            return all_

        home.import_demo()
        yield started


def test_the_documented_receiver_has_eight_lines_and_waits_five_seconds() -> None:
    lines, configuration = documented()

    assert len(lines) == 8
    assert configuration["route"] == {"receiver": "forewarn", "group_by": ["alertname"], "group_wait": "5s"}


def test_an_alert_reaches_exactly_those_whom_it_touches(home: Home, start: Start) -> None:
    (alertmanager,) = start(NO_CLUSTER)

    alertmanager.fire(PAYOUTS)

    home.notice("outside", "first")
    home.accounted()
    assert sorted(mail.recipients[0] for mail in accepted_once(home)) == sorted(TOUCHED)


def test_alerts_that_end_because_nobody_fires_them_any_more_resolve_nothing(home: Home, start: Start) -> None:
    (alertmanager,) = start(NO_CLUSTER)
    home.fast(600)
    fed(home, alertmanager)

    # here its feeder is gone: Alertmanager itself ends the alert, and half a second later the watchdog
    ended = until(lambda: ends_of(home, "Watchdog"), what="the end of the watchdog")
    time.sleep(2)  # 20 minutes of the fast clock, where 10 settle

    assert ended and ends_of(home, "PayoutsFailing")
    assert not home.rows("select 1 from notice where occasion = 'resolved'")
    assert "alertmanager" in home.desk("/v1/outages/INC-1")["asks"], "a person is asked whether it is over"
    told = [home.text(mail) for mail in home.mails("hanna.vogel@nordwind.example")]
    assert told and not any("vorbei" in text for text in told)


def test_an_alert_that_ends_while_its_feeder_lives_is_resolved(home: Home, start: Start) -> None:
    (alertmanager,) = start(NO_CLUSTER)
    home.fast(600)
    fed(home, alertmanager)

    alertmanager.end(PAYOUTS)
    until(lambda: ends_of(home, "PayoutsFailing"), what="its end")
    alertmanager.fire(WATCHDOG)

    home.notice("outside", "resolved")


def test_a_watchdog_that_outlives_its_feeder_resolves_nothing(home: Home, start: Start, tmp_path: Path) -> None:
    outlives(home, tmp_path, minutes=60)
    (alertmanager,) = start(NO_CLUSTER)
    home.fast(600)
    alertmanager.fire(WATCHDOG, timedelta(seconds=5))  # 50 min: of a group that is evaluated every 12
    alertmanager.fire(PAYOUTS, SHORT)
    home.notice("outside", "first")

    asks = until(lambda: home.desk("/v1/outages/INC-1")["asks"], what="asking a person")

    until(lambda: ends_of(home, "Watchdog"), what="the end of the watchdog")
    (calm,) = home.rows("select calm_since from outage")
    assert "alertmanager" in asks
    assert fired_after(home, calm["calm_since"] + timedelta(minutes=10)), "what a dead feeder's watchdog says"
    assert not home.rows("select 1 from notice where occasion = 'resolved'")


@pytest.mark.parametrize("cluster", [True, False], ids=["one cluster", "split brain"])
def test_two_alertmanagers_tell_once(home: Home, start: Start, cluster: bool) -> None:
    one, other = free_ports(2)
    both = start(clustered(one, other), clustered(other, one)) if cluster else start(NO_CLUSTER, NO_CLUSTER)

    for alertmanager in both:
        alertmanager.fire(PAYOUTS)

    home.notice("outside", "first")
    if cluster:
        time.sleep(1.5)  # the second waits 1 s for word that the first has told
    else:
        until(lambda: len(home.rows("select distinct body from event")) >= 2, what="word of both")
    home.accounted()
    assert len(home.rows("select 1 from outage")) == 1
    assert sorted(mail.recipients[0] for mail in accepted_once(home)) == sorted(TOUCHED)


def fed(home: Home, alertmanager: Alertmanager) -> None:
    """An alert and a watchdog that were told, and will end unless somebody goes on firing them."""
    alertmanager.fire(WATCHDOG, LONGER)
    alertmanager.fire(PAYOUTS, SHORT)
    home.notice("outside", "first")


def ends_of(home: Home, alertname: str) -> int:
    """How many webhooks said that this alert has ended."""
    sql = "select 1 from event where convert_from(body, 'UTF8') ~ ('status\":\"resolved.*' || %s)"
    return len(home.rows(sql, alertname))


def outlives(home: Home, directory: Path, minutes: int) -> None:
    """The planner believes in an alert only so long after a calm began."""
    policy = yaml.safe_load(Path(home.house.environment["FOREWARN_POLICY_FILE"]).read_text())
    file = directory / "policy.yaml"
    file.write_text(yaml.safe_dump(policy | {"episodes": {"outlives_minutes": minutes}}))
    home.restart("planner", FOREWARN_POLICY_FILE=str(file))


def fired_after(home: Home, moment: datetime) -> list[dict[str, Any]]:
    return home.rows("select received_at from event where alive and received_at > %s", moment)
