"""Verdicts: what a report does to the record, as values that intake writes down."""

from dataclasses import dataclass

from forewarn.outage import Act, Outage
from forewarn.signal import Signal


@dataclass(frozen=True, slots=True)
class Opened:
    """A new outage. `rest`: what is left of the one that it was split from; `moved`: signals that came with it."""

    outage: Outage
    signal: Signal
    rest: Outage | None = None
    moved: tuple[Signal, ...] = ()


@dataclass(frozen=True, slots=True)
class Revised:
    """A new revision. `act` brought it about; `notices` are those it takes back, none meaning all.

    `reason`: what whoever acted should know all the same. `gone`: what became part of it, and is over.
    """

    outage: Outage
    signal: Signal | None
    newsworthy: bool
    act: Act = Act.REPORT
    notices: tuple[str, ...] = ()
    reason: str | None = None
    gone: Outage | None = None


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
