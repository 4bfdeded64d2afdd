"""Opened: the windows of a series that are work of their own, as the record has them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from services.planner.series import key_of

Run = Callable[..., Any]

CLOCK = "forewarn"
"""The source of what our own clock says."""

OPENED = """
select s.key from signal s where s.source = %(clock)s and s.key = any(%(keys)s)
union
select s.key from outage o join signal s on s.outage_id = o.id and s.source = %(clock)s
where o.kind = 'maintenance' and o.closed_at is null and o.stated ->> 'series' = %(series)s
"""
"""By its key whatever became of it since; and those not over, by whatever rule they were opened."""

NAMED = """
select o.* from outage o where o.kind = 'maintenance' and o.stated ->> 'series' = %(series)s
  and (o.closed_at is null or (o.stated #>> '{window,end}')::timestamptz > %(now)s)
order by (o.stated #>> '{window,start}')::timestamptz, o.id limit 100
"""


def opened(run: Run, series: str, starts: Iterable[datetime]) -> frozenset[datetime]:
    """The starts at which it was opened: of these, and of those whose work is not over."""
    prefix = key_of(series)
    keys = [f"{prefix}{start.astimezone(UTC).isoformat()}" for start in starts]
    rows = run(OPENED, {"clock": CLOCK, "keys": keys, "series": series}).fetchall()
    return frozenset(_start(row["key"], prefix) for row in rows)


def windows_opened(run: Run, series: str, now: datetime) -> Sequence[Mapping[str, Any]]:
    """Rows of the table `outage` for the windows of the series that are work of their own and not past."""
    rows: Sequence[Mapping[str, Any]] = run(NAMED, {"series": series, "now": now}).fetchall()
    return rows


def _start(key: str, prefix: str) -> datetime:
    return datetime.fromisoformat(key.removeprefix(prefix))
