"""Holds in the record: what keeps a planned notice from the outside, and what the storm brake must know."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from forewarn.notice import Hold
from forewarn.release import Rule

Run = Callable[..., Any]


def hold(run: Run, outage_id: int, rule: Rule) -> None:
    """Hold what waits for the outside by this rule. A time that runs already goes on, a brake stays."""
    run(
        "update notice_channel nc set state = case when %(hold)s::text is null then nc.state else 'held' end,"
        " hold = %(hold)s, hold_until = case when %(after)s::interval is not null"
        "  then coalesce(nc.hold_until, forewarn_now() + %(after)s::interval) end"
        " from notice n where n.id = nc.notice_id and n.outage_id = %(outage)s and n.side = 'outside'"
        " and n.occasion <> 'wake' and nc.state in ('held', 'waiting')"
        " and nc.hold is distinct from 'storm' and nc.hold is distinct from %(hold)s",
        {"outage": outage_id, "hold": rule.hold, "after": rule.after},
    )


def held_back(run: Run, outage_id: int) -> tuple[Hold, datetime | None] | None:
    """The hold of the newest outside notice that has one."""
    row = run(
        "select nc.hold, nc.hold_until from notice n join notice_channel nc on nc.notice_id = n.id"
        " where n.outage_id = %s and n.side = 'outside' and n.occasion <> 'wake' and nc.state = 'held'"
        " and nc.hold is not null order by n.serial desc limit 1",
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


def exposed(run: Run, components: Sequence[str]) -> tuple[int, int]:
    """How many customers have a stake in these components, suppressed or not, and how many customers there are.

    A quick upper bound: the brake must not keep colleagues waiting for an exact count.
    """
    row = run(
        "select (select count(distinct k.subscriber_id) from stake k join subscriber s on s.id = k.subscriber_id"
        "  where not s.inside and (num_nonnulls(k.account_id, k.component_id, k.team) = 0"
        "   or k.component_id = any(c.ids) or k.account_id in (select account_id from uses where component_id = any(c.ids)))) as exposed,"
        " (select count(*) from subscriber where not inside) as customers"
        " from (select array(select id from component where key = any(%s)) as ids) c",
        (list(components),),
    ).fetchone()
    return row["exposed"], row["customers"]


def lately_by_machines(run: Run) -> int:
    """Recipients of what machines released to the outside within the last hour."""
    row = run(
        "select coalesce(sum(cardinality(b.ids)), 0)::bigint as people from notice_channel nc"
        " join notice_window w on w.notice_id = nc.notice_id and w.channel = nc.channel"
        " join batch b on b.window_id = w.id"
        " where nc.by_machine and nc.released_at > clock_timestamp() - interval '1 hour'"
    ).fetchone()
    people: int = row["people"]
    return people
