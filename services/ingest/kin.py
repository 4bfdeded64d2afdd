"""Kin: what a machine's new signal may be a sibling of, found by one transaction of its source at a time (W10)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from forewarn.component import Dependency
from forewarn.contracts.record import outage_from_row
from forewarn.revise import Known
from forewarn.sibling import may_join
from forewarn.signal import Report

Run = Callable[..., Any]

FIRING = """
select count(*)::int as n from signal
where source = %s and key = any(%s) and outage_id is not null and (state ->> 'firing')::boolean
"""

ALONE = "select pg_advisory_xact_lock(hashtextextended('siblings of ' || %s, 0))"
"""Taken before every other lock of the transaction: nobody who waits for it has anything that its holder needs."""

RECENT = """
select * from outage
where source = %(source)s and kind = 'incident' and closed_at is null and not withdrawn and test = %(test)s
  and opened_at > %(began)s - %(within)s and opened_at < %(began)s + %(within)s
order by id for update
"""

NOTE_GROUP = """
insert into joined_group (source, group_key, outage_id) values (%s, %s, %s)
on conflict (source, group_key) do update set outage_id = excluded.outage_id
"""


def alone_on(run: Run, reports: Sequence[Report]) -> set[str]:
    """The source of these reports, held alone, if one of them is of a signal that does not fire yet."""
    new = [report for report in reports if may_join(report)]
    if not new:
        return set()
    source, keys = new[0].source, {report.key for report in new}
    if run(FIRING, (source, list(keys))).fetchone()["n"] == len(keys):
        return set()
    run(ALONE, (source,))
    return {source}


def with_recent(run: Run, report: Report, known: Known, within: timedelta) -> Known:
    """What is known, with the source's incidents that began when the report did, and what needs what."""
    asked = {"source": report.source, "test": report.test, "began": report.began, "within": within}
    rows = run(RECENT, asked).fetchall()
    if not rows:
        return known
    needs = run("select component_key, needs from dependency where hard").fetchall()
    return replace(
        known,
        recent=tuple(map(outage_from_row, rows)),
        dependencies=tuple(Dependency(need["component_key"], need["needs"]) for need in needs),
    )
