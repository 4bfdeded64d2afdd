"""Rungs of planned work: which notices a maintenance wants, and when each must leave (T1, T4, T5, T8).

Pure: the same work, leads and moment want the same rungs, whatever was said in between. What was told is known by its
slot, which holds the moment that it was for: moved work has new slots, work that is moved back has the old ones.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile

from forewarn.lead import Lead
from forewarn.notice import Occasion
from forewarn.outage import Tasks, Window

LEAD_SECONDS = 60
"""So long before its moment the last recipient should have been told (T1)."""

LONG_WINDOW = timedelta(hours=1)
"""Work that lasts so long is told of on its way (T4)."""

LATE = timedelta(minutes=1)
"""A notice so long after its moment says that it comes late."""

Before = Callable[[datetime, Lead], datetime]
"""The moment that lies a lead before another, on the calendars that count and the organiser's wall clock."""


@dataclass(frozen=True, slots=True)
class Work:
    """Planned work as it stands. `end` is the end expected now, at first that of the window; `percent` those of T4.

    `started`: somebody said so; by the clock alone nothing is told as begun. `tasks` count before time, if there are.
    `minimums`: each that an account asks for which it touches.
    """

    window: Window
    leads: Sequence[Lead]
    percent: Sequence[int] = (25, 50, 75)
    extended_to: datetime | None = None
    started: bool = False
    tasks: Tasks | None = None
    minimums: Sequence[Lead] = ()

    @property
    def end(self) -> datetime:
        return self.extended_to or self.window.end


@dataclass(frozen=True, slots=True)
class Rung:
    """One notice that is wanted for a moment. It leaves early enough for the last recipient, and lapses at `until`.

    `minimums`: of customers it is for accounts with one of these minimum notices alone; None: for everybody.
    """

    occasion: Occasion
    slot: str
    moment: datetime
    leaves: datetime
    until: datetime
    minimums: tuple[str, ...] | None = None


class Fate(StrEnum):
    """What becomes of a rung: it waits for its moment, is told now, is told by a later one, or came too late."""

    WAITS = "waits"
    NOW = "now"
    COMPRESSED = "compressed"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Placed:
    """A rung and its fate. `short`: a reminder that was due before the work was known, or was moved to where it is.
    `late`: its moment has passed, though the work was known (T8, T11)."""

    rung: Rung
    fate: Fate
    short: bool = False
    late: bool = False


def rungs(work: Work, before: Before, drain: timedelta, now: datetime) -> tuple[Rung, ...]:
    """Every notice of the work from the first reminder to the planned end, in order; `drain`: how long one takes."""
    start, end = work.window.start, work.end
    made = [_rung(Occasion.REMINDER, str(lead), before(start, lead), start, drain, start) for lead in work.leads]
    made += _of_minimums(work, before, drain, min((rung.moment for rung in made), default=start))
    made.append(_rung(Occasion.STARTING, "start", start, start, drain, end))
    if work.started:
        made = [replace(rung, leaves=min(rung.leaves, now), until=_until(rung, now)) for rung in made]
    if work.window.end - start >= LONG_WINDOW:
        made += [_on_its_way(work, percent, drain, now) for percent in work.percent]
    late = _rung(Occasion.OVERRUN, "end", end, end, drain, end + timedelta(days=1))
    made.append(replace(late, leaves=max(late.leaves, start + (end - start) / 2)))  # never before it begins
    return tuple(sorted(made, key=lambda rung: (rung.leaves, rung.moment)))


def placed(wanted: Iterable[Rung], told: Collection[str], known_since: datetime, now: datetime) -> tuple[Placed, ...]:
    """What becomes of each rung that was not told: of those whose time has come, the newest is told for all of them.

    Nothing is dropped in silence: every rung but those told has a fate. `known_since`: when the work was heard of, or
    moved to where it is. A reminder for some accounts that comes up after a later one told everybody is none.
    """
    wanted = tuple(wanted)
    heard = max((rung.leaves for rung in wanted if rung.slot in told and rung.minimums is None), default=None)
    due = [rung for rung in wanted if rung.slot not in told and not (rung.minimums and heard and rung.leaves <= heard)]
    passed = list(takewhile(lambda rung: rung.leaves <= now, due))
    living = [rung for rung in passed if now < rung.until][-1:]
    out = list[Placed]()
    for rung in passed:
        fate = Fate.NOW if rung in living else Fate.COMPRESSED if living else Fate.LAPSED
        unknown = rung.leaves < known_since
        short = unknown and rung.occasion is Occasion.REMINDER
        out.append(Placed(rung, fate, short, late=not unknown and now > rung.moment + LATE))
    return tuple(out) + tuple(Placed(rung, Fate.WAITS) for rung in due[len(passed) :])


def _of_minimums(work: Work, before: Before, drain: timedelta, first: datetime) -> Iterator[Rung]:
    """One reminder more for each minimum notice that asks for one before everybody's `first`.

    It is for accounts with a longer minimum too: so whoever a reminder was to reach, the next one reaches.
    """
    start = work.window.start
    moments = {lead: before(start, lead) for lead in work.minimums}
    for lead, moment in moments.items():
        if moment < first:
            rung = _rung(Occasion.REMINDER, str(lead), moment, start, drain, start)
            yield replace(rung, minimums=tuple(sorted(str(each) for each in moments if moments[each] <= moment)))


def _until(rung: Rung, now: datetime) -> datetime:
    """What was to be told before a start is not told after it."""
    return min(rung.until, now) if rung.occasion is Occasion.REMINDER else rung.until


def _on_its_way(work: Work, percent: int, drain: timedelta, now: datetime) -> Rung:
    """By completed tasks where there are, else by time; not before somebody said that it has begun (M9)."""
    start, end = work.window.start, work.window.end
    rung = _rung(Occasion.PROGRESS, f"{percent}%", start + (end - start) * percent / 100, start, drain, work.end)
    if work.tasks is not None and work.started:
        reached = 100 * work.tasks.done >= percent * work.tasks.total
        return replace(rung, moment=now, leaves=now) if reached else replace(rung, leaves=rung.until)
    return rung if work.started else replace(rung, leaves=rung.until)


def _rung(occasion: Occasion, name: str, moment: datetime, of: datetime, drain: timedelta, until: datetime) -> Rung:
    leaves = moment - drain - timedelta(seconds=LEAD_SECONDS)
    return Rung(occasion, f"{name}@{of.isoformat()}", moment, leaves, until)
