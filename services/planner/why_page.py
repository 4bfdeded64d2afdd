"""The page that answers why: the stakes from the record, the reasons from the core."""

from collections.abc import Mapping
from typing import Any

from forewarn.contracts.api import WhyView
from forewarn.mode import Mode, is_guest
from forewarn.outage import Outage, Severity
from services.planner.moments import zone_of
from services.planner.pages import SQL, Pages
from services.planner.touched import touched_by
from services.planner.why import Reach, asleep_until, reasons, stake_from


def why_of(pages: Pages, outage_id: int, subscriber_id: int) -> WhyView:
    """Each way in, each rule out, and what was sent."""
    with pages.database.begin() as connection:
        outage = pages.outage_in(connection, outage_id)
        touched = touched_by(connection, outage.facts.components)
        values = {"touched": [t.component for t in touched], "subscriber": subscriber_id}
        stakes = connection.execute(SQL["stakes"], values).fetchall()
        person = connection.execute(
            "select s.key, s.name, d.address, x.reason, d.quiet_from, d.quiet_to, z.name as zone, forewarn_now() as now"
            " from subscriber s left join zone z on z.id = s.zone_id"
            " left join address d on d.subscriber_id = s.id and d.channel = 'email'"
            " left join suppression x on x.subscriber_id = s.id and x.channel = 'email' where s.id = %s",
            (subscriber_id,),
        ).fetchone()
        assert person is not None
    found = reasons(tuple(stake_from(row) for row in stakes), touched, _reach(pages, outage, person))
    return WhyView(
        subscriber=person["key"],
        name=person["name"],
        outage=outage.name,
        included=found.included,
        side=found.side,
        voice=found.hearing.voice if found.hearing else None,
        paths=list(found.paths),
        rules=list(found.rules),
        deliveries=pages.deliveries(outage_id, subscriber_id, 1000),
    )


def _reach(pages: Pages, outage: Outage, person: Mapping[str, Any]) -> Reach:
    clock = person["now"].astimezone(zone_of(person["zone"] or "UTC")).time()
    awake = outage.facts.severity is Severity.CRITICAL
    everybody = pages.mode != Mode.GUESTS and not outage.test
    guests = frozenset(pages.policy.guests)
    return Reach(
        has_address=person["address"] is not None,
        suppression=person["reason"],
        asleep_until=None if awake else asleep_until(person["quiet_from"], person["quiet_to"], clock, person["zone"]),
        guest=everybody or is_guest(person["address"] or "", guests),
    )
