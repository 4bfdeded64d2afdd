"""Children of failures: whoever a notice could not reach is told by the next channel, or again by the same one."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from forewarn.delivery import LETTERS, MOVED, TOLD, Reason, State, letter_of
from forewarn.notice import NEXT, Channel, Lane, Occasion, notice_id
from forewarn.runtime.logs import logger
from forewarn.runtime.postgres import queries
from forewarn.subscriber import Side
from services.planner.adoption import adopt
from services.planner.gate import SLOW_SECONDS
from services.planner.hearing import STOPS

log = logger(__name__)

SQL = queries(Path(__file__).parent / "sql")
FAILED = [letter for letter, (state, _) in LETTERS.items() if state is State.FAILED]
MOST = 25_000
"""People of one window, so that its bodies do not fill the memory."""
STOPPED = [letter_of(reason) for reason in STOPS if reason is not Reason.CANCELLED]
"""Whoever ended so on the other channel may be told there; what a person cancelled stays cancelled."""

WAITED_FOR = f"""
  exists (select from notice_channel o where o.notice_id = nc.notice_id and o.state <> 'drained'
    and (o.state <> 'released' or o.released_at + interval '{SLOW_SECONDS} s' > clock_timestamp()
      or exists (select from notice_window w where w.notice_id = o.notice_id and w.channel = o.channel
        and w.expanded_at is null)))
"""
"""Another channel has not had its try yet: not everybody has a place there, or had no time to be told by it.

Longer it is not waited for, or an endpoint that is never reached would keep others from being told. Whoever has an open
place there is left to that channel, and asked about again once it is drained.
"""

FALLEN = f"""
select n.id, n.side, n.occasion, n.lane, nc.channel, n.merged_from is not null as adopted, exists (
    select from notice_channel c left join stop s on s.notice_id = c.notice_id and s.channel = c.channel
    where c.notice_id = n.id and 'cancelled' in (c.ended, s.reason)
  ) as cancelled, (
    select count(*) from notice c where c.outage_id = n.outage_id and c.parent = n.id
      and c.occasion = 'failover' and c.parent_channel = nc.channel
  ) as before
from notice n join notice_channel nc on nc.notice_id = n.id
where n.outage_id = %s and nc.state = 'drained' and (nc.fallen_at is null
    or exists (select from notice_channel o where o.notice_id = n.id and o.channel <> nc.channel
      and o.drained_at > nc.fallen_at))
  and not ({WAITED_FOR})
order by n.serial, nc.channel
"""

CALL_OFF = """
update notice_channel c set state = 'drained', ended = 'cancelled', drained_at = clock_timestamp()
from notice n, stop s
where n.id = c.notice_id and n.outage_id = %s and n.occasion = 'failover' and c.state = 'waiting'
  and s.notice_id = n.parent and s.reason = 'cancelled'
"""

LOCK = """
select b.id from notice_window w join batch b on b.window_id = w.id
where w.notice_id = %(parent)s and w.channel = %(from)s and b.outcomes ~ %(some_failed)s
order by b.id for update of b
"""

Run = Callable[..., Any]


def fall_over(run: Run, outage_id: int) -> None:
    """Each urgent notice that has told whom it could by a channel leaves the rest to a child on the next one (H7).

    Whoever has no address with consent there, or was told there, stays failed, as everybody does whom a person's
    cancellation should spare; whoever a notice failed to reach that was adopted is tried by the news of the merge. The
    caller is alone on the outage: with the caller's commit both the letters and the child stand.
    """
    adopt(run, outage_id)
    run(CALL_OFF, (outage_id,))
    for row in run(FALLEN, (outage_id,)).fetchall():
        parent, channel = row["id"], Channel(row["channel"])
        last = row["occasion"] == Occasion.FAILOVER  # there that person's ways end
        if row["lane"] == Lane.URGENT and not (last or row["cancelled"] or row["adopted"]):
            to = NEXT[channel]
            slot = f"{parent}/{channel}/{to}" + (f"/{row['before']}" if row["before"] else "")
            child = notice_id(str(outage_id), Side(row["side"]), Occasion.FAILOVER, slot)
            _move(run, parent, channel, to, child, Occasion.FAILOVER, slot)
        run(
            "update notice_channel set fallen_at = clock_timestamp() where notice_id = %s and channel = %s",
            (parent, channel),
        )


def replay(
    run: Run, outage_id: int, side: Side, parent: str, channels: Sequence[Channel]
) -> tuple[str, dict[Channel, int]]:
    """A child tells whoever the notice failed to reach again, by the same channels; its id and how many it is for.

    Each call makes one of its own; if nobody is left that failed there is none. The caller is alone on the outage.
    """
    row = run("select count(*)::int as n from notice where parent = %s and occasion = 'replay'", (parent,)).fetchone()
    slot = f"{parent}/{row['n'] + 1}"
    child = notice_id(str(outage_id), side, Occasion.REPLAY, slot)
    moved = {channel: _move(run, parent, channel, channel, child, Occasion.REPLAY, slot) for channel in channels}
    return child, {channel: people for channel, people in moved.items() if people}


def _move(run: Run, parent: str, channel: Channel, to: Channel, child: str, occasion: Occasion, slot: str) -> int:
    """Move whoever failed and can be told by the child; how many."""
    values = {
        "parent": parent,
        "from": channel,
        "to": to,
        "child": child,
        "occasion": occasion,
        "slot": slot,
        "most": MOST,
        "told": TOLD,
        "moved": MOVED,
        "failed": FAILED,
        "some_failed": f"[{''.join(FAILED)}]",
        "stopped": STOPPED,
    }
    if not run(LOCK, values).fetchall():  # an answer that comes late waits, and is laid over what is written here
        return 0
    people: int = run(SQL["heirs"], values).fetchone()["people"]
    if people:
        log.info("moved_to_child", notice=parent, channel=channel, child=child, to=to, people=people)
    return people
