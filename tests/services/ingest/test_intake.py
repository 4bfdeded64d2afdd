"""Intake on a running house: each event is carried out once, whoever brings it and however often."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import orjson
import pytest
from pika.exceptions import ChannelClosedByBroker

from forewarn.contracts.policy import Policy
from forewarn.runtime.postgres import Database
from services.ingest.intake import Taken, take
from services.ingest.sources import Heard, alertmanager
from services.ingest.store import Store
from tests.services.ingest.telling import a_machine_s, failed, record, tell, tell_as_the_clock
from tests.support.home import Home, an_alert, an_event

FORGED = {"role": "communicator", "author": "dana", "source": "people", "format": "alertmanager-v4"}


def test_a_bare_message_is_a_machine_s_whatever_its_headers_claim(home: Home) -> None:
    home.import_demo()

    tell(home, a_machine_s(), headers=FORGED)

    assert home.rows("select source, author, role, format, verdict from event where source <> 'monitoring'") == [
        {"source": "probes", "author": None, "role": "machine", "format": "event-v1", "verdict": "opened"}
    ]
    assert home.rows("select by_person from outage") == [{"by_person": False}]


def test_a_bare_message_cannot_speak_about_an_outage_by_name(home: Home) -> None:
    home.import_demo()
    home.told(an_event())

    tell(home, a_machine_s(about="INC-1", status="resolved"), headers=FORGED)

    assert "only a person" in failed(home)[0]["reason"]
    assert home.rows("select closed_at, revision from outage") == [{"closed_at": None, "revision": 1}]


def test_the_broker_refuses_a_forged_user(home: Home) -> None:
    user = home.house.environment["FOREWARN_DOOR_USER"]

    with pytest.raises(ChannelClosedByBroker, match="user_id"):
        tell(home, a_machine_s(), user_id=user, headers=FORGED)

    assert not home.rows("select from event")


@pytest.mark.slow
def test_only_the_workers_own_user_is_our_clock(home: Home) -> None:
    home.import_demo()
    tell(home, a_machine_s())
    tell(home, a_machine_s(status="resolved"))
    settle = orjson.dumps({"source": "probes", "act": "settle", "about": "INC-1", "from_revision": 2})

    tell(home, settle, headers={"role": "clock"})
    forged = home.desk("/v1/outages/INC-1")["status"]
    tell_as_the_clock(home, settle.replace(b"probes", b"forewarn"))

    assert "our own clock" in failed(home)[0]["reason"]
    assert (forged, home.desk("/v1/outages/INC-1")["status"]) == ("monitoring", "resolved")


@pytest.mark.parametrize("message_id", ["a", None])
def test_a_redelivery_after_a_later_event_changes_nothing(home: Home, message_id: str | None) -> None:
    home.import_demo()
    first = a_machine_s()
    tell(home, first, message_id=message_id)
    tell(home, a_machine_s(status="resolved"), message_id="b")
    before = record(home)

    tell(home, first, message_id=message_id)

    assert record(home) == before
    assert home.desk("/v1/outages/INC-1")["status"] == "monitoring"


def test_the_same_webhook_from_two_alertmanagers_twenty_times_opens_one_incident_and_tells_once(home: Home) -> None:
    home.import_demo()
    alert = an_alert()

    def send(n: int) -> str:
        url = f"http://alertmanager-{n % 2}:9093"
        body = {"version": "4", "groupKey": "{}:{}", "alerts": [alert], "externalURL": url, "truncatedAlerts": 0}
        event_id: str = home.request("POST", "/v1/sources/alertmanager", orjson.dumps(body), "alertmanager")[1][
            "event_id"
        ]
        return event_id

    with ThreadPoolExecutor(4) as threads:
        ids = list(threads.map(send, range(20)))
    states = [home.done(event_id) for event_id in ids]
    home.accounted()

    assert {state["outage"] for state in states} == {"INC-1"}
    assert sorted(state["verdict"] for state in states) == ["opened"] + ["repeat"] * 19
    assert sorted(home.readers()) == sorted(set(home.readers()))
    assert len(home.readers()) == 12


def test_a_group_is_over_only_when_its_last_alert_is(home: Home) -> None:
    home.import_demo()
    alerts = [an_alert(fingerprint=key) for key in ("a1", "a2")]
    ended = [alert | {"status": "resolved", "endsAt": "2026-11-22T13:30:00Z"} for alert in alerts]
    statuses = []

    for webhook in (alerts, [ended[0], alerts[1]], ended):
        home.done(home.alert(*webhook)[1]["event_id"])
        statuses.append(home.desk("/v1/outages/INC-1")["status"])

    assert statuses == ["investigating", "investigating", "monitoring"]


def test_two_alerts_of_a_group_at_the_same_moment_open_one_incident(database: str) -> None:
    rounds, at_once = 10, 2
    start = threading.Barrier(at_once)
    record = Database(database, "forewarn_ingest", "sandbox", at_once)
    record.open()

    def hear(n: int) -> list[Taken]:
        heard = []
        for group in range(rounds):
            start.wait(10)
            heard.append(take(a_webhook(group, n), Store(record), Policy()))
        return heard

    with ThreadPoolExecutor(at_once) as threads:
        heard = list(threads.map(hear, range(at_once)))
    with record.begin() as connection:
        groups = connection.execute("select group_key, count(*) as n from outage group by 1").fetchall()
    record.close()

    assert [row["n"] for row in groups] == [1] * rounds
    assert [one.outages for one in heard[0]] == [one.outages for one in heard[1]]


def a_webhook(group: int, n: int) -> Heard:
    body = {"version": "4", "groupKey": f"group {group}", "alerts": [an_alert(fingerprint=f"{group}-{n}")]}
    now = datetime.now(UTC)
    return Heard(f"{group}/{n}", alertmanager.FORMAT, orjson.dumps(body), now, "alertmanager", None, "source")
