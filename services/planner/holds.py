"""Holds in the record: what keeps a planned notice from the outside, and what the storm brake must know."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from forewarn.delivery import TOLD
from forewarn.notice import Hold
from forewarn.release import Rule
from services.planner.ports import Reach

Run = Callable[..., Any]


def hold(run: Run, outage_id: int, rule: Rule, reopen: timedelta) -> None:
    """Hold what waits for the outside by this rule. A time that runs already goes on, a brake stays.

    What was withdrawn within `reopen` was the same wait: flapping does not begin it anew.
    """
    run(
        "update notice_channel nc set state = case when %(hold)s::text is null then nc.state else 'held' end,"
        " hold = %(hold)s, hold_until = case when %(after)s::interval is not null"
        "  then coalesce(nc.hold_until, (select min(o.hold_until) from notice m join notice_channel o"
        "   on o.notice_id = m.id where m.outage_id = n.outage_id and m.side = 'outside' and o.ended = 'withdrawn'"
        "   and o.hold = 'after' and o.drained_at > clock_timestamp() - %(reopen)s::interval),"
        "   forewarn_now() + %(after)s::interval) end"
        " from notice n where n.id = nc.notice_id and n.outage_id = %(outage)s and n.side = 'outside'"
        " and n.occasion not in ('wake', 'failover', 'replay') and nc.state in ('held', 'waiting')"
        " and nc.hold is distinct from 'storm' and nc.hold is distinct from %(hold)s",
        {"outage": outage_id, "hold": rule.hold, "after": rule.after, "reopen": reopen},
    )


def held_back(run: Run, outage_id: int) -> tuple[Hold, datetime | None] | None:
    """The hold of the newest outside notice that has one."""
    row = run(
        "select nc.hold, nc.hold_until from notice n join notice_channel nc on nc.notice_id = n.id"
        " where n.outage_id = %s and n.side = 'outside' and n.occasion not in ('wake', 'failover', 'replay')"
        " and nc.state = 'held' and nc.hold is not null order by n.serial desc limit 1",
        (outage_id,),
    ).fetchone()
    return (Hold(row["hold"]), row["hold_until"]) if row else None


def brake(run: Run, notice_id: str, channel: str) -> None:
    """Only a person releases this notice."""
    run(
        "update notice_channel set state = 'held', hold = 'storm', hold_until = null"
        " where notice_id = %s and channel = %s",
        (notice_id, channel),
    )


def reach(run: Run, outage_id: int, components: Sequence[str], notice_id: str) -> Reach:
    """How many customers a release would newly reach, suppressed or not, beside those lately reached, of how many.

    People, by whatever channels: what the notice itself has reached on another is not counted again. A quick upper
    bound: the brake must not keep colleagues waiting for an exact count.
    """
    row = run(
        "select (select count(distinct k.subscriber_id) from stake k join subscriber s on s.id = k.subscriber_id"
        "  where not s.inside and (num_nonnulls(k.account_id, k.component_id, k.team) = 0"
        "   or k.component_id = any(c.ids) or k.account_id in"
        "    (select account_id from uses where component_id = any(c.ids)))) as exposed,"
        " (select coalesce(max(t.told), 0) from notice n cross join lateral"  # the largest notice on a channel so far
        "   (select sum(length(b.outcomes) - length(translate(b.outcomes, %(told)s, ''))) as told"
        "     from notice_window w join batch b on b.window_id = w.id where w.notice_id = n.id group by w.channel) t"
        "   where n.outage_id = %(outage)s and n.side = 'outside')::int as told,"
        " (select coalesce(sum(l.reached), 0)::int from (select max(nc.by_machine) as reached"
        "   from notice_channel nc join notice n on n.id = nc.notice_id"
        "   where nc.released_at > clock_timestamp() - interval '1 hour' and not n.test and n.id <> %(notice)s"
        "   group by n.id) l) as lately,"
        " (select count(*) from subscriber where not inside) as customers"
        " from (select array(select id from component where key = any(%(components)s)) as ids) c",
        {"components": list(components), "outage": outage_id, "told": TOLD, "notice": notice_id},
    ).fetchone()
    return Reach(max(0, row["exposed"] - row["told"]), row["lately"], row["customers"])
