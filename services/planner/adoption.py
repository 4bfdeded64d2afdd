"""Adoption: the notices of an incident that was merged are those of what it is part of (W10).

Whoever was told of it is told there how it ends, what it promised is kept there, and what is in the air is waited for.
What keeps its notices from leaving keeps the whole's: the news of the merge must reach nobody past a pause.
"""

from collections.abc import Callable
from typing import Any

from forewarn.outage import PREFIX, Kind

Run = Callable[..., Any]

MERGED = """
select m.id from outage o join outage m on m.kind = o.kind and m.merged_into = o.number
where o.id = %s and (exists (select from notice n where n.outage_id = m.id)
  or exists (select from pause p where p.outage_id = m.id and p.lifted_at is null))
order by m.id
"""

WHOLE = """
select w.id from outage o join outage w on w.kind = o.kind and w.number = o.merged_into
where o.id = %s and (exists (select from notice n where n.outage_id = o.id)
  or exists (select from pause p where p.outage_id = o.id and p.lifted_at is null))
"""

END = """
update notice_channel nc set state = 'drained', ended = 'superseded', drained_at = clock_timestamp()
from notice n
where n.id = nc.notice_id and n.outage_id = any(%(merged)s) and nc.state in ('held', 'waiting')
  and n.occasion not in ('correction', 'withdrawn')
"""
"""The merge is news, which reaches whoever was to be told. What takes back is told to the very same people."""

NAME = """
update notice n set names = array(select t.id from notice t where t.outage_id = n.outage_id and t.serial < n.serial)
from notice_channel nc
where nc.notice_id = n.id and nc.state in ('held', 'waiting') and n.outage_id = any(%(merged)s) and n.names = '{}'
  and n.occasion in ('correction', 'withdrawn')
"""

ADOPT = """
with adopted as (
  update notice set outage_id = %(whole)s, merged_from = coalesce(merged_from, outage_id)
  where outage_id = any(%(merged)s) returning id
)
update promise p set outage_id = %(whole)s from adopted a where p.notice_id = a.id
"""

PAUSE = """
update pause set outage_id = %(whole)s, reason = reason || ' (it was of ' || %(incident)s || o.number || ')'
from outage o
where o.id = pause.outage_id and pause.id in (
  select min(p.id) from pause p
  where p.lifted_at is null and p.outage_id = any(%(merged)s) and not exists (select from pause s
    where s.lifted_at is null and s.outage_id = %(whole)s and s.channel is not distinct from p.channel)
  group by p.channel)
"""

UNPAUSE = """
update pause set lifted_at = forewarn_now(), lifted_by = 'forewarn'
where lifted_at is null and outage_id = any(%(merged)s)
"""
"""The same of the whole stands."""


def adopt(run: Run, outage_id: int) -> None:
    """Take over the notices and pauses of what was merged into this outage, or hand its own over to what it is part of.

    The caller is alone on the outage, and has not looked at its notices yet. What a planner that saw it unmerged adds
    to it later is handed over when that falls due.
    """
    whole = run(WHOLE, (outage_id,)).fetchone()
    if whole is not None:
        _take_over(run, whole["id"], [outage_id])
        return
    merged = [row["id"] for row in run(MERGED, (outage_id,)).fetchall()]
    for other in merged:
        run("select pg_advisory_xact_lock(hashtextextended('outage ' || %s, 0))", (str(other),))
    if merged:
        _take_over(run, outage_id, merged)


def _take_over(run: Run, whole: int, merged: list[int]) -> None:
    for statement in (END, NAME, ADOPT, PAUSE, UNPAUSE):
        run(statement, {"whole": whole, "merged": merged, "incident": f"{PREFIX[Kind.INCIDENT]}-"})
