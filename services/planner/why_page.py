"""The page that answers why: the stakes from the record, the reasons from the core."""

from forewarn.contracts.api import WhyView
from services.planner.pages import SQL, Pages
from services.planner.touched import touched_by
from services.planner.why import reasons, stake_from


def why_of(pages: Pages, outage_id: int, subscriber_id: int) -> WhyView:
    """Each way in, each rule out, and what was sent."""
    with pages.database.begin() as connection:
        outage = pages.outage_in(connection, outage_id)
        touched = touched_by(connection, outage.facts.components)
        values = {"touched": [t.component for t in touched], "subscriber": subscriber_id}
        stakes = connection.execute(SQL["stakes"], values).fetchall()
        person = connection.execute(
            "select s.key, s.name, d.address is not null as reachable, x.reason from subscriber s"
            " left join address d on d.subscriber_id = s.id and d.channel = 'email'"
            " left join suppression x on x.subscriber_id = s.id and x.channel = 'email' where s.id = %s",
            (subscriber_id,),
        ).fetchone()
        assert person is not None
    found = reasons(tuple(stake_from(row) for row in stakes), touched, person["reachable"], person["reason"])
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
