"""Acts on a real PostgreSQL: each is a row that nobody changes, and only our own clock settles."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import orjson
import psycopg
import pytest

from forewarn.contracts.policy import Policy
from forewarn.runtime.postgres import Database
from forewarn.runtime.reader import Delivery
from services.ingest.envelope import from_the_broker
from services.ingest.intake import Taken, take
from services.ingest.sources import Heard, alertmanager, event_v1
from services.ingest.store import Store
from tests.support.home import an_alert
from tests.support.reports import NOON, after

DOOR, WORKERS = "door", "forewarn"
NOTICES = ["0123456789abcdef", "fedcba9876543210"]


class House:
    """Intake on a record of its own."""

    def __init__(self, record: Database, policy: Policy) -> None:
        self.record, self.policy = record, policy
        self.rows("insert into component (key) values ('card-payments') returning key")

    def rows(self, sql: str) -> list[dict[str, Any]]:
        with self.record.begin() as connection:
            return connection.execute(sql).fetchall()

    def outage(self) -> dict[str, Any]:
        """The newest."""
        return self.rows("select * from outage order by id desc limit 1")[0]

    def machine(self, at: float, **said: Any) -> Taken:
        event = {"source": "probes", "key": "checkout", "components": ["card-payments"]} | said
        return self._take(Heard(f"machine at {at}", event_v1.FORMAT, orjson.dumps(event), after(at)))

    def dana(self, at: float, act: str, **said: Any) -> Taken:
        body = orjson.dumps({"act": act, "about": "INC-1"} | said)
        heard = Heard(f"dana at {at}", event_v1.FORMAT, body, after(at), "people", "dana", "communicator", True)
        return self._take(heard)

    def alerts(self, at: float, *alerts: dict[str, Any], group: str = "{}:{}") -> Taken:
        body = orjson.dumps({"version": "4", "groupKey": group, "alerts": alerts})
        return self._take(Heard(f"alerts at {at}", alertmanager.FORMAT, body, after(at), "alertmanager"))

    def settle(self, at: float, revision: int, user: str = WORKERS, about: str = "INC-1") -> Taken:
        """As the broker delivers it from this user, who says to be the clock."""
        event_id = f"settle/{about}/{revision}"
        event = {"event_id": event_id, "act": "settle", "about": about, "from_revision": revision}
        forged = {"source": "probes"} if user != WORKERS else {}
        delivery = Delivery(orjson.dumps(event | forged), event_id, user, {"role": "clock"}, 1)
        return self._take(from_the_broker(delivery, DOOR, WORKERS, after(at)))

    def _take(self, heard: Heard) -> Taken:
        return take(heard, Store(self.record), self.policy)


def test_every_act_is_on_record_with_who_did_what_having_seen_what(house: House) -> None:
    house.machine(0)

    for at, act in enumerate(("take", "dismiss", "release", "withdraw"), 1):
        house.dana(at, act, from_revision=at)

    assert house.rows("select author, act, from_revision, verdict, revision from event order by received_at") == [
        {"author": None, "act": "report", "from_revision": None, "verdict": "opened", "revision": 1},
        {"author": "dana", "act": "take", "from_revision": 1, "verdict": "revised", "revision": 2},
        {"author": "dana", "act": "dismiss", "from_revision": 2, "verdict": "revised", "revision": 3},
        {"author": "dana", "act": "release", "from_revision": 3, "verdict": "revised", "revision": 4},
        {"author": "dana", "act": "withdraw", "from_revision": 4, "verdict": "revised", "revision": 5},
    ]
    assert [row["act"] for row in house.rows("select act from revision order by revision")] == [
        "report", "take", "dismiss", "release", "withdraw",
    ]  # fmt: skip
    outage = house.outage()
    assert (outage["release"], outage["withdrawn"], outage["closed_at"]) == ("released", True, after(4))
    assert outage["stated"]["communicator"] == "dana"


def test_a_correction_s_notices_are_on_record_with_its_revision(house: House) -> None:
    house.machine(0)

    house.dana(1, "correct", cause="A full disk.", retract=["workaround"], notices=NOTICES)

    assert house.rows("select act, notices, newsworthy from revision where revision = 2") == [
        {"act": "correct", "notices": NOTICES, "newsworthy": True}
    ]


@pytest.mark.parametrize("table", ["event", "revision"])
@pytest.mark.parametrize("change", ["update {} set act = 'report'", "delete from {}", "truncate {}"])
def test_no_act_is_changed_or_taken_out_by_whoever_wrote_it(house: House, table: str, change: str) -> None:
    house.machine(0)
    house.dana(1, "dismiss")
    before = house.rows(f"select * from {table}")

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        house.rows(change.format(table))

    assert house.rows(f"select * from {table}") == before
    assert len(before) == 2


def test_an_act_that_is_refused_is_kept_as_failed_with_what_to_do(house: House) -> None:
    house.machine(0)
    house.dana(1, "release")

    taken = house.dana(2, "dismiss")

    assert taken.failed is not None and "withdraw INC-1" in taken.failed
    assert [row["reason"] for row in house.rows("select reason from failed")] == [taken.failed]
    assert house.outage()["revision"] == 2


def test_an_act_of_a_machine_is_refused(house: House) -> None:
    house.machine(0)

    taken = house.machine(1, act="release", about="INC-1")

    assert taken.failed is not None and "only a person" in taken.failed
    assert house.outage()["release"] == "held"


def test_an_act_delivered_again_is_carried_out_once(house: House) -> None:
    house.machine(0)

    verdicts = [house.dana(1, "release").verdicts for _ in range(2)]

    assert verdicts == [("revised",), ("redelivered",)]
    assert house.outage()["revision"] == 2


def test_who_opened_it_and_whether_it_was_an_alert_is_on_record(house: House) -> None:
    house.alerts(0, an_alert())
    alert = house.outage()
    house.machine(1)
    machine = house.outage()
    house.dana(2, "report", about=None, components=["card-payments"])
    person = house.outage()

    assert [(row["alert"], row["release"]) for row in (alert, machine, person)] == [
        (True, "held"), (False, "held"), (False, "released"),
    ]  # fmt: skip


def test_the_clock_settles_what_is_calm_once(house: House) -> None:
    house.machine(0)
    house.machine(1, status="resolved")
    calm = house.outage()["calm_since"]

    taken = [house.settle(12, 2).verdicts, house.settle(13, 2).verdicts]

    outage = house.outage()
    assert calm == after(1)
    assert taken == [("revised",), ("redelivered",)]
    assert (outage["closed_at"], outage["observed"]["status"]) == (after(12), "resolved")
    assert house.rows("select source, role, author, act, from_revision from event where id = 'settle/INC-1/2'") == [
        {"source": "forewarn", "role": "clock", "author": None, "act": "settle", "from_revision": 2}
    ]


@pytest.mark.parametrize("user", ["monitoring", "guest", ""])
def test_a_forged_clock_is_refused_and_kept_as_failed(house: House, user: str) -> None:
    house.machine(0)
    house.machine(1, status="resolved")

    taken = house.settle(12, 2, user)

    assert taken.failed is not None and "our own clock" in taken.failed
    assert house.rows("select id, role from failed") == [{"id": "amqp/settle/INC-1/2", "role": "machine"}]
    assert house.outage()["closed_at"] is None


def test_a_forged_clock_does_not_keep_the_true_one_from_settling(house: House) -> None:
    house.machine(0)
    house.machine(1, status="resolved")
    house.settle(12, 2, "monitoring")

    house.settle(12, 2)

    assert house.outage()["closed_at"] == after(12)


@pytest.mark.parametrize("later, names", [(15, ["INC-1"]), (15.1, ["INC-1", "INC-2"])])
def test_another_alert_of_a_group_that_ended_within_the_policy_s_time_opens_it_again(
    house: House, later: float, names: list[str]
) -> None:
    first = an_alert(fingerprint="a1", startsAt=moment(0))
    house.alerts(0, first)
    house.alerts(1, first | {"status": "resolved", "endsAt": moment(1)})
    house.settle(12, 2)

    house.alerts(12 + later, an_alert(fingerprint="a2", startsAt=moment(12 + later)))

    assert [f"INC-{row['number']}" for row in house.rows("select number from outage order by 1")] == names
    outage = house.outage()
    assert (outage["closed_at"], outage["calm_since"], outage["observed"]["status"]) == (None, None, "investigating")


def test_a_group_s_open_incident_comes_before_one_that_ended_last(house: House) -> None:
    for at, key in ((0, "a1"), (40, "a2")):
        house.alerts(at, an_alert(fingerprint=key, startsAt=moment(at)))
        house.dana(at + 1, "report", about=f"INC-{1 if key == 'a1' else 2}", status="resolved")
    house.dana(42, "report", status="investigating")

    house.alerts(43, an_alert(fingerprint="a3", startsAt=moment(43)))

    assert house.rows("select number from outage where closed_at is null") == [{"number": 1}]
    assert len(house.rows("select from signal where outage_id = (select id from outage where number = 1)")) == 2


def test_what_was_withdrawn_is_not_opened_again_by_its_group(house: House) -> None:
    house.alerts(0, an_alert(fingerprint="a1", startsAt=moment(0)))
    house.dana(1, "withdraw")

    house.alerts(2, an_alert(fingerprint="a2", startsAt=moment(2)))

    assert house.rows("select number, closed_at is null as open from outage order by 1") == [
        {"number": 1, "open": False},
        {"number": 2, "open": True},
    ]


REACH = Policy.model_validate({"communication": {"reach": {"ravi": ["json://127.0.0.1/"]}}})
BEYOND = "nobody by the name of {} can be paged; these can: ravi"


@pytest.mark.parametrize(
    ("policy", "act", "said", "reason"),
    [
        (REACH, "hand_over", {"communicator": "rvai"}, BEYOND.format("rvai")),
        (REACH, "take", {}, BEYOND.format("dana")),
        (REACH, "hand_over", {"communicator": "ravi"}, None),
        (Policy(), "hand_over", {"communicator": "rvai"}, None),
    ],
)
def test_whoever_gets_an_outage_and_cannot_be_paged_gets_it_and_that_is_said(
    record: Database, policy: Policy, act: str, said: dict[str, str], reason: str | None
) -> None:
    house = House(record, policy)
    house.machine(0)

    taken = house.dana(1, act, **said)

    assert (taken.failed, taken.verdicts) == (None, ("revised",))
    assert house.rows("select reason from event where act <> 'report'") == [{"reason": reason}]


def test_a_machine_may_name_a_communicator_whom_nobody_can_page(record: Database) -> None:
    taken = House(record, REACH).machine(0, communicator="rvai")

    assert (taken.failed, taken.verdicts) == (None, ("opened",))


def test_how_soon_is_read_from_the_policy(record: Database) -> None:
    house = House(record, Policy.model_validate({"episodes": {"reopen_minutes": 1}}))
    house.machine(0)
    house.machine(1, status="resolved")
    house.settle(12, 2)

    house.machine(14)

    assert len(house.rows("select from outage")) == 2


def test_when_all_alerts_are_calm_all_that_they_touched_is_on_record(house: House) -> None:
    house.rows("insert into component (key) values ('payouts') returning key")
    alerts = [
        an_alert(fingerprint=key, startsAt=moment(0), labels={"component": key, "severity": "critical"})
        for key in ("card-payments", "payouts")
    ]
    house.alerts(0, *alerts)

    for at, alert in enumerate(alerts, 1):
        house.alerts(at, alert | {"status": "resolved", "endsAt": moment(at)})

    assert house.outage()["observed"]["components"] == {"card-payments": "down", "payouts": "down"}


def moment(minutes: float) -> str:
    when: datetime = NOON + timedelta(minutes=minutes)
    return when.isoformat()


@pytest.fixture
def record(database: str) -> Iterator[Database]:
    opened = Database(database, "forewarn_ingest", "sandbox", 2)
    opened.open()
    yield opened
    opened.close()


@pytest.fixture
def house(record: Database) -> House:
    return House(record, Policy())
