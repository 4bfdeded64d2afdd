"""Outcomes in the record; see `ledger.Outcomes`."""

from datetime import datetime

from forewarn.delivery import overlay
from forewarn.runtime.postgres import Connection, Database
from services.planner.ledger import Settled


class RecordedOutcomes:
    def __init__(self, database: Database) -> None:
        self._database = database

    def lay_over(
        self, batch_id: int, letters: str, first_at: datetime | None, last_at: datetime | None
    ) -> Settled | None:
        with self._database.begin() as connection:
            row = connection.execute("select outcomes from batch where id = %s for update", (batch_id,)).fetchone()
            if row is None:
                return None
            return write(connection, batch_id, overlay(row["outcomes"], letters), first_at, last_at)


def write(
    connection: Connection,
    batch_id: int,
    outcomes: str,
    first_at: datetime | None = None,
    last_at: datetime | None = None,
) -> Settled:
    """Write a batch's letters and widen its times; the caller holds the row."""
    row = connection.execute(
        "update batch b set outcomes = %(outcomes)s, first_at = least(b.first_at, %(first)s),"
        " last_at = greatest(b.last_at, %(last)s) from notice_window w join notice n on n.id = w.notice_id"
        " where b.id = %(batch)s and w.id = b.window_id returning n.outage_id, w.id as window_id",
        {"outcomes": outcomes, "first": first_at, "last": last_at, "batch": batch_id},
    ).fetchone()
    assert row is not None
    still = connection.execute(
        "select exists (select from batch where window_id = %s and position('.' in outcomes) > 0) as open",
        (row["window_id"],),
    ).fetchone()
    assert still is not None
    return Settled(row["outage_id"], not still["open"])
