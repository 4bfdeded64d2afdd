"""A series on the record of an office: planned, looked at by the clock, heard by intake."""

from datetime import datetime, timedelta
from typing import Any

from forewarn.runtime.reader import Delivery
from services.ingest.envelope import from_the_broker
from services.ingest.intake import Taken, take
from services.ingest.store import Store
from services.planner.ports import Moved, Opening
from tests.services.planner.desks import Office, an_incident

DAY = timedelta(days=1)


def now(desk: Office) -> datetime:
    moment: datetime = desk.rows("select forewarn_now() as now")[0]["now"]
    return moment.replace(microsecond=0)


def in_days(desk: Office, days: float) -> dict[str, str]:
    start = now(desk) + days * DAY
    return {"start": start.isoformat(), "end": (start + timedelta(hours=1)).isoformat()}


def a_series(desk: Office, days: float = 2, rule: str = "FREQ=WEEKLY", **said: Any) -> int:
    components = an_incident()["components"]
    event = {"kind": "maintenance", "components": components, "window": in_days(desk, days), "recurrence": rule}
    return desk.says("dana", **event | said)


def hears(desk: Office, opening: Opening) -> Taken:
    """As the broker delivers what our clock says; what it opens is planned."""
    delivery = Delivery(opening.body, opening.event_id, "forewarn", {"role": "clock"}, 1)
    taken = take(from_the_broker(delivery, "door", "forewarn", now(desk)), Store(desk.ingest), desk.policy)
    for outage in taken.outages:
        desk.plans.plan(outage)
    return taken


def looks(desk: Office, outage_id: int) -> Moved:
    """The clock looks, and intake hears what it opens."""
    moved = desk.plans.plan(outage_id)
    for opening in moved.openings:
        hears(desk, opening)
    return moved


def works(desk: Office) -> list[dict[str, Any]]:
    return desk.rows(
        "select 'MNT-' || number as name, (stated #>> '{window,start}')::timestamptz as start, stated, id from outage"
        " where stated ->> 'series' is not null order by 2, id"
    )


def due_at(desk: Office, outage_id: int) -> datetime | None:
    moment: datetime | None = desk.rows("select due_at from plan where outage_id = %s", outage_id)[0]["due_at"]
    return moment
