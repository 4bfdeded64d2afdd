"""Series: planned work that recurs. Nobody is told of it, but of each of its windows as work of its own (T10)."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from forewarn.outage import Facts, Kind, Outage, Status
from forewarn.recurrence import Recurrence
from forewarn.recurrence_rule import BadRule
from forewarn.signal import Report, Signal, signal_after
from forewarn.verdict import Opened, Repeat

OF_ITSELF = ("status", "window", "recurrence", "zone", "expected_end", "next_update_at", "tasks", "tentative", "note")
"""Facts of a series that are not those of its windows."""

OF_ONE_WINDOW = {Status.IN_PROGRESS: "start", Status.VERIFYING: "start", Status.COMPLETED: "complete"}


def occurrence(report: Report, signal: Signal | None, series: Outage) -> Opened | Repeat:
    """The window that our own clock opens: what it says, laid over the facts of the series; tentative at first.

    `signal`: that of this window. It is there once the window was opened, whoever saw it and at whatever revision.
    """
    reason = _unopened(report, signal, series)
    if reason is not None:
        return Repeat(reason)
    own = replace(report.facts, status=Status.SCHEDULED, tentative=True, series=series.name)
    opened = Outage(
        kind=Kind.MAINTENANCE,
        source=series.source,
        opened_at=report.received_at,
        observed=series.observed.without(OF_ITSELF),
        stated=own.laid_over(series.stated.without(OF_ITSELF)),
        by_person=series.by_person,
        test=series.test,
        release=series.release,
        alert=series.alert,
    )
    return Opened(opened, signal_after(report, None))


def refusal(before: Outage | None, after: Outage, zone: ZoneInfo) -> str | None:
    """Why a series cannot be like that; None for one that can, and for all that is none."""
    rule, window = after.facts.recurrence, after.facts.window
    if rule is None:
        return None
    if after.kind is not Kind.MAINTENANCE:
        return f"only planned work recurs, and {after.name} is none"
    if before is not None and not before.recurs:
        return f"{before.name} is one window; plan one that recurs with `forewarn maintenance plan --repeat`"
    wrong = _of_one_window(after)
    if wrong is not None or _same(before, after) or window is None:
        return wrong
    try:
        Recurrence(rule, window, zone)
    except BadRule as bad:
        return f"recurrence: {bad}, by the clock of {zone.key}"
    return None


def by_its_clock(before: Outage | None, after: Outage, zone: ZoneInfo) -> Outage:
    """The series with the zone that it recurs in: the one of when its times were said, and not of each policy later."""
    kept = before.facts.zone if before is not None and _same(before, after) else None
    return replace(after, stated=replace(after.stated, zone=kept or zone.key))


def _of_one_window(series: Outage) -> str | None:
    """Why what is said of a series is to be said of one of its windows."""
    verb = OF_ONE_WINDOW.get(series.facts.status) if series.facts.status else None
    if verb is None and series.facts.tentative is not None:
        verb = "confirm"
    name = series.name if series.number else "it"
    todo = f"{verb} one of its windows: `forewarn maintenance list` names them"
    return None if verb is None else f"{name} is a series, and its windows are tentative until confirmed; {todo}"


def _same(before: Outage | None, after: Outage) -> bool:
    """Whether it recurs as before: what was taken once is not refused by another zone of the policy later."""
    return before is not None and _times(before.facts) == _times(after.facts)


def _times(facts: Facts) -> object:
    return facts.recurrence, facts.window


def _unopened(report: Report, signal: Signal | None, series: Outage) -> str | None:
    if signal is not None:
        return f"this window of {series.name} is opened already"
    if not series.open or not series.recurs:
        return f"{series.name} does not recur any more"
    if series.revision != report.from_revision:
        return f"{series.name} is at revision {series.revision}, the clock saw {report.from_revision}"
    return None
