"""Rungs of planned work: which notices a maintenance wants, and when each must leave (T1, T4, T5, T8).

Pure: the same work, leads and moment want the same rungs, whatever was said in between. What was told is known by its
slot, which holds the moment that it was for: moved work has new slots, work that is moved back has the old ones.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import count, takewhile
from math import ceil

from forewarn.lead import Lead
from forewarn.notice import Occasion
from forewarn.outage import Tasks, Window

LEAD_SECONDS = 60
"""So long before its moment the last recipient should have been told (T1)."""

LONG_WINDOW = timedelta(hours=1)
"""Work that lasts so long is told of on its way (T4)."""

MOST_ON_ITS_WAY = 12
"""So many notices by the minute a window has at most: of a longer one they are further apart (W10)."""

BESIDE = timedelta(hours=12)
"""A reminder of what readers must do that is so near to another reminder, or to the start, is left to that (W10)."""

OWN = "+"
"""After the lead of a reminder for some accounts: it is another than everybody's of that lead."""

LATE = timedelta(minutes=1)
"""A notice so long after its moment says that it comes late."""

Before = Callable[[datetime, Lead], datetime]
"""The moment that lies a lead before another, on the calendars that count and the organiser's wall clock."""


@dataclass(frozen=True, slots=True)
class Work:
    """Planned work as it stands. `end` is the end expected now, at first that of the window; `percent` those of T4.

    `started`: somebody said so; by the clock alone nothing is told as begun. `tasks` count before time, if there are.
    `every`: where it is told on its way by the minute, not by percent. `deadline`: by when readers must act (M10).
    `minimums`: each that an account asks for which it touches.
    """

    window: Window
    leads: Sequence[Lead]
    percent: Sequence[int] = (25, 50, 75)
    extended_to: datetime | None = None
    started: bool = False
    tasks: Tasks | None = None
    every: timedelta | None = None
    deadline: datetime | None = None
    deadline_leads: Sequence[Lead] = ()
    minimums: Sequence[Lead] = ()

    @property
    def end(self) -> datetime:
        return self.extended_to or self.window.end


@dataclass(frozen=True, slots=True)
class Rung:
    """One notice that is wanted for a moment. It leaves early enough for the last recipient, and lapses at `until`.

    `asks`: it is for the deadline of what readers must do; no class of work owes it, so it is neither short nor late.
    `minimums`: of customers it is for accounts with one of these minimum notices alone; None: for everybody.
    """

    occasion: Occasion
    slot: str
    moment: datetime
    leaves: datetime
    until: datetime
    asks: bool = False
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
    asked = list(_asking(work, before, drain, [rung for rung in made if rung.minimums is None]))
    if work.started:
        made = [replace(rung, leaves=min(rung.leaves, now), until=_until(rung, now)) for rung in made]
    if _length(work) >= LONG_WINDOW:
        made += _by_time(work, drain) if work.tasks is None else _by_tasks(work, work.tasks, drain, now)
    late = _rung(Occasion.OVERRUN, "end", end, end, drain, end + timedelta(days=1))
    made.append(replace(late, leaves=max(late.leaves, start + (end - start) / 2)))  # never before it begins
    return tuple(sorted(made + asked, key=lambda rung: (rung.leaves, rung.moment)))


def placed(wanted: Iterable[Rung], told: Collection[str], known_since: datetime, now: datetime) -> tuple[Placed, ...]:
    """What becomes of each rung that was not told: of those whose time has come, the newest is told for all of them.

    One for some accounts tells for none that is for everybody, and after a later one that told everybody it is none.
    Nothing is dropped in silence: every rung but those told has a fate. `known_since`: when the work was heard of, or
    moved to where it is.
    """
    wanted = tuple(wanted)
    heard = max((rung.leaves for rung in wanted if rung.slot in told and rung.minimums is None), default=None)
    due = [rung for rung in wanted if rung.slot not in told and not (rung.minimums and heard and rung.leaves <= heard)]
    passed = list(takewhile(lambda rung: rung.leaves <= now, due))
    living = [rung for rung in passed if now < rung.until]
    telling = ([rung for rung in living if rung.minimums is None] or living)[-1:]
    minimums = tuple(sorted({each for rung in living for each in rung.minimums or ()}))
    out = list[Placed]()
    for rung in passed:
        fate = Fate.NOW if rung in telling else Fate.COMPRESSED if living else Fate.LAPSED
        if fate is Fate.NOW and rung.minimums is not None:
            rung = replace(rung, minimums=minimums)  # it tells for those before it, and so their accounts
        unknown = rung.leaves < known_since
        short = unknown and rung.occasion is Occasion.REMINDER and not rung.asks
        out.append(Placed(rung, fate, short, late=not (unknown or rung.asks) and now > rung.moment + LATE))
    return tuple(out) + tuple(Placed(rung, Fate.WAITS) for rung in due[len(passed) :])


def _of_minimums(work: Work, before: Before, drain: timedelta, first: datetime) -> Iterator[Rung]:
    """One reminder more for each minimum notice that asks for one before everybody's `first`, to its accounts alone."""
    start = work.window.start
    for lead in work.minimums:
        moment = before(start, lead)
        if moment < first:
            rung = _rung(Occasion.REMINDER, f"{lead}{OWN}", moment, start, drain, start)
            yield replace(rung, minimums=(str(lead),))


def _until(rung: Rung, now: datetime) -> datetime:
    """What was to be told before a start is not told after it."""
    return min(rung.until, now) if rung.occasion is Occasion.REMINDER else rung.until


def _asking(work: Work, before: Before, drain: timedelta, others: Sequence[Rung]) -> Iterator[Rung]:
    """Reminders of what readers must do, counted back from its deadline, before the start or after it (M10).

    Whoever reads another reminder, or that it starts, within `BESIDE` has read it there.
    """
    by = work.deadline
    if by is None:
        return
    for lead in work.deadline_leads:
        moment = before(by, lead)
        if all(abs(moment - other.moment) > BESIDE for other in others):
            slot = f"{lead}!{by.isoformat()}"
            yield Rung(Occasion.REMINDER, slot, moment, _leaves(moment, drain), until=by, asks=True)


def _by_tasks(work: Work, tasks: Tasks, drain: timedelta, now: datetime) -> Iterator[Rung]:
    """At once when so many are done, whatever the time."""
    for percent in work.percent:
        rung = _on_its_way(work, f"{percent}%", _length(work) * percent / 100, drain)
        reached = work.started and 100 * tasks.done >= percent * tasks.total
        yield replace(rung, moment=now, leaves=now) if reached else replace(rung, leaves=rung.until)


def _by_time(work: Work, drain: timedelta) -> Iterator[Rung]:
    """By percent, or by the minute: then in steps that make no more notices than the most, none so near to the end.

    The time is that of the window, of work that began early or late too: before it opens nothing of it has passed.
    """
    if work.every is None:
        steps = [(f"{percent}%", _length(work) * percent / 100) for percent in work.percent]
    else:
        step = work.every * ceil(_length(work) / (work.every * (MOST_ON_ITS_WAY + 1)))
        passed = takewhile(lambda each: each + step / 2 <= _length(work), (step * n for n in count(1)))
        steps = [(f"{each // timedelta(minutes=1)}min-in", each) for each in passed]
    for name, each in steps:
        rung = _on_its_way(work, name, each, drain)
        yield replace(rung, leaves=max(rung.leaves, rung.moment - each / 2) if work.started else rung.until)


def _on_its_way(work: Work, name: str, passed: timedelta, drain: timedelta) -> Rung:
    start = work.window.start
    return _rung(Occasion.PROGRESS, name, start + passed, start, drain, work.end)


def _length(work: Work) -> timedelta:
    return work.window.end - work.window.start


def _rung(occasion: Occasion, name: str, moment: datetime, of: datetime, drain: timedelta, until: datetime) -> Rung:
    return Rung(occasion, f"{name}@{of.isoformat()}", moment, _leaves(moment, drain), until)


def _leaves(moment: datetime, drain: timedelta) -> datetime:
    return moment - drain - timedelta(seconds=LEAD_SECONDS)
