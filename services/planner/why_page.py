"""The page that answers why: the stakes from the record, the reasons from the core."""

from collections.abc import Mapping
from typing import Any

from forewarn.contracts.api import WhyView
from forewarn.mode import Mode, is_guest
from forewarn.notice import Channel
from forewarn.outage import Outage, Severity
from services.planner.moments import zone_of
from services.planner.pages import SQL, Pages
from services.planner.touched import touched_by
from services.planner.why import Reach, asleep_until, reasons, stake_from

ADDRESSES = """
select d.channel, d.address, x.reason, d.quiet_from, d.quiet_to, z.name as zone, forewarn_now() as now
from address d join subscriber s on s.id = d.subscriber_id
left join zone z on z.id = s.zone_id
left join suppression x on x.subscriber_id = s.id and x.channel = d.channel
where s.id = %s and d.channel = any(%s) order by d.channel
"""


def why_of(pages: Pages, outage_id: int, subscriber_id: int) -> WhyView:
    """Each way in, each rule out, and what was sent."""
    with pages.database.begin() as connection:
        outage = pages.outage_in(connection, outage_id)
        touched = touched_by(connection, outage.facts.components)
        values = {"touched": [t.component for t in touched], "subscriber": subscriber_id}
        stakes = connection.execute(SQL["stakes"], values).fetchall()
        person = connection.execute("select key, name from subscriber where id = %s", (subscriber_id,)).fetchone()
        assert person is not None
        addresses = connection.execute(ADDRESSES, (subscriber_id, [*Channel])).fetchall()
    reach = tuple(_reach(pages, outage, address) for address in addresses)
    found = reasons(tuple(stake_from(row) for row in stakes), touched, reach)
    return WhyView(
        subscriber=person["key"],
        name=person["name"],
        outage=outage.name,
        included=found.included,
        side=found.side,
        voice=found.hearing.voice if found.hearing else None,
        paths=list(found.paths),
        rules=list(found.rules),
        channels=[way.channel for way in reach],
        deliveries=pages.deliveries(outage_id, subscriber_id, 1000),
    )


def _reach(pages: Pages, outage: Outage, way: Mapping[str, Any]) -> Reach:
    channel = Channel(way["channel"])
    clock = way["now"].astimezone(zone_of(way["zone"] or "UTC")).time()
    awake = outage.facts.severity is Severity.CRITICAL or channel is Channel.WEBHOOK  # a program does not sleep
    everybody = pages.mode != Mode.GUESTS and not outage.test
    guests = frozenset(pages.policy.guests)
    return Reach(
        channel=channel,
        suppression=way["reason"],
        asleep_until=None if awake else asleep_until(way["quiet_from"], way["quiet_to"], clock, way["zone"]),
        guest=everybody or is_guest(way["address"], guests),
    )
