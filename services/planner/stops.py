"""Stops: once all calls of a stopped notice have ended, every position that is left gets its last letter."""

from collections.abc import Sequence
from dataclasses import dataclass

from forewarn.contracts.policy import Policy
from forewarn.delivery import Reason, letter_of, overlay
from forewarn.runtime.logs import logger
from forewarn.runtime.postgres import Connection, Database
from services.planner.control import Control
from services.planner.expand import Windows
from services.planner.standing import NOT_DRAINED
from services.planner.uncalled import count

log = logger(__name__)

CHUNK = 200
"""Batches ended in one transaction, 100,000 positions: no row is held long."""

MOST = 50
"""Stops that one look takes on."""

OPEN_BATCHES = """
select b.id, b.outcomes from notice_window w join batch b on b.window_id = w.id
where w.notice_id = %s and w.channel = %s and position('.' in b.outcomes) > 0
order by b.id limit %s for update of b
"""

EXPIRED = f"""
insert into stop (notice_id, channel, reason)
select nc.notice_id, nc.channel, '{Reason.EXPIRED}' from notice_channel nc
where nc.state = 'released' and nc.expires_at <= clock_timestamp() and ({NOT_DRAINED})
  and not exists (select from stop s where s.notice_id = nc.notice_id and s.channel = nc.channel)
on conflict do nothing
returning notice_id, channel, (select n.outage_id from notice n where n.id = notice_id)
"""

PULLED = """
update stop s set pulled_at = clock_timestamp()
where s.notice_id = %(notice)s and s.channel = %(channel)s and s.pulled_at is null
  and not exists (select from notice_window w where w.notice_id = s.notice_id and w.channel = s.channel
    and (w.expanded_at is null
      or exists (select from batch b where b.window_id = w.id and position('.' in b.outcomes) > 0)))
returning (select n.outage_id from notice n where n.id = s.notice_id)
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """So many batches, which have no open position any more, and so many people in them that got the stop's letter."""

    batches: int
    people: int


@dataclass(frozen=True, slots=True)
class Stops:
    """Pulls what was stopped. Real time: `pull_seconds` after a snapshot with the stop stood, no call is in the air."""

    database: Database
    control: Control
    policy: Policy
    windows: Windows
    pull_seconds: float

    def expire(self) -> Sequence[tuple[str, str]]:
        """Stop what is in the air beyond its time: nobody more is called, and whoever is left gets a last letter."""
        with self.database.begin() as connection:
            rows = connection.execute(EXPIRED).fetchall()
        for row in rows:
            log.warning("notice_expired", notice=row["notice_id"], channel=row["channel"], outage=row["outage_id"])
        return tuple((row["notice_id"], row["channel"]) for row in rows)

    def due(self) -> Sequence[tuple[str, str]]:
        """Notices and channels to be pulled, those first that were stopped first."""
        with self.database.begin() as connection:
            rows = connection.execute(
                "select notice_id, channel from stop where pulled_at is null"
                " and confirmed_at + %s * interval '1 s' <= clock_timestamp() order by at limit %s",
                (self.pull_seconds, MOST),
            ).fetchall()
        return tuple((row["notice_id"], row["channel"]) for row in rows)

    def pull(self, notice_id: str, channel: str) -> int | None:
        """End every position that is left; the outage, or None: another has pulled it, or it is not all frozen yet.

        Each step may be repeated and shared with another clock: letters that stand are never changed.
        """
        with self.database.begin() as connection:
            stop = connection.execute(
                "select s.reason, n.test from stop s join notice n on n.id = s.notice_id"
                " where s.notice_id = %s and s.channel = %s and s.pulled_at is null",
                (notice_id, channel),
            ).fetchone()
        if stop is None:
            return None
        self._freeze_all(notice_id, channel)
        ended, letter = 0, letter_of(Reason(stop["reason"]))
        while (some := self._end_some(notice_id, channel, letter)) is not None:
            ended += some.batches
            if not stop["test"]:
                count(channel, letter * some.people)
        with self.database.begin() as connection:
            row = connection.execute(PULLED, {"notice": notice_id, "channel": channel}).fetchone()
        if row is None:
            return None
        log.info("notice_pulled", notice=notice_id, outage=row["outage_id"], reason=stop["reason"], batches=ended)
        outage_id: int = row["outage_id"]
        return outage_id

    def _freeze_all(self, notice_id: str, channel: str) -> None:
        """Windows that are left are frozen with the stop's letter, so that everybody has a place, and tell nobody.

        One that another worker has in hand is left to it, and those after it too, for a later rank takes in whoever
        has no place yet: the stop stays due.
        """
        with self.database.begin() as connection:
            rows = connection.execute(
                "select id from notice_window where notice_id = %s and channel = %s and published_at is null"
                " order by rank, lo",
                (notice_id, channel),
            ).fetchall()
        for row in rows:
            if self.windows.freeze(row["id"]) is None:
                return
            self.windows.published(row["id"])

    def _end_some(self, notice_id: str, channel: str, letter: str) -> Ended | None:
        """End one chunk of open batches under their locks, first in Redis, then in the record; None if none is left."""
        with self.database.begin() as connection:
            connection.execute("set local lock_timeout = '3s'")  # a hung transaction must not hang every clock
            rows = connection.execute(OPEN_BATCHES, (notice_id, channel, CHUNK)).fetchall()
            if not rows:
                return None
            marks = self.control.end({row["id"]: len(row["outcomes"]) for row in rows}, letter)
            ended = {row["id"]: overlay(row["outcomes"], marks[row["id"]]) for row in rows}
            _write(connection, ended)
        before = sum(row["outcomes"].count(letter) for row in rows)
        return Ended(len(rows), sum(letters.count(letter) for letters in ended.values()) - before)


def _write(connection: Connection, outcomes: dict[int, str]) -> None:
    connection.execute(
        "update batch b set outcomes = o.outcomes from unnest(%s::bigint[], %s::text[]) as o (id, outcomes)"
        " where b.id = o.id",
        (list(outcomes), list(outcomes.values())),
    )
