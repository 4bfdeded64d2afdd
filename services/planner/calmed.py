"""Outages whose alerts are quiet and whose source lives, as the record has them (T18)."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from forewarn.contracts.policy import Episodes
from forewarn.outage import PREFIX, Kind
from forewarn.runtime.postgres import Database
from services.planner.calm import Calm

AGAIN_SECONDS = 5.0
"""An event that changed nothing in so long is published again: its id is the same, it is carried out once."""

SETTLED = """
select o.kind, o.number, o.revision from outage o
where o.closed_at is null and not o.withdrawn
  and o.calm_since <= forewarn_now() - %(settle)s * interval '1 min'
  and coalesce(o.stated ->> 'status', 'monitoring') = 'monitoring'
  and exists (select from event e where e.source = o.source and e.alive
    and e.received_at >= o.calm_since  -- not a second copy of the word that it is over, nor an alert that outlives
      + case when o.alert then %(outlives)s else 1 end * interval '1 min')  -- whoever fired it
order by o.id limit 100
"""


@dataclass(frozen=True, slots=True)
class Calmed:
    """Finds what may be settled; each is handed out at most every few seconds."""

    database: Database
    episodes: Episodes
    clock: Callable[[], float] = time.monotonic
    handed_out: dict[str, float] = field(default_factory=dict)

    def due(self) -> list[Calm]:
        with self.database.begin() as connection:
            asked = {"settle": self.episodes.settle_minutes, "outlives": self.episodes.outlives_minutes}
            rows = connection.execute(SETTLED, asked).fetchall()
        found = [Calm(f"{PREFIX[Kind(row['kind'])]}-{row['number']}", row["revision"]) for row in rows]
        now = self.clock()
        due = [calm for calm in found if now - self.handed_out.get(calm.event_id, -AGAIN_SECONDS) >= AGAIN_SECONDS]
        still = {calm.event_id for calm in found}
        for gone in self.handed_out.keys() - still:
            del self.handed_out[gone]
        self.handed_out.update({calm.event_id: now for calm in due})
        return due
