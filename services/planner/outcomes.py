"""Outcomes in the record; see `ledger.Outcomes`."""

from datetime import UTC, datetime

from forewarn.delivery import overlay
from forewarn.runtime.postgres import Connection, Database
from services.planner.ledger import Settled
from services.planner.metrics import SETTLE_LAG
from services.planner.uncalled import DEAD, count_buried

WRITE = (  # one statement: planning and asking again cost as much as the update; it sees the row as it was before
    "with this as (update batch set outcomes = %(outcomes)s, first_at = least(first_at, %(first)s),"
    "  last_at = greatest(last_at, %(last)s) where id = %(batch)s returning window_id)"
    " select n.outage_id, position('.' in %(outcomes)s) > 0 or exists (select from batch b"
    "  where b.window_id = w.id and b.id <> %(batch)s and position('.' in b.outcomes) > 0) as open"
    " from this t join notice_window w on w.id = t.window_id join notice n on n.id = w.notice_id"
)


class RecordedOutcomes:
    def __init__(self, database: Database) -> None:
        self._database = database

    def lay_over(
        self, batch_id: int, letters: str, first_at: datetime | None, last_at: datetime | None
    ) -> Settled | None:
        with self._database.begin() as connection:
            connection.execute("set local plan_cache_mode = auto")  # by keys only: planning cost more than the rest
            row = connection.execute("select outcomes from batch where id = %s for update", (batch_id,)).fetchone()
            if row is None:
                return None
            settled = write(connection, batch_id, overlay(row["outcomes"], letters), first_at, last_at)
        if last_at is not None:
            SETTLE_LAG.observe(max(0.0, (datetime.now(UTC) - last_at).total_seconds()))
        return settled


def write(
    connection: Connection,
    batch_id: int,
    outcomes: str,
    first_at: datetime | None = None,
    last_at: datetime | None = None,
) -> Settled:
    """Write a batch's letters and widen its times; the caller holds the row."""
    if DEAD in outcomes:
        count_buried(connection, batch_id, outcomes.count(DEAD))
    values = {"outcomes": outcomes, "first": first_at, "last": last_at, "batch": batch_id}
    row = connection.execute(WRITE, values).fetchone()
    assert row is not None
    return Settled(row["outage_id"], not row["open"])
