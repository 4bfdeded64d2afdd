"""A simulated house: its policy and people, what is away when, and every outage on record."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Protocol

from forewarn.component import Touched, spread
from forewarn.contracts.policy import Policy
from forewarn.notice import Channel
from forewarn.outage import Facts
from forewarn.signal import Signal
from forewarn.subscriber import Side
from services.planner.ports import Reach
from services.planner.promises import ON_THE_WAY
from services.planner.simulation import promising
from services.planner.simulation.directory import Directory
from services.planner.simulation.post import Post
from services.planner.simulation.record import Case, Letter, Promise, Rung
from services.planner.simulation.spans import Span, after, span_at
from services.planner.upkeep import Way

HOUR = timedelta(hours=1)
TICK = timedelta(seconds=0.25)
"""As `tick_seconds` of the planner's settings."""


class Watcher(Protocol):
    """What laws are told while a plan is made."""

    def release(self, case: Case, letter: Letter, revision: int, now: datetime) -> None: ...
    def rung(self, case: Case, rung: Rung) -> None: ...


@dataclass(frozen=True, slots=True)
class Weather:
    """What is away, and when. `dead`: the planner as a whole; `clock`: its clock, be it dead or hung; `faults`: a
    provider takes nothing; `pauses`: a person lets nothing leave."""

    dead: tuple[Span, ...]
    clock: tuple[Span, ...]
    faults: dict[Channel, tuple[Span, ...]]
    pauses: dict[Channel, tuple[Span, ...]]

    def closed(self, channel: Channel) -> tuple[Span, ...]:
        return (*self.faults[channel], *self.pauses[channel])


@dataclass(slots=True)
class House:
    """Everything that plans of all outages share. `stopped`: notices whose last letters are still to be written."""

    policy: Policy
    directory: Directory
    weather: Weather
    laws: Watcher
    seed: int
    posts: dict[Channel, Post]
    cases: dict[str, Case] = field(default_factory=dict)
    signals: dict[tuple[str, str], Signal] = field(default_factory=dict)
    stopped: list[tuple[Case, Letter]] = field(default_factory=list)
    by_day: dict[tuple[date, Channel], Counter[int]] = field(default_factory=dict)
    plans: int = 0

    def chance(self, key: str, now: datetime) -> Random:
        """The chances of an outage at a moment: the same whatever else happens, so that it can be run alone."""
        return Random(f"{self.seed} {key} {now.isoformat()}")

    def up_after(self, moment: datetime) -> datetime:
        """When the planner lives, from this moment on."""
        return after(self.weather.dead, moment)

    def ticks_after(self, moment: datetime) -> datetime:
        """When the clock looks for what is due at this moment."""
        return after(self.weather.clock, moment) + TICK

    def paused(self, channel: Channel, now: datetime) -> bool:
        return span_at(self.weather.pauses[channel], now) is not None

    def stop(self, case: Case, letter: Letter, now: datetime) -> None:
        """Nobody more is called, and after a while everybody left gets a last letter."""
        if letter.stopped_at is None and letter.flight is not None:
            letter.stopped_at = now
            self.posts[letter.channel].drop(letter.flight)
            self.stopped.append((case, letter))

    def ahead(self, case: Case, promise: Promise, now: datetime) -> int:
        """How many are called before whoever a holding notice for this promise is for."""
        channel = promise.way[1]
        soon = (each for each in self._soon(channel, now) if each[0] != promise.notice)
        called = self.posts[channel].ahead(now, case.find(promise.notice, channel).flight)
        rate = self.policy.delivery.per_second(channel)
        return called + promising.before(promise.owed, ((due, people) for _, due, people in soon), rate)

    def _soon(self, channel: Channel, now: datetime) -> Iterator[tuple[str, datetime, int]]:
        """The promises that holding notices are still to keep, and for how many."""
        for case in self.cases.values():
            for each in case.promises if case.outage.open else ():
                owed = each.owed
                if each.way[1] is not channel or not each.live or owed.due_at < now - promising.DAY:
                    continue
                legs = case.legs(each.way, now)
                if not promising.followed(owed, legs):
                    yield each.notice, owed.due_at, next(leg for leg in legs if leg.serial == owed.serial).people

    def people(self, way: Way, touched: Sequence[Touched]) -> int:
        """As `estimate.Estimates`: how many a notice to everybody on a way is for."""
        return self.directory.size(way, self.directory.exposed(each.component for each in touched))

    def drain(self, way: Way, touched: Sequence[Touched], ahead: int = 0) -> timedelta:
        """As `ladder.Ladder`: from the decision until the last of them is told."""
        people = ahead + self.people(way, touched)
        seconds = people / self.policy.delivery.per_second(way[1]) + self.policy.delivery.head_start_seconds
        return ON_THE_WAY + timedelta(seconds=seconds)

    def reach(self, case: Case, touched: Sequence[Touched], notice: str, now: datetime) -> Reach:
        """As `holds.reach`."""
        exposed = self.directory.exposed(each.component for each in touched)
        told = [case.told.get((Side.OUTSIDE, channel), frozenset()) for channel in Channel]
        people = sum(self.directory.size((Side.OUTSIDE, channel), exposed) for channel in Channel)
        heard = max(self.directory.size((Side.OUTSIDE, c), t) for c, t in zip(Channel, told, strict=True))
        lately = dict[str, int]()
        for each in (letter for one in self.cases.values() for letter in one.letters[-50:]):
            if each.by_machine is not None and each.released_at is not None and each.released_at > now - HOUR:
                lately[each.id] = max(each.by_machine, lately.get(each.id, 0))
        lately.pop(notice, None)
        return Reach(max(0, people - heard), sum(lately.values()), self.directory.customers)

    def touched(self, facts: Facts) -> Sequence[Touched]:
        return spread(facts.components, self.directory.graph.dependencies)

    def counted(self, case: Case, letter: Letter, now: datetime) -> None:
        """A notice to customers counts for each of them on the day of its release."""
        if letter.side is Side.OUTSIDE and not letter.child:
            self.by_day.setdefault((now.date(), letter.channel), Counter()).update(letter.accounts)
