"""What a plan finds on record of its outage: what it is, what was planned and told of it, and by which ways."""

from collections.abc import Callable
from typing import Any

from forewarn.contracts.record import facts_from_json, outage_from_row
from forewarn.notice import Channel, Occasion
from forewarn.outage import Act, Outage
from forewarn.subscriber import Side
from services.planner.ports import Seen, Spoken
from services.planner.schedule import Planned, Revision

Run = Callable[..., Any]

PLANNED = """
select n.id, n.side, n.occasion, n.slot, n.minimums, nc.channel, nc.released_at is not null as released,
  nc.state in ('held', 'waiting') as waiting, nc.state = 'released' as in_the_air
from notice n join notice_channel nc on nc.notice_id = n.id
where n.outage_id = %s and (nc.ended is null or nc.ended in ('superseded', 'cancelled'))
order by n.serial, nc.channel
"""

SPOKEN = """
select n.occasion, nc.stated, nc.facts, forewarn_at(nc.released_at) as at
from notice n join notice_channel nc on nc.notice_id = n.id
where n.outage_id = %s and n.side = %s and nc.channel = %s and n.occasion not in ('wake', 'failover', 'replay')
  and nc.released_at is not null and n.merged_from is null  -- who was told only by an adopted one reads first words
order by n.serial desc
"""

CORRECTED = """
select distinct on (n.id) n.id, bc.stated
from notice n join notice_channel nc on nc.notice_id = n.id and nc.released_at is not null
join notice b on b.outage_id = n.outage_id and b.side = n.side and b.serial < n.serial
  and b.occasion not in ('wake', 'failover', 'replay')
join notice_channel bc on bc.notice_id = b.id and bc.channel = nc.channel and bc.released_at is not null
where n.outage_id = %s and n.side = %s and n.occasion = 'correction' and bc.stated is not null
  and n.merged_from is not distinct from b.merged_from
order by n.id, b.serial desc
"""

WEBHOOKS = """
select exists (select from (  -- in order of the index: else all of a large table may be read to find none
    select from address where channel = 'webhook' order by address limit 1) a)
  or exists (select from notice n join notice_channel nc on nc.notice_id = n.id
    where n.outage_id = %s and nc.channel = 'webhook') as found
"""


_SAID = ("stated", "facts")


def seen(run: Run, outage_id: int) -> Seen:
    """The outage as it stands, with what no plan has seen."""
    outage = outage_in(run, outage_id)
    row = run("select planned_revision from plan where outage_id = %s", (outage_id,)).fetchone()
    revision = row["planned_revision"] if row else 0
    unseen = run(
        "select revision, newsworthy, act, notices from revision"
        " where outage_id = %s and revision > %s and revision <= %s order by revision",
        (outage_id, revision, outage.revision),  # not one that came since: it would be planned with older facts
    ).fetchall()
    return Seen(
        outage,
        revision,
        tuple(_planned(row) for row in run(PLANNED, (outage_id,)).fetchall()),
        tuple(Revision(r["revision"], r["newsworthy"], Act(r["act"]), tuple(r["notices"])) for r in unseen),
    )


def outage_in(run: Run, outage_id: int) -> Outage:
    """Raises LookupError for one that is not there."""
    row = run("select * from outage where id = %s", (outage_id,)).fetchone()
    if row is None:
        raise LookupError(f"outage {outage_id} is not in the record")
    return outage_from_row(row)


def spoken(run: Run, outage_id: int, side: Side, channel: Channel) -> Spoken:
    """What the side was told on the channel, and how many holding notices ago the last news was."""
    corrected = {row["id"]: facts_from_json(row["stated"]) for row in run(CORRECTED, (outage_id, side)).fetchall()}
    rows = run(SPOKEN, (outage_id, side, channel)).fetchall()
    if not rows:
        return Spoken(corrected=corrected)
    news = next((i for i, row in enumerate(rows) if row["occasion"] != Occasion.HOLDING), len(rows) - 1)
    stated, facts = (facts_from_json(said) if said is not None else None for said in map(rows[0].get, _SAID))
    turned = rows[0]["occasion"] == Occasion.DELAYED and len(rows) > 1 and rows[1]["facts"] is not None
    before = facts_from_json(rows[1]["facts"]) if turned else None  # what whoever missed the delay knows
    return Spoken(stated, facts, rows[news]["at"], news, corrected, before)


def channels(run: Run, outage_id: int) -> tuple[Channel, ...]:
    """Those that a notice of this outage goes by; one that was used goes on when its last address is gone."""
    row = run(WEBHOOKS, (outage_id,)).fetchone()
    return (Channel.EMAIL, Channel.WEBHOOK) if row["found"] else (Channel.EMAIL,)


def _planned(row: Any) -> Planned:
    return Planned(
        Side(row["side"]),
        Occasion(row["occasion"]),
        row["slot"],
        row["released"],
        row["waiting"],
        row["in_the_air"],
        Channel(row["channel"]),
        tuple(row["minimums"]) if row["minimums"] is not None else None,
        row["id"],
    )
