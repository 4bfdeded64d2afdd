"""What stands at the gate of an outage, as the record has it."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from forewarn.contracts.policy import Delivery
from forewarn.notice import Channel, ChannelState, Hold, Occasion
from forewarn.subscriber import HEAD_START_RANK, Side
from services.planner.gate import Standing
from services.planner.rounds import far, gone_round

Run = Callable[..., Any]

PER_SECOND = "(%(rates)s::jsonb ->> {0}.channel)::float"
"""The rate of the channel of the row with this alias."""

NOT_DRAINED = """
  exists (select from notice_window w where w.notice_id = nc.notice_id and w.channel = nc.channel
    and w.expanded_at is null)
  or exists (select from notice_window w join batch b on b.window_id = w.id
    where w.notice_id = nc.notice_id and w.channel = nc.channel and position('.' in b.outcomes) > 0)
"""

INSIDE_UNSETTLED = """  -- on any channel: colleagues are to know before customers, by whatever way either hears
  exists (select from notice i join notice_channel ic on ic.notice_id = i.id
    where i.outage_id = n.outage_id and i.side = 'inside'
      and i.occasion not in ('wake', 'failover', 'replay') and (ic.state in ('held', 'waiting')
      or ic.state = 'released' and exists (select from notice_window w left join batch b on b.window_id = w.id
        where w.notice_id = i.id and w.channel = ic.channel and w.rank <= %(head_start_rank)s
          and (w.expanded_at is null or position('.' in b.outcomes) > 0))))
"""

PLANNED = """(select coalesce(sum(length(b.outcomes)), 0)::int from notice_window w join batch b on b.window_id = w.id
  where w.notice_id = nc.notice_id and w.channel = nc.channel)"""

PAUSED = """
  exists (select from pause p where p.lifted_at is null and coalesce(p.channel, nc.channel) = nc.channel
    and coalesce(p.outage_id, n.outage_id) = n.outage_id)
"""

STANDING = f"""
select n.id, n.side, nc.channel, n.occasion, nc.state, n.serial, n.names, n.minimums, nc.hold,
  nc.hold_until <= forewarn_now() as hold_over,
  nc.not_before is null or nc.not_before <= clock_timestamp() or not ({INSIDE_UNSETTLED}) as ahead,
  {PAUSED} as paused,
  exists (select from stop s where s.notice_id = nc.notice_id and s.channel = nc.channel) as stopped,
  case when nc.state = 'released' then extract(epoch from clock_timestamp() - nc.released_at) else 0 end as air,
  case when nc.state = 'released' then {PLANNED} else 0 end as planned,
  nc.state = 'released' and coalesce({gone_round("f")} and f.open <= f.few, false) as few_left
from notice n join notice_channel nc on nc.notice_id = n.id cross join {far("nc")} f
where n.outage_id = %(outage)s and nc.state <> 'drained' order by n.serial, nc.channel
"""


DRAIN = f"""
update notice_channel nc set state = 'drained', drained_at = clock_timestamp(), planned = {PLANNED}
from notice n where n.id = nc.notice_id and n.outage_id = %(outage)s and nc.state = 'released' and not ({NOT_DRAINED})
returning nc.notice_id, nc.channel
"""


def mark_drained(run: Run, outage_id: int) -> list[tuple[str, str]]:
    """Released notices without an open position are drained, so many they were for; which, by notice and channel."""
    return [(row["notice_id"], row["channel"]) for row in run(DRAIN, {"outage": outage_id}).fetchall()]


def rates(delivery: Delivery) -> str:
    """How many a second each channel takes, as JSON."""
    return orjson.dumps({channel.value: delivery.per_second(channel) for channel in Channel}).decode()


def standing(run: Run, outage_id: int, delivery: Delivery) -> tuple[Standing, ...]:
    """The notices that are not drained, in order; each drains at its channel's rate."""
    rows = run(STANDING, {"outage": outage_id, "head_start_rank": HEAD_START_RANK}).fetchall()
    return tuple(_standing(row, delivery) for row in rows)


def _standing(row: Mapping[str, Any], delivery: Delivery) -> Standing:
    channel = Channel(row["channel"])
    return Standing(
        notice_id=row["id"],
        side=Side(row["side"]),
        channel=channel,
        occasion=Occasion(row["occasion"]),
        state=ChannelState(row["state"]),
        serial=row["serial"],
        hold=Hold(row["hold"]) if row["hold"] else None,
        hold_over=bool(row["hold_over"]),
        ahead=row["ahead"],
        paused=row["paused"],
        stopped=row["stopped"],
        few_left=row["few_left"],
        air_seconds=float(row["air"]),
        drain_seconds=row["planned"] / delivery.per_second(channel),
        names=tuple(row["names"]),
        minimums=tuple(row["minimums"]) if row["minimums"] is not None else None,
    )
