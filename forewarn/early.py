"""Early: what nobody can say yet of planned work that has not begun."""

from forewarn.outage import BEGUN, OVER, Facts, Kind, Outage, Status, Window
from forewarn.signal import Report


def early_refusal(report: Report, outage: Outage | None) -> str | None:
    """Why it cannot be said yet, and what to say instead. A machine's word is the plan's own."""
    kind, facts = (outage.kind, outage.facts) if outage is not None else (report.kind, Facts())
    window = report.facts.window or facts.window
    if not report.person or kind is not Kind.MAINTENANCE or window is None:
        return None
    if outage is not None:
        return _ends_too_soon(report, outage, window) or _done_too_soon(report, outage, window)
    if report.facts.status is not Status.COMPLETED or window.start <= report.received_at:
        return None
    return f"what begins at {_utc(window)} is not completed yet; plan it without a status"


def _ends_too_soon(report: Report, outage: Outage, window: Window) -> str | None:
    """Nothing ends before it begins: a time of day was meant for another day."""
    ends, status = report.facts.expected_end, report.facts.status or outage.facts.status
    if ends is None or ends > window.start or not outage.open or status in BEGUN | OVER:
        return None
    return (
        f"{outage.name} begins at {_utc(window)}, so it does not end at {ends:%Y-%m-%d %H:%M} UTC;"
        f" say the day too, or call it off: `forewarn maintenance cancel {outage.name}`"
    )


def _done_too_soon(report: Report, outage: Outage, window: Window) -> str | None:
    """By the record it has not begun, so neither all of it is done nor a part. A series has no begin of its own."""
    said = report.facts
    done = said.status is Status.COMPLETED or (said.status is None and said.tasks is not None)
    begun = outage.facts.status in BEGUN | {Status.COMPLETED} or window.start <= report.received_at
    if not done or begun or outage.recurs:
        return None
    verb = "forewarn maintenance"
    return (
        f"{outage.name} begins at {_utc(window)}, and nobody said that it has begun;"
        f" if it has, say so first: `{verb} start {outage.name}`; to call it off: `{verb} cancel {outage.name}`"
    )


def _utc(window: Window) -> str:
    return f"{window.start:%Y-%m-%d %H:%M} UTC"
