"""Verdicts: what a report does to the record, as values that intake writes down."""

from dataclasses import dataclass

from forewarn.outage import Act, Outage
from forewarn.signal import Signal


@dataclass(frozen=True, slots=True)
class Opened:
    outage: Outage
    signal: Signal


@dataclass(frozen=True, slots=True)
class Revised:
    """A new revision. `act` brought it about; `notices` are those it takes back, none meaning all.

    `reason`: what whoever acted should know all the same.
    """

    outage: Outage
    signal: Signal | None
    newsworthy: bool
    act: Act = Act.REPORT
    notices: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """Nothing changes; the signal may still have been heard from."""

    reason: str
    signal: Signal | None = None


@dataclass(frozen=True, slots=True)
class Stale:
    reason: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The report cannot be carried out; the reason says what to do."""

    reason: str


Verdict = Opened | Revised | Repeat | Stale | Rejected
