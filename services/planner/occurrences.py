"""Occurrences: the windows of a series, those that are work of their own and the next ones, as they are shown."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from forewarn.contracts.policy import Policy
from forewarn.contracts.record import outage_from_row
from forewarn.contracts.schedule_api import OccurrenceView
from forewarn.outage import Outage, Window
from services.planner.opened import opened, windows_opened
from services.planner.series import LOOKED_AT, NEVER, opens_at, recurrence_of
from services.planner.terms import Terms

Run = Callable[..., Any]


def occurrences(
    run: Run, policy: Policy, series: Outage, terms: Terms, now: datetime, most: int
) -> list[OccurrenceView]:
    """Those opened and not past, by their names, and so many of those that are not opened yet."""
    own = [outage_from_row(row) for row in windows_opened(run, series.name, now)] if series.id is not None else []
    opens = opens_at(series.facts, policy, terms)
    coming = [
        OccurrenceView(start=window.start, end=window.end, opens_at=opens(window))
        for window in to_come(run, policy, series, now, NEVER)[:most]
    ]
    return [*(_view(outage) for outage in own), *coming]


def to_come(run: Run, policy: Policy, series: Outage, now: datetime, before: datetime) -> list[Window]:
    """The next windows that start before a moment and are not work of their own yet, `LOOKED_AT` at most."""
    recurrence = recurrence_of(series, policy)
    if recurrence is None:
        return []
    windows = recurrence.windows(now, before, LOOKED_AT)
    until = max(opened(run, series.name, [window.start for window in windows]), default=None)
    return [window for window in windows if until is None or window.start > until]


def _view(outage: Outage) -> OccurrenceView:
    facts, window = outage.facts, outage.facts.window
    assert window is not None  # it was opened with one, and a window is never unsaid
    end = facts.expected_end or window.end
    return OccurrenceView(
        start=window.start,
        end=end if end > window.start else window.end,
        name=outage.name,
        status="withdrawn" if outage.withdrawn else facts.status,
        tentative=facts.tentative is True,
    )
