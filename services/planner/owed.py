"""Debts in the record: what was owed too long, claimed by one clock at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from forewarn.contracts.policy import Policy
from forewarn.notice import Channel, Lane, Occasion
from forewarn.runtime.postgres import Connection, Database
from services.planner import promises
from services.planner.calm import Calm
from services.planner.calmed import Calmed
from services.planner.control import Control
from services.planner.expand import Body
from services.planner.failures import WAITED_FOR
from services.planner.gate import STOPS_THE_SLOW, TAKES_BACK
from services.planner.ledger import Settled, pulled
from services.planner.outcomes import write
from services.planner.ports import Due
from services.planner.settings import PlannerSettings
from services.planner.standing import NOT_DRAINED, PAUSED, PER_SECOND, PLANNED, rates
from services.planner.stops import Stops
from services.planner.unplanned import AGAIN, MOST, Unplanned
from services.planner.windows import bodies, freshen

SWEEP_DRAINS = 3
"""A batch is not overdue before its lane could have been worked off so many times."""

OVERDUE = """
select b.id, b.lane, w.channel, b.epoch <> c.epoch as lost,
  extract(epoch from clock_timestamp() - b.made_at)::float as age,
  power(2, least(b.sweep_no, 3) + 1) - 1 as times         -- doubling: after 1, 3, 7, then 15 times as long
from batch b join notice_window w on w.id = b.window_id cross join control c
where position('.' in b.outcomes) > 0
  and (b.again_at <= clock_timestamp() or b.epoch <> c.epoch
    and c.epoch_at + %(new_epoch)s * interval '1 s' <= clock_timestamp())
order by b.id limit %(most)s for update of b skip locked
"""

BACKLOG = """
select w.channel, b.lane, sum(length(b.outcomes) - length(replace(b.outcomes, '.', '')))::float as people
from batch b join notice_window w on w.id = b.window_id
where position('.' in b.outcomes) > 0
group by w.channel, b.lane
"""


def _listed(occasions: Iterable[Occasion]) -> str:
    return ", ".join(f"'{occasion}'" for occasion in sorted(occasions))


GATES = f"""
select distinct n.outage_id from notice_channel nc join notice n on n.id = nc.notice_id
where nc.state = 'released' and not ({NOT_DRAINED})
  or nc.state in ('held', 'waiting') and (nc.hold is null or nc.hold_until <= forewarn_now())
    and coalesce(nc.not_before, clock_timestamp()) <= clock_timestamp() and not ({PAUSED})
    and not exists (select from notice a join notice_channel ac on ac.notice_id = a.id
      where a.outage_id = n.outage_id and a.side = n.side and ac.channel = nc.channel and ac.state = 'released'
        and (n.occasion not in ({_listed(STOPS_THE_SLOW)})
            and a.occasion not in ({_listed(TAKES_BACK)}) and a.id is distinct from n.parent
          or exists (select from stop s where s.notice_id = a.id and s.channel = ac.channel)
          or ac.released_at + interval '1 s'
            * greatest(60, 2 * {PLANNED.replace("nc.", "ac.")} / {PER_SECOND.format("ac")}) > clock_timestamp()))
union
select n.outage_id from notice_channel nc join notice n on n.id = nc.notice_id
where nc.state = 'drained' and nc.fallen_at is null and not ({WAITED_FOR})
"""

PROMISES = f"""
with {promises.QUEUES}
select distinct p.outage_id from promise p
join notice_channel nc on nc.notice_id = p.notice_id and nc.channel = p.channel
join outage o on o.id = p.outage_id
where p.state = 'open' and p.due_at < forewarn_now() and {promises.DECIDED}
  or p.state in ('open', 'missed') and o.closed_at is null and {promises.COMING}
"""


@dataclass(frozen=True, slots=True)
class Debts:
    """Finds and claims debts. Claiming sets the moment when the debt is owed again, later each time."""

    database: Database
    settings: PlannerSettings
    policy: Policy
    control: Control
    stops: Stops
    calmed: Calmed
    unplanned: Unplanned

    def plans(self) -> Sequence[int]:
        """Outages with a revision that no plan has seen."""
        return self.unplanned.revised()

    def rungs(self) -> Sequence[int]:
        """Outages of planned work whose next rung is due."""
        return self.unplanned.due()

    def windows(self) -> Sequence[Due]:
        """Windows whose lower ranks are expanded, and that are not published."""
        with self.database.begin() as connection:
            rows = connection.execute(
                f"update notice_window set tries = tries + 1, again_at = {AGAIN} where id in ("
                " select w.id from notice_window w where w.published_at is null and w.again_at <= clock_timestamp()"
                "  and not exists (select from notice_window l where l.notice_id = w.notice_id"
                "   and l.channel = w.channel and l.rank < w.rank and l.expanded_at is null)"
                "  order by w.id limit %(most)s for update skip locked)"
                " returning id, (select lane from notice n where n.id = notice_id) as lane",
                self._patience,
            ).fetchall()
        return [Due(row["id"], Lane(row["lane"])) for row in rows]

    def batches(self) -> Sequence[Body]:
        """Batches open for too long, or of a lost epoch: marks pulled first, then what is still open, a turn later."""
        with self.database.begin() as connection:
            ids = self._overdue(connection)
            if not ids:
                return ()
            rows = connection.execute(
                "update batch set sweep_no = sweep_no + 1, epoch = (select epoch from control),"
                " again_at = clock_timestamp() + least(%(sweep)s, 60) * interval '1 s'"  # a claim; see `swept`
                " where id = any(%(ids)s) returning id, outcomes",
                {**self._patience, "ids": ids},
            ).fetchall()
            for row in rows:
                write(connection, row["id"], pulled(row["outcomes"], self.control.marks(row["id"])))
            freshen(connection, ids)
            return bodies(connection, ids, self.policy)

    def _overdue(self, connection: Connection) -> list[int]:
        """Batches to be swept now, locked. One that its lane cannot have come to yet is put off: its message lives."""
        rows = connection.execute(OVERDUE, self._patience).fetchall()
        if not rows:
            return []
        backlog = connection.execute(BACKLOG).fetchall()
        drains = {
            (row["channel"], row["lane"]): row["people"] / self.policy.delivery.per_second(Channel(row["channel"]))
            for row in backlog
        }
        swept, early = list[int](), dict[int, float]()
        for row in rows:
            due = SWEEP_DRAINS * drains[row["channel"], row["lane"]] * row["times"]
            if row["lost"] or row["age"] >= due:
                swept.append(row["id"])
            else:
                early[row["id"]] = due - row["age"]
        connection.execute(  # and looked at again before that: a lane that is worked off meanwhile needs less patience
            "update batch b set again_at = clock_timestamp() + least(%s, e.seconds) * interval '1 s'"
            " from unnest(%s::bigint[], %s::float[]) as e (id, seconds) where b.id = e.id",
            (self._patience["sweep"], list(early), list(early.values())),
        )
        return swept

    def swept(self, batch_id: int) -> None:
        """A swept batch is published: it is not due again for twice as long as before."""
        with self.database.begin() as connection:
            connection.execute(
                "update batch set again_at = clock_timestamp() + %(sweep)s * power(2, least(sweep_no, 10))"
                " * interval '1 s' where id = %(batch)s",
                {**self._patience, "batch": batch_id},
            )

    def bury(self, batch_id: int, turn: int) -> Settled | None:
        """The last word on a batch whose message became a dead letter; None when a newer copy of it lives."""
        with self.database.begin() as connection:
            row = connection.execute(
                "select outcomes, sweep_no from batch where id = %s for update", (batch_id,)
            ).fetchone()
            if row is None or turn < 1000 * row["sweep_no"]:
                return None
            marks = self.control.bury(batch_id, len(row["outcomes"]), turn)
            return write(connection, batch_id, pulled(row["outcomes"], marks)) if marks else None

    def gates(self) -> Sequence[int]:
        """Outages with a notice that may have drained, may go, should stop what is in the air too long, or is drained
        and has not left whom it failed to reach to a child yet."""
        with self.database.begin() as connection:
            rows = connection.execute(GATES, {"rates": rates(self.policy.delivery)}).fetchall()
        return [row["outage_id"] for row in rows]

    def promises(self) -> Sequence[int]:
        """Outages with a promise that a holding notice must keep now, or whose time has run out."""
        head_start = timedelta(seconds=self.policy.delivery.head_start_seconds)
        lead = promises.lead_parameters(head_start, self.policy.delivery)
        with self.database.begin() as connection:
            rows = connection.execute(PROMISES, lead).fetchall()
        return [row["outage_id"] for row in rows]

    def expired(self) -> Sequence[tuple[str, str]]:
        """Notices whose time in the air is over; they are stopped now."""
        return self.stops.expire()

    def pulls(self) -> Sequence[tuple[str, str]]:
        """Stopped notices whose calls have all ended."""
        return self.stops.due()

    def calm(self) -> Sequence[Calm]:
        """Outages to be settled."""
        return self.calmed.due()

    @property
    def _patience(self) -> dict[str, float]:
        return {
            "debt": self.settings.debt_seconds,
            "longest": self.settings.debt_longest_seconds,
            "sweep": self.settings.sweep_seconds,
            "new_epoch": self.settings.new_epoch_seconds,
            "most": MOST,
        }
