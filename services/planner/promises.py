"""Promises in the record: made with a release, answered by what follows, owed a holding notice in time (T13)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from forewarn.contracts.policy import Delivery
from forewarn.notice import Channel
from forewarn.subscriber import Side
from services.planner.rounds import far, gone_round
from services.planner.schedule import Promised
from services.planner.standing import PAUSED, PER_SECOND, rates

Run = Callable[..., Any]

ON_THE_WAY = timedelta(seconds=2)
"""From the decision to the first provider call, real time."""

LEAD = timedelta(seconds=60)
"""So long before a promised time its last recipient should have been told, as people read time."""

TO_ALL = """({0}.occasion not in ('wake', 'failover', 'replay')
  and not ({0}.occasion = 'first' and exists (select from notice e
    join notice_channel ec on ec.notice_id = e.id where e.outage_id = {0}.outage_id and e.side = {0}.side
    and ec.channel = {0}c.channel and e.serial < {0}.serial and ec.released_at is not null))
  and ({0}.minimums is null
    or (select m.minimums <@ {0}.minimums from notice m where m.id = {1}.notice_id) is true))"""
"""Not for children, for whoever a correction left untold, or for accounts with a minimum notice that the promise was
not for alone: those neither keep nor hide a promise (alias {1}) to the others."""

ANSWERED = f"""
with owed as (
  select p.notice_id, p.channel, p.side, p.due_at, c.released_at from promise p
  join notice_channel c on c.notice_id = p.notice_id and c.channel = p.channel
  where p.outage_id = %(outage)s and p.answered_by is null and p.state in ('open', 'missed')
),
answer as (
  select distinct on (o.notice_id, o.channel) o.notice_id, o.channel, o.due_at, n.id as by, forewarn_at(f.last_at) as at
  from owed o
  join notice n on n.outage_id = %(outage)s and n.side = o.side
  join notice_channel nc on nc.notice_id = n.id and nc.channel = o.channel and nc.released_at > o.released_at
    and {TO_ALL.format("n", "o")}
    and (nc.state = 'drained' or nc.state = 'released' and o.due_at < forewarn_now())
  cross join {far("nc")} f
  where f.last_at is not null and (nc.state = 'drained' or not f.unfrozen and f.open <= f.few)
  order by o.notice_id, o.channel, nc.released_at
)
update promise p set answered_by = a.by, answered_at = a.at,
  state = case when a.at <= a.due_at then 'kept' else 'missed' end,
  cause = case when a.at <= a.due_at then null else coalesce(p.cause, 'late') end
from answer a where p.notice_id = a.notice_id and p.channel = a.channel
"""
"""By what has drained; or, once it is due, by what waits for a few only: an endpoint that is away misses no promise.

What came later was released later: a notice has one serial on all its channels, and a child may come in between.
"""

_ANSWER = f"""
  exists (select from notice l join notice_channel lc on lc.notice_id = l.id and lc.channel = p.channel
    cross join {far("lc")} g
    where l.outage_id = p.outage_id and l.side = p.side and {TO_ALL.format("l", "p")} and lc.state = 'released'
      and lc.released_at > (select s.released_at from notice_channel s
        where s.notice_id = p.notice_id and s.channel = p.channel) and {gone_round("g")} and {{of_it}})
"""
HAS_GONE_ROUND = _ANSWER.format(of_it="true")
"""The answer to the promise (alias p) has been to everybody once: what is open of it is called again."""

DECIDED = f"(o.closed_at is not null or not {_ANSWER.format(of_it='g.open > g.few')})"
"""What is due can be judged: of an answer that calls many again it is known by when they heard once it has drained."""

RUN_OUT = f"""
update promise p set state = case when v.moot then 'moot' else 'missed' end,
  cause = case
    when v.moot then null
    when v.unheard then 'nobody was reached'
    when exists (select from pause z where z.lifted_at is null and coalesce(z.channel, p.channel) = p.channel
      and coalesce(z.outage_id, p.outage_id) = p.outage_id) then 'paused'
    else 'not told in time' end
from notice_channel nc, outage o, {far("nc")} f, lateral (
  select nc.state = 'drained' and f.last_at is null as unheard,
    o.closed_at is not null or nc.state = 'drained' and f.last_at is null and not f.failed as moot) v
where p.outage_id = %(outage)s and p.state = 'open' and p.due_at < forewarn_now()
  and nc.notice_id = p.notice_id and nc.channel = p.channel and o.id = p.outage_id
  and {DECIDED}
"""

FOLLOWED = f"""
exists (select from notice l join notice_channel lc on lc.notice_id = l.id and lc.channel = p.channel
  where l.outage_id = p.outage_id and l.side = p.side and {TO_ALL.format("l", "p")}
    and (lc.released_at > nc.released_at or lc.released_at is null and (lc.ended is null
      or lc.ended = 'cancelled' and l.serial > (select serial from notice where id = p.notice_id))))
"""
"""No holding notice is wanted for the promise (alias p, its notice nc): one came, will come, or a person said no."""

_PEOPLE = """coalesce(nc.planned, (select coalesce(sum(octet_length(b.outcomes)), 0) from notice_window w
  join batch b on b.window_id = w.id where w.notice_id = nc.notice_id and w.channel = nc.channel))"""

AHEAD = f"""
ahead as materialized (
  select nc.notice_id, nc.channel, sum(octet_length(b.outcomes))::float as people  -- length() reads each letter
  from notice_channel nc
  join notice n on n.id = nc.notice_id
  join notice_window w on w.notice_id = nc.notice_id and w.channel = nc.channel
  join batch b on b.window_id = w.id
  where nc.state = 'released' and n.lane = 'urgent' and position('.' in b.outcomes) > 0 and b.first_at is null
    and not exists (select from stop s where s.notice_id = nc.notice_id and s.channel = nc.channel) and not ({PAUSED})
  group by nc.notice_id, nc.channel
)
"""
"""Whom the urgent lanes have still to call for the first time, about: they hear before the next urgent notice does."""

_TAKES = f"(interval '1 s' / {PER_SECOND.format('p')})"

QUEUES = f"""{AHEAD}, queued as materialized (
  select channel, sum(people) as people from ahead group by channel
), soon as materialized (
  select m.*, m.due_at - (forewarn_at(clock_timestamp() + m.takes * m.people) - forewarn_now()) as leaves from (
    select p.notice_id, p.channel, p.due_at, {_PEOPLE} as people, {_TAKES} as takes,
      forewarn_at(nc.released_at) as made_at
    from promise p
    join notice_channel nc on nc.notice_id = p.notice_id and nc.channel = p.channel
    join outage o on o.id = p.outage_id
    where p.state in ('open', 'missed') and o.closed_at is null and p.due_at >= forewarn_now() - interval '1 day'
      and not {FOLLOWED} offset 0
  ) m
), owed as materialized (
  select b.notice_id, b.channel from (
    select e.*, sum(e.due_after) over (partition by e.channel order by e.at, e.asks rows unbounded preceding) as before
    from (
      select notice_id, channel, leaves as at, false as asks, people as due_after, due_at, made_at, takes from soon
      union all select notice_id, channel, due_at, true, 0, due_at, made_at, takes from soon
    ) e
  ) b
  left join queued q on q.channel = b.channel
  left join ahead a on a.notice_id = b.notice_id and a.channel = b.channel
  where b.asks and forewarn_now() >= b.made_at + (b.due_at - b.made_at) / 2
    and forewarn_at(clock_timestamp() + %(on_the_way)s
      + b.takes * (b.before + coalesce(q.people, 0) - coalesce(a.people, 0))) + %(lead)s >= b.due_at
)
"""
"""And the promises that holding notices are still to keep (`soon`), and those whose notice must leave now (`owed`): the
way there would use up what is left. It is behind all whom the channel calls first, and all whose own holding notice
must leave before the promise is due: one running sum knows them, as a look for each would be a look at all for each.

Never in a promise's first half: one of a minute is not answered at once.
"""

COMING = "exists (select from owed w where w.notice_id = p.notice_id and w.channel = p.channel)"
"""A holding notice must leave now for the promise (alias p); beside QUEUES."""


def lead_parameters(head_start: timedelta, delivery: Delivery) -> dict[str, Any]:
    """What COMING needs to know."""
    return {"on_the_way": ON_THE_WAY + head_start, "lead": LEAD, "rates": rates(delivery)}


def make(run: Run, notice_id: str, channel: str, due_at: datetime) -> None:
    """Record what a notice promises."""
    run(
        "insert into promise (notice_id, channel, outage_id, side, due_at)"
        " select id, %s, outage_id, side, %s from notice where id = %s on conflict do nothing",
        (channel, due_at, notice_id),
    )


def settle(run: Run, outage_id: int) -> None:
    """Kept, if the last acceptance of what answered came in time; missed, with its cause; moot, if nobody waits."""
    run(ANSWERED, {"outage": outage_id})
    run(RUN_OUT, {"outage": outage_id})


def ahead(run: Run, channel: Channel) -> float:
    """How many a channel calls before whoever an urgent notice of now is for."""
    asked = f"with {AHEAD} select coalesce(sum(people), 0) as people from ahead where channel = %s"
    people: float = run(asked, (channel,)).fetchone()["people"]
    return people


def coming(run: Run, outage_id: int, head_start: timedelta, delivery: Delivery) -> tuple[Promised, ...]:
    """The promises of an open outage that a holding notice must keep now."""
    rows = run(
        f"with {QUEUES} select p.side, p.due_at, p.channel from promise p"
        " join notice_channel nc on nc.notice_id = p.notice_id and nc.channel = p.channel"
        " join outage o on o.id = p.outage_id"
        f" where p.outage_id = %(outage)s and p.state in ('open', 'missed') and o.closed_at is null and {COMING}",
        {"outage": outage_id, **lead_parameters(head_start, delivery)},
    ).fetchall()
    return tuple(Promised(Side(row["side"]), row["due_at"], Channel(row["channel"])) for row in rows)
