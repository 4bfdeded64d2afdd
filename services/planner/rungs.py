"""Rungs of planned work: which notices a maintenance wants, and when each must leave (T1, T4, T5, T8).

Pure: the same work and the same leads want the same rungs, whatever was said in between. What was told is known by its
slot, which holds the moment that it was for: moved work has new slots, work that is moved back has the old ones.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile

from forewarn.lead import Lead
from forewarn.notice import Lane, Occasion, lane_of
from forewarn.outage import Window
from forewarn.subscriber import Side

LEAD_SECONDS = 60
"""So long before its moment the last recipient should have been told (T1)."""

LONG_WINDOW = timedelta(hours=1)
"""Work that lasts so long is told of on its way (T4)."""

Before = Callable[[datetime, Lead], datetime]
"""The moment that lies a lead before another, on the organiser's calendar and wall clock."""


@dataclass(frozen=True, slots=True)
class Work:
    """Planned work as it stands. `end` is the end expected now, at first that of the window; `percent` those of T4."""

    window: Window
    leads: Sequence[Lead]
    percent: Sequence[int] = (25, 50, 75)
    extended_to: datetime | None = None

    @property
    def end(self) -> datetime:
        return self.extended_to or self.window.end


@dataclass(frozen=True, slots=True)
class Rung:
    """One notice that is wanted for a moment. It leaves early enough for the last recipient, and lapses at `until`."""

    occasion: Occasion
    slot: str
    moment: datetime
    leaves: datetime
    until: datetime

    def lane(self, side: Side) -> Lane:
        return lane_of(self.occasion, side)


class Fate(StrEnum):
    """What becomes of a rung: it waits for its moment, is told now, is told by a later one, or came too late."""

    WAITS = "waits"
    NOW = "now"
    COMPRESSED = "compressed"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Placed:
    """A rung and its fate. `short`: it is told later than it should have been, and says so (T8, T11)."""

    rung: Rung
    fate: Fate
    short: bool = False


def rungs(work: Work, before: Before, drain: timedelta) -> tuple[Rung, ...]:
    """Every notice of the work from the first reminder to the planned end, in order; `drain`: how long one takes."""
    start, end = work.window.start, work.end
    made = [_rung(Occasion.REMINDER, str(lead), before(start, lead), start, drain, start) for lead in work.leads]
    made.append(_rung(Occasion.STARTING, "start", start, start, drain, end))
    if work.window.end - start >= LONG_WINDOW:
        made += [_rung(Occasion.PROGRESS, f"{p}%", _part(work.window, p), start, drain, end) for p in work.percent]
    made.append(_rung(Occasion.OVERRUN, "end", end, end, drain, end + timedelta(days=1)))
    return tuple(sorted(made, key=lambda rung: rung.moment))


def placed(wanted: Iterable[Rung], told: Collection[str], known_since: datetime, now: datetime) -> tuple[Placed, ...]:
    """What becomes of each rung that was not told: of those whose time has come, the newest is told for all of them.

    Nothing is dropped in silence: every rung but those told has a fate. `known_since`: when the work was heard of, or
    moved to where it is; a rung whose time had passed by then is short notice, one that we let pass is only late.
    """
    due = [rung for rung in wanted if rung.slot not in told]
    passed = list(takewhile(lambda rung: rung.leaves <= now, due))
    living = [rung for rung in passed if now < rung.until]
    short = any(rung.leaves < known_since for rung in passed)
    out = [Placed(rung, Fate.COMPRESSED if living else Fate.LAPSED) for rung in passed if rung not in living[-1:]]
    out += [Placed(rung, Fate.NOW, short) for rung in living[-1:]]
    return tuple(out) + tuple(Placed(rung, Fate.WAITS) for rung in due[len(passed) :])


def _rung(occasion: Occasion, name: str, moment: datetime, of: datetime, drain: timedelta, until: datetime) -> Rung:
    leaves = moment - drain - timedelta(seconds=LEAD_SECONDS)
    return Rung(occasion, f"{name}@{of.isoformat()}", moment, leaves, until)


def _part(window: Window, percent: int) -> datetime:
    return window.start + (window.end - window.start) * percent / 100
