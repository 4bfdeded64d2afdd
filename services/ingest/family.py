"""Incidents that are one in the record: found together, held together, and written as one."""

from collections.abc import Callable, Iterable
from typing import Any

from forewarn.outage import Outage
from forewarn.signal import Signal

Run = Callable[..., Any]
Named = tuple[str, int]
"""Kind and number."""

BOTH = "(kind, number) in ((%s, %s), (%s, %s))"

OF_GROUP = """id = (
  select coalesce(w.id, o.id) from (
    select g.* from outage g where g.source = %(source)s and g.group_key = %(group)s
    union all
    select j.* from joined_group i join outage j on j.id = i.outage_id
    where i.source = %(source)s and i.group_key = %(group)s
  ) o left join outage w on w.kind = o.kind and w.number = o.merged_into
  where not coalesce(w.withdrawn, o.withdrawn)
  order by case when w.id is null then o.closed_at else w.closed_at end desc nulls first, o.id desc limit 1)"""
"""An open one of the group first, else the last that ended; of what was merged, what it is part of."""


def hold(run: Run, one: Named, other: Named) -> None:
    """Hold both alone, in an order that whoever speaks of one of their signals keeps too."""
    run(
        f"select from signal where outage_id in (select id from outage where {BOTH}) order by source, key for update",
        (*one, *other),
    )
    run(f"select from outage where {BOTH} order by id for update", (*one, *other))


def take_in(run: Run, gone: Outage, whole: Outage) -> None:
    """All that is of the one is of the other from now on, also what it had taken in itself."""
    run("update signal set outage_id = %s where outage_id = %s", (whole.id, gone.id))
    run("update joined_group set outage_id = %s where outage_id = %s", (whole.id, gone.id))
    run(
        "update outage set merged_into = %s where kind = %s and merged_into = %s",
        (whole.number, gone.kind, gone.number),
    )


def move(run: Run, signals: Iterable[Signal], outage: Outage) -> None:
    """These signals are of that outage from now on."""
    moved = list(signals)
    run(
        "update signal s set outage_id = %s from unnest(%s::text[], %s::text[]) as m (source, key)"
        " where s.source = m.source and s.key = m.key",
        (outage.id, [signal.source for signal in moved], [signal.key for signal in moved]),
    )
