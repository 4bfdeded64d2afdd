"""A running house as tests use it: publish, wait, count, kill, look into mailboxes."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import orjson
import pika
import redis

from forewarn.contracts.names import PAUSED_KEY, STOPPED_KEY
from forewarn.delivery import tally
from forewarn.dev.house import House, set_fast_clock
from forewarn.dev.sandbox.mail import Mail
from tests.support.asked import asked
from tests.support.leftovers import cleared
from tests.support.record import empty

T = TypeVar("T")

DEMO = Path(__file__).parents[2] / "forewarn" / "dev" / "demo"

HASTE = {
    "FOREWARN_DEBT_SECONDS": "1",
    "FOREWARN_DEBT_LONGEST_SECONDS": "2",
    "FOREWARN_NEW_EPOCH_SECONDS": "3",
    "FOREWARN_TICK_SECONDS": "0.1",
    "FOREWARN_PULL_SECONDS": "1.5",
}
"""Debts are paid sooner in tests; what is tested does not depend on how soon."""

GUESTS = ("mara.lindqvist@acme.example", "hanna.vogel@nordwind.example")

POLICY: dict[str, Any] = {
    "release": {"sources": {"alertmanager": "now"}},
    "episodes": {"outlives_minutes": 1},
    "guests": list(GUESTS),
}
"""Alerts of `alertmanager` are told at once; those of `monitoring` are held by the shipped rules.

An alert that fires vouches for its source a minute after a calm began, so that tests wait for no more.
"""


def until(found: Callable[[], T | None], seconds: float = 20, what: str = "it") -> T:
    """The first truthy answer; AssertionError when there is none in time."""
    end = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < end, f"{what} did not happen in {seconds} s"
        time.sleep(0.02)
    return answer


class Home:
    """One running house, emptied for each test."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.sandbox = house.sandbox

    # -- the world -------------------------------------------------------------------------------
    def reset(self) -> None:
        """Every worker up and unarmed, nothing on record, empty mailboxes."""
        for worker in self.house.workers.values():
            if not worker.running or worker.extra:
                worker.kill()
                worker.start()
        for worker in self.house.workers.values():
            worker.wait_ready()
        self.sandbox.behave()
        empty(self.house.database_url)
        until(self._nothing_is_held, 15, "a snapshot without pauses and stops")
        if not cleared(self.house.servers.urls):
            until(lambda: cleared(self.house.servers.urls), 15, "the end of what the test before began")
        empty(self.house.database_url)  # of what a transaction wrote meanwhile: half a notice
        self.sandbox.reset()

    def _nothing_is_held(self) -> bool:
        with redis.Redis.from_url(self.house.servers.urls.redis) as client:
            return not client.exists(PAUSED_KEY, STOPPED_KEY)

    def kill_at(self, service: str, point: str) -> None:
        """Start the service again so that it dies at the named point."""
        worker = self.house.workers[service]
        worker.stop()
        worker.start(FOREWARN_KILL_AT=point)
        worker.wait_ready()

    def dies(self, service: str, seconds: float = 15) -> None:
        assert self.house.workers[service].wait_ended(seconds), f"{service} did not reach its kill point"

    def comes_back(self, service: str) -> None:
        self.house.workers[service].start()
        self.house.workers[service].wait_ready()

    # -- asking ----------------------------------------------------------------------------------
    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        return asked(self.house.database_url, sql, values)

    def run(self, sql: str, *values: Any) -> None:
        asked(self.house.database_url, sql, values)

    def request(
        self, method: str, path: str, body: bytes | None = None, token: str = "oleg", desk: bool = False
    ) -> tuple[int, Any]:
        """Status and body of one HTTP call, JSON decoded."""
        return self.house.request(method, path, body, token, desk)

    def desk(self, path: str, token: str = "rita") -> Any:
        status, answer = self.request("GET", path, token=token, desk=True)
        assert status == 200, answer
        return answer

    def cli(self, *arguments: str, token: str = "oleg", check: bool = True) -> str:
        """What the command says on stdout."""
        environment = {**self.house.environment, **self.house.cli_environment(token), "NO_COLOR": "1"}
        done = subprocess.run(
            [sys.executable, "-m", "forewarn.cli.main", *arguments],
            env=environment, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    # -- telling ---------------------------------------------------------------------------------
    def import_demo(self) -> None:
        """The twelve people of the demo and what they use."""
        for path, file in (("catalog", "catalog.yaml"), ("people?format=csv", "people.csv")):
            status, report = self.request("PUT", f"/v1/directory/{path}", (DEMO / file).read_bytes())
            assert status == 200 and report["faulty"] == 0, report

    def post(self, event: Mapping[str, Any], token: str = "dana") -> tuple[int, Any]:
        return self.request("POST", "/v1/events", orjson.dumps(event), token)

    def alert(
        self, *alerts: Mapping[str, Any], group: str = '{}:{alertname="Down"}', token: str = "alertmanager"
    ) -> tuple[int, Any]:
        """An Alertmanager webhook with these alerts, as this source."""
        body = {"version": "4", "groupKey": group, "status": "firing", "receiver": "forewarn", "alerts": alerts}
        return self.request("POST", "/v1/sources/alertmanager", orjson.dumps(body), token)

    def publish(self, body: bytes, message_id: str | None = None, user_id: str | None = None, **headers: Any) -> None:
        """A bare message on the exchange, with plain pika as the monitoring user, confirmed."""
        url = self.house.servers.urls.rabbitmq_monitoring
        connection = pika.BlockingConnection(pika.URLParameters(url))
        channel = connection.channel()
        channel.confirm_delivery()
        properties = pika.BasicProperties(message_id=message_id, user_id=user_id, headers=headers or None)
        channel.basic_publish("forewarn.events", "", body, properties)
        connection.close()

    def done(self, event_id: str, seconds: float = 20) -> dict[str, Any]:
        """The event's state once it is no longer pending."""

        def state() -> dict[str, Any] | None:
            answer: dict[str, Any] = self.desk(f"/v1/events/{event_id}")
            return answer if answer["state"] != "pending" else None

        return until(state, seconds, f"event {event_id}")

    def told(self, event: Mapping[str, Any], token: str = "dana") -> dict[str, Any]:
        """Post an event, wait until it is carried out and everybody is accounted for; the event's state."""
        status, answer = self.post(event, token)
        assert status == 202, answer
        state = self.done(answer["event_id"])
        assert state["state"] == "carried_out", state
        self.accounted()
        return state

    def accounted(self, seconds: float = 30) -> str:
        """Wait until nothing is owed and no notice is undrained; all letters there are."""

        def settled() -> bool:
            row = self.rows(
                "select (select count(*) from outage o left join plan p on p.outage_id = o.id"
                "  where o.revision > coalesce(p.planned_revision, 0))"
                " + (select count(*) from notice_channel where state <> 'drained')"
                " + (select count(*) from batch where position('.' in outcomes) > 0) as owed"
            )[0]
            return bool(row["owed"] == 0)

        until(settled, seconds, "accounting for everybody")
        letters = self.rows("select coalesce(string_agg(outcomes, ''), '') as all from batch")[0]["all"]
        assert tally(letters).open == 0
        return str(letters)

    def act(self, act: str, about: str = "INC-1", token: str = "dana", **facts: Any) -> dict[str, Any]:
        """A person's act on an incident, carried out; the event's state."""
        status, answer = self.post({"act": act, "about": about, **facts}, token)
        assert status == 202, answer
        state = self.done(answer["event_id"])
        assert state["state"] == "carried_out", state
        return state

    def on_sending(self, path: str, token: str = "dana", **ask: Any) -> Any:
        """An act on sending: `sending/pause`, `sending/resume`, `notices/<id>/cancel`; what the desk answers."""
        ask = {"reason": "a test"} | ask
        status, answer = self.request("POST", f"/v1/{path}", orjson.dumps(ask), token, desk=True)
        assert status == 200, answer
        return answer

    # -- notices and time --------------------------------------------------------------------------
    def notices(self, side: str, name: str = "INC-1") -> list[dict[str, Any]]:
        """The notices to this side, oldest first, as the desk shows them; none while there is no such outage."""
        status, outage = self.request("GET", f"/v1/outages/{name}", token="rita", desk=True)
        assert status in (200, 404), outage
        return [notice for notice in outage.get("notices", ()) if notice["side"] == side]

    def notice(self, side: str, occasion: str, state: str = "drained", seconds: float = 20) -> dict[str, Any]:
        """Wait for the newest notice of this occasion to reach this state."""

        def there() -> dict[str, Any] | None:
            mine = [notice for notice in self.notices(side) if notice["occasion"] == occasion]
            return mine[-1] if mine and mine[-1]["state"] == state else None

        return until(there, seconds, f"{occasion} {side} {state}")

    def fast(self, factor: float) -> None:
        """Let the time that people read run so many times as fast from now on."""
        set_fast_clock(self.house.database_url, factor)

    def it_is(self, moment: datetime) -> None:
        """Set the time that people read; it goes on from there as fast as any clock."""
        self.run(
            "insert into fast_clock (real_start, told_start, factor) values (clock_timestamp(), %s, 1)"
            " on conflict (one) do update set told_start = excluded.told_start, real_start = excluded.real_start,"
            " factor = excluded.factor",
            moment,
        )

    def now(self) -> datetime:
        """The time that people read."""
        return datetime.fromisoformat(self.desk("/v1/status")["now"])

    def crowd(self, people: int) -> None:
        """The demo's people, and so many more customers, readerN@kranich.example."""
        self.import_demo()
        lines = [f"c{n},customer,kranich,Reader {n},reader{n}@kranich.example\n" for n in range(people)]
        body = "id,role,accounts,name,email\n" + "".join(lines)
        status, report = self.request("PUT", "/v1/directory/people?format=csv", body.encode())
        assert status == 200 and report["added"] == people, report

    def restart(self, service: str, **settings: str) -> None:
        """Start the service again with these settings, until the next test."""
        worker = self.house.workers[service]
        worker.stop()
        worker.start(**settings)
        worker.wait_ready()

    # -- mailboxes -------------------------------------------------------------------------------
    def mails(self, to: str | None = None) -> list[Mail]:
        return self.sandbox.messages(to)

    def readers(self, mails: Sequence[Mail] | None = None) -> list[str]:
        """Addresses in the order of acceptance."""
        return [mail.recipients[0] for mail in (self.mails() if mails is None else mails)]

    def text(self, mail: Mail) -> str:
        """The plain part, which every mail of ours has."""
        text = self.sandbox.read(mail.n).text
        assert text is not None, mail
        return text

    def html(self, mail: Mail) -> str:
        """The HTML part, which every mail of ours has."""
        html = self.sandbox.read(mail.n).html
        assert html is not None, mail
        return html


def an_alert(component: str = "card-payments", **changes: Any) -> dict[str, Any]:
    """A firing alert as Alertmanager 0.27 sends it."""
    alert = {
        "status": "firing",
        "labels": {"alertname": "Down", "component": component, "severity": "critical"},
        "annotations": {"summary": f"{component}-7f9c is unreachable from probe fra-2"},
        "startsAt": "2026-11-22T13:02:00Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus.internal/graph",
        "fingerprint": uuid4().hex[:16],
    }
    return alert | changes


def an_event(**changes: Any) -> dict[str, Any]:
    """A person's event that opens an incident on card payments."""
    return {"components": ["card-payments"], "impact": "down", "severity": "critical"} | changes
