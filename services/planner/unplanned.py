"""Outages that must be planned: a revision that no plan has seen, or a rung of planned work that is due."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from forewarn.runtime.postgres import Connection, Database

MOST = 200
"""Debts of a kind that one tick takes on."""

AGAIN = "clock_timestamp() + least(%(debt)s * power(2, tries + 1), %(longest)s) * interval '1 s'"

WHOLE_SECONDS = 60.0
"""So often all outages are looked at; in between, those revised in the last `FRESH`. A million rungs to come belong to
so many outages that a look at all of them takes 70 ms."""
FRESH, EVER = timedelta(minutes=10), timedelta(days=36_500)

REVISED = f"""
insert into plan (outage_id, planned_revision, tries, again_at)
select o.id, 0, 1, clock_timestamp() + %(debt)s * interval '1 s' from outage o
left join plan p on p.outage_id = o.id where o.revision > coalesce(p.planned_revision, 0)
  and greatest(o.revised_at + %(debt)s * interval '1 s', p.again_at) <= clock_timestamp()
  and o.revised_at > %(since)s
limit %(most)s
on conflict (outage_id) do update set tries = plan.tries + 1, again_at = {AGAIN.replace("tries", "plan.tries")}
returning outage_id
"""

DUE = f"""
update plan set tries = tries + 1, again_at = {AGAIN} where outage_id in (
  select outage_id from plan
  where (due_at <= forewarn_now() or look_at <= forewarn_now()) and (again_at is null or again_at <= clock_timestamp())
  order by due_at limit %(most)s for update skip locked)
returning outage_id
"""


@dataclass(slots=True)
class Unplanned:
    """Finds and claims them: each is due again later each time, until a plan has gone through."""

    database: Database
    debt_seconds: float
    longest_seconds: float
    clock: Callable[[], float] = time.monotonic
    _whole_at: float = field(default=float("-inf"), init=False)

    def revised(self) -> Sequence[int]:
        """Outages with a revision that no plan has seen."""
        now = self.clock()
        whole = now - self._whole_at >= WHOLE_SECONDS
        with self.database.begin() as connection:
            since = connection.execute("select clock_timestamp() - %s as since", (EVER if whole else FRESH,)).fetchone()
            assert since is not None  # a parameter, not a part of the statement: so the index is used
            found = self._claimed(connection, REVISED, **since)
        if whole and len(found) < MOST:
            self._whole_at = now
        return found

    def due(self) -> Sequence[int]:
        """Outages of planned work whose next rung is due, or that nobody looked at for an hour."""
        with self.database.begin() as connection:
            return self._claimed(connection, DUE)

    def _claimed(self, connection: Connection, statement: str, **asked: object) -> Sequence[int]:
        known = {"debt": self.debt_seconds, "longest": self.longest_seconds, "most": MOST}
        return [row["outage_id"] for row in connection.execute(statement, known | asked).fetchall()]
