"""What a person should decide about an outage, in one line with the command that does it."""

from datetime import datetime, timedelta

from forewarn.notice import Hold
from forewarn.outage import Outage, Release, Status

UNTIL_SOMEBODY = {
    Hold.PERSON: "customers are not told until somebody releases it",
    Hold.STORM: "the storm brake holds it, and customers are not told until somebody releases it",
}

NEAR = timedelta(days=7)
"""So long before a window of a series a person is asked of it, each time somebody looks."""


def asks_of(
    outage: Outage, held: tuple[Hold, datetime | None] | None, heard_outside: bool, source_silent: bool, now: datetime
) -> str | None:
    """None when there is nothing to decide.

    `held`: what holds the newest notice to customers, and until when; `source_silent`: the calm has lasted, and
    nothing since shows that its source lives, so nobody but a person can say that it is over (T18).
    """
    if not outage.open:
        return None
    asked = []
    if held is not None and outage.release is Release.HELD and not heard_outside:
        asked.append(_of_hold(outage, *held))
    if source_silent and outage.calm_since is not None:
        asked.append(
            f"monitoring is calm since {outage.calm_since:%H:%M} UTC but nothing since shows that"
            f" {outage.source} lives: is it over? forewarn incident resolve {outage.name}"
        )
    if _undecided(outage, now):
        todo = f"forewarn maintenance confirm {outage.name}, or cancel {outage.name}"
        asked.append(f"a window of {outage.facts.series}: will it be used, and for what? {todo}")
    return "; ".join(asked) or None


def _undecided(outage: Outage, now: datetime) -> bool:
    """Whether a window of a series is near, and nobody said that it is used (T10)."""
    facts = outage.facts
    waits = facts.series is not None and facts.tentative is True and facts.status is Status.SCHEDULED
    return waits and facts.window is not None and facts.window.start - now <= NEAR


def may_hear(outage: Outage, heard_outside: bool) -> Release:
    """Whether customers may hear: once they have heard, they hear the rest too."""
    return Release.RELEASED if heard_outside else outage.release


def _of_hold(outage: Outage, hold: Hold, until: datetime | None) -> str:
    if hold is Hold.AFTER and until is not None:
        return (
            f"customers are told at {until:%H:%M:%S} UTC unless somebody dismisses it:"
            f" forewarn incident dismiss {outage.name}"
        )
    return f"{UNTIL_SOMEBODY.get(hold, UNTIL_SOMEBODY[Hold.PERSON])}: forewarn incident release {outage.name}"
