"""The laws of a simulated house: what must hold whatever happens, and who finds where it does not.

Of what a mere look at the record shows, `judged` finds it at the end; the rest is seen while a plan is made.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from forewarn.notice import ChannelState, Ending
from forewarn.outage import OVER, Facts, Kind
from forewarn.subscriber import Side
from services.planner.ladder import before_of, work_of
from services.planner.rungs import rungs
from services.planner.simulation.house import House
from services.planner.simulation.promised import Why, why
from services.planner.simulation.record import Case, Letter, Promise, Rung
from services.planner.terms import Terms
from services.planner.upkeep import Way


class Law(StrEnum):
    """What must hold."""

    KEPT = "L1 no promise is missed while a clock was alive in its lead and the provider took its cap"
    FATE = "L2 every rung ends in one recorded fate, every promise in one end"
    ONE = "L3 one notice in the air on each way of an outage, but for a child"
    NEWEST = "L4 no notice tells older facts than the newest revision"
    UNTIL = "L5 no rung is told after it has lapsed"
    SAME = "L6 the same seed gives the same result"


@dataclass(frozen=True, slots=True)
class Breach:
    """Where a law does not hold; `outage` is its key in the script, so that it can be run alone."""

    law: Law
    at: datetime
    outage: str
    what: str


@dataclass(slots=True)
class Laws:
    """Watches while plans are made."""

    breaches: list[Breach] = field(default_factory=list)

    def release(self, case: Case, letter: Letter, revision: int, now: datetime) -> None:
        """A notice goes into the air now, with the facts of this revision."""
        for other in case.on(letter.way):
            if other.state is ChannelState.RELEASED and letter.parent != other.id:
                self._broken(Law.ONE, case, now, f"{_of(letter)} beside {_of(other)}")
        if revision < case.revisions[-1].revision.revision:
            self._broken(Law.NEWEST, case, now, f"{_of(letter)} tells revision {revision}")
        rung = case.rungs.get((letter.way, letter.slot))
        if rung is not None and rung.until < now:
            self._broken(Law.UNTIL, case, now, f"{_of(letter)} leaves, lapsed {rung.until:%d %H:%M:%S}")

    def rung(self, case: Case, rung: Rung) -> None:
        """A rung gets its fate."""
        if rung.fate == "told" and rung.at >= rung.until:
            self._broken(Law.UNTIL, case, rung.at, f"{rung.slot} is told, lapsed {rung.until:%d %H:%M:%S}")
        known = case.rungs.get((rung.way, rung.slot))
        if known is not None and not _taken_back(case, known):
            self._broken(Law.FATE, case, rung.at, f"{_way(rung.way)} {rung.slot}: {known.fate}, then {rung.fate}")

    def closes(self, house: House, case: Case, before: Facts, now: datetime) -> None:
        """Planned work is over, and was planned since: what was due `before` must have its fate."""
        for way, slot, leaves in _due(house, case, before, now):
            if (way, slot) not in case.rungs:
                self._broken(Law.FATE, case, now, f"{_way(way)} {slot}: due {leaves:%d %H:%M:%S}, no fate on record")

    def judged(self, house: House, end: datetime) -> None:
        """What the record shows at the end."""
        for case in house.cases.values():
            for promise in case.promises:
                self._judge(house, case, promise, end)
            for rung in case.rungs.values():
                if rung.by is not None and not _heard(case, rung) and rung.at < end - timedelta(days=1):
                    self._broken(Law.FATE, case, rung.at, f"{_way(rung.way)} {rung.slot}: {rung.fate}, by nobody")

    def _judge(self, house: House, case: Case, promise: Promise, end: datetime) -> None:
        owed, state = promise.owed, promise.owed.state
        if state == "open" and owed.due_at < end:
            self._broken(Law.FATE, case, owed.due_at, f"{_way(promise.way)} promise has no end")
        if state == "missed" and why(house, case, promise) is Why.NOTHING:
            answered = f"answered {owed.answered_at:%H:%M:%S}" if owed.answered_at else "never answered"
            made = case.find(promise.notice, promise.way[1]).released_at or owed.due_at
            said = f"{_way(promise.way)} promise of notice {owed.serial}, made {made:%H:%M:%S} for {owed.due_at:%H:%M}"
            self._broken(Law.KEPT, case, owed.due_at, f"{said}, {answered} ({owed.cause})")

    def _broken(self, law: Law, case: Case, at: datetime, what: str) -> None:
        self.breaches.append(Breach(law, at, case.key, f"{case.outage.name} {what}"))


def _due(house: House, case: Case, before: Facts, now: datetime) -> Iterator[tuple[Way, str, datetime]]:
    """The rungs whose time had come when the work was over."""
    outage = case.outage
    if outage.kind is not Kind.MAINTENANCE or outage.withdrawn or before.window is None or before.status in OVER:
        return
    at = min(now, outage.closed_at or now)
    work = work_of(replace(outage, stated=before, observed=Facts()), house.policy, Terms())
    on = before_of(before, house.policy, Terms())
    touched = house.touched(before)
    for way in {letter.way for letter in case.letters}:
        for rung in rungs(work, on, house.drain(way, touched), at):
            if rung.leaves < at:
                yield way, rung.slot, rung.leaves


def _taken_back(case: Case, rung: Rung) -> bool:
    told = (each for each in case.on(rung.way) if each.slot == rung.by)
    return any(each.ended is Ending.WITHDRAWN and each.released_at is None for each in told)


def _heard(case: Case, rung: Rung) -> bool:
    """Whether the notice that tells it, or one that replaced that, left, or was called off with the work."""
    letters = {each.id: each for each in case.on(rung.way)}
    letter = next((each for each in letters.values() if each.slot == rung.by), None)
    while letter is not None and letter.released_at is None and letter.replaced_by is not None:
        letter = letters.get(letter.replaced_by)
    return letter is not None and (letter.released_at is not None or letter.ended is Ending.WITHDRAWN)


def _of(letter: Letter) -> str:
    return f"{_way(letter.way)} {letter.occasion} (notice {letter.serial})"


def _way(way: Way) -> str:
    side, channel = way
    return f"{'inside' if side is Side.INSIDE else 'outside'} {channel}"
