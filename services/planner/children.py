"""Children: whoever slept through a notice is told the newest facts on waking, by one notice for each moment."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from forewarn.notice import Lane, Occasion, notice_id
from forewarn.runtime.postgres import Connection
from forewarn.subscriber import Side


def add_children(connection: Connection, window_id: int) -> None:
    """For each moment to which positions of this window were moved there is a held child when this commits.

    It is alone on the outage from here to the end of the transaction, as whoever releases a child is: a child either
    sees what was moved to it, or is no longer held and another one is made. The last thing that a freeze does, so
    that it keeps a planner waiting for no longer than a commit.
    """
    rows = connection.execute(
        "select distinct b.wake_at, w.channel, n.outage_id, n.side, n.policy_hash, n.mode, n.test, n.minimums"
        " from batch b join notice_window w on w.id = b.window_id join notice n on n.id = w.notice_id"
        " where w.id = %s and b.wake_at is not null order by b.wake_at",
        (window_id,),
    ).fetchall()
    if not rows:
        return
    connection.execute("set local lock_timeout = '3s'")
    connection.execute(
        "select pg_advisory_xact_lock(hashtextextended('outage ' || %s, 0))", (str(rows[0]["outage_id"]),)
    )
    for row in rows:
        moment: datetime = row["wake_at"].astimezone(UTC)
        if not _held(connection, row, moment.isoformat()):
            _held(connection, row, f"{moment.isoformat()}/{window_id}")


def _held(connection: Connection, moved: Mapping[str, Any], slot: str) -> bool:
    """Whether the child of this slot, made now if there was none, is held; then it is locked."""
    values = {
        **moved,
        "id": notice_id(str(moved["outage_id"]), Side(moved["side"]), Occasion.WAKE, slot),
        "slot": slot,
        "occasion": Occasion.WAKE,
        "lane": Lane.URGENT,
    }
    connection.execute(
        "insert into notice (id, outage_id, side, occasion, slot, lane, made_at, policy_hash, mode, test, minimums)"
        " values (%(id)s, %(outage_id)s, %(side)s, %(occasion)s, %(slot)s, %(lane)s, forewarn_now(), %(policy_hash)s,"
        " %(mode)s, %(test)s, %(minimums)s) on conflict (id) do update set minimums = excluded.minimums"
        "  where excluded.minimums is null and notice.minimums is not null",
        values,
    )
    connection.execute(
        "insert into notice_channel (notice_id, channel, state, hold, hold_until, not_before)"
        " values (%(id)s, %(channel)s, 'held', 'quiet', %(wake_at)s, clock_timestamp()) on conflict do nothing",
        values,
    )
    held = connection.execute(
        "select from notice_channel where notice_id = %(id)s and channel = %(channel)s and state = 'held'"
        " and hold = 'quiet' for update",
        values,
    ).fetchone()
    return held is not None
