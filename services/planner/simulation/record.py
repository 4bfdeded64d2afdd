"""The record of a simulated house: what a plan asks PostgreSQL of outages, notices, promises and rungs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from forewarn.notice import CHILDREN, Channel, ChannelState, Ending, Hold, Lane, Occasion
from forewarn.outage import Act, Facts, Outage
from forewarn.subscriber import Side
from services.planner.rungs import Fate
from services.planner.schedule import Revision
from services.planner.simulation.post import Flight
from services.planner.simulation.promising import Leg, Owed
from services.planner.upkeep import Way


@dataclass(slots=True)
class Letter:
    """A notice on a channel: a row of `notice` beside its row of `notice_channel`, and its windows as one flight."""

    id: str
    serial: int
    side: Side
    channel: Channel
    occasion: Occasion
    slot: str
    lane: Lane
    made_at: datetime
    state: ChannelState
    names: tuple[str, ...] = ()
    parent: str | None = None
    not_before: datetime | None = None
    hold: Hold | None = None
    hold_until: datetime | None = None
    ended: Ending | None = None
    replaced_by: str | None = None
    revision: int | None = None
    facts: Facts | None = None
    stated: Facts | None = None
    by_machine: int | None = None
    released_at: datetime | None = None
    drained_at: datetime | None = None
    planned: int | None = None
    fallen: bool = False
    stopped_at: datetime | None = None
    accounts: frozenset[int] = frozenset()
    heirs: int = 0
    flight: Flight | None = None

    @property
    def way(self) -> Way:
        return self.side, self.channel

    @property
    def waits(self) -> bool:
        return self.state in (ChannelState.HELD, ChannelState.WAITING)

    @property
    def child(self) -> bool:
        return self.occasion in CHILDREN

    def leg(self, now: datetime) -> Leg:
        """As promises see it."""
        flight = self.flight
        return Leg(
            serial=self.serial,
            notice=self.id,
            occasion=self.occasion,
            state=self.state,
            ended=self.ended,
            released_at=self.released_at,
            planned=self.planned,
            unfrozen=flight is not None and now < flight.ready_at,
            last_at=flight.last_at if flight else None,
            total=flight.total if flight else 0,
            open=flight.open if flight else 0,
            uncalled=flight.uncalled if flight else 0,
            failed=bool(flight and flight.failed),
        )


@dataclass(frozen=True, slots=True)
class Noted:
    """A revision on record, and when planned work begins by it."""

    revision: Revision
    at: datetime
    start: datetime | None


@dataclass(frozen=True, slots=True)
class Rung:
    """What became of a rung on a way: `fate` told, compressed or lapsed, as the table has it."""

    way: Way
    slot: str
    occasion: Occasion
    fate: Fate | str
    short: bool
    late: bool
    by: str | None
    until: datetime
    at: datetime


@dataclass(slots=True)
class Promise:
    """A promise of a notice on a way, and what becomes of it."""

    way: Way
    notice: str
    owed: Owed

    @property
    def live(self) -> bool:
        """Whether anything may still become of it."""
        return self.owed.answered_by is None and self.owed.state in ("open", "missed")


@dataclass(slots=True)
class Case:
    """Everything on record of one outage. `live`: notices that are not drained, or may still leave somebody to a child.
    `before_end`: as it was before it ended, if no plan has seen that yet."""

    key: str
    outage: Outage
    revisions: list[Noted] = field(default_factory=list)
    planned_revision: int = 0
    due_at: datetime | None = None
    letters: list[Letter] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    rungs: dict[tuple[Way, str], Rung] = field(default_factory=dict)
    subjects: dict[Side, str] = field(default_factory=dict)
    live: list[Letter] = field(default_factory=list)
    told: dict[Way, frozenset[int]] = field(default_factory=dict)
    asleep: dict[tuple[Way, datetime], int] = field(default_factory=dict)
    source_lives: bool = True
    before_end: Facts | None = None

    def on(self, way: Way) -> Iterator[Letter]:
        """The notices of a way, in order."""
        return (letter for letter in self.letters if letter.way == way)

    def add(self, letter: Letter) -> None:
        self.letters.append(letter)
        self.live.append(letter)

    def legs(self, way: Way, now: datetime) -> list[Leg]:
        """What the promises of a way that are not over are judged by: what stated them, and all that came later."""
        stated = {each.notice for each in self.promises if each.way == way and each.live}
        if not stated:
            return []
        own = [each for each in self.letters if each.way == way]
        since = min(each.released_at for each in own if each.id in stated and each.released_at is not None)
        return [each.leg(now) for each in own if each.released_at is None or each.released_at >= since]

    def find(self, notice: str, channel: Channel) -> Letter:
        return next(letter for letter in self.letters if letter.id == notice and letter.channel == channel)

    def serial_of(self, notice: str) -> int:
        """The serial of this id, or the next one."""
        known = (letter.serial for letter in self.letters if letter.id == notice)
        return next(known, 1 + max((letter.serial for letter in self.letters), default=0))

    def heard(self, at: datetime, *, newsworthy: bool, act: Act = Act.REPORT, names: tuple[str, ...] = ()) -> None:
        """Keep the newest revision, as intake writes it."""
        window, revision = self.outage.facts.window, Revision(self.outage.revision, newsworthy, act, names)
        self.revisions.append(Noted(revision, at, window.start if window else None))

    @property
    def known_since(self) -> datetime | None:
        """As `ladder.KNOWN_SINCE`: since when the work begins when it does."""
        start = self.revisions[-1].start
        since: datetime | None = None
        for noted in reversed(self.revisions):
            if noted.start != start:
                break
            since = noted.at
        return since
