"""What the planner's core needs of the record and of the broker."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from forewarn.component import Dependency, Touched
from forewarn.content import Content
from forewarn.delivery import Reason
from forewarn.notice import Channel, Ending, Hold, Lane, Occasion
from forewarn.outage import Facts, Outage
from forewarn.release import Rule
from forewarn.subscriber import Side, Voice
from services.planner.gate import Standing
from services.planner.schedule import Planned, Promised, Revision, Wanted
from services.planner.telling import Named
from services.planner.terms import Terms
from services.planner.unfit import GaveWay
from services.planner.upkeep import Ended, Upkeep, Way


@dataclass(frozen=True, slots=True)
class Seen:
    """An outage as it stands, what of it was planned, and what was not."""

    outage: Outage
    planned_revision: int
    planned: tuple[Planned, ...]
    unseen: tuple[Revision, ...]

    @property
    def answered(self) -> frozenset[tuple[Side, Channel, datetime]]:
        """The promised times that holding notices keep, each to its side on its channel."""
        holdings = (notice for notice in self.planned if notice.occasion is Occasion.HOLDING)
        return frozenset((n.side, n.channel, datetime.fromisoformat(n.slot.partition("~")[0])) for n in holdings)

    def heard(self, side: Side) -> bool:
        """Whether a notice was released to this side."""
        return any(notice.side is side and notice.released for notice in self.planned)


@dataclass(frozen=True, slots=True)
class Graph:
    """The catalog: hard and soft dependencies, and what each component is called."""

    dependencies: tuple[Dependency, ...]
    names: Mapping[str, Named]


@dataclass(frozen=True, slots=True)
class Variant:
    """The words for one voice, locale and told or not, on one channel, ready to be stored.

    `gave_way`: the own text that could not tell it, so that these are the prepared words.
    """

    voice: Voice
    locale: str
    told: bool
    content: Content
    gave_way: GaveWay | None = None


@dataclass(frozen=True, slots=True)
class Fixed:
    """Everything that a release fixes: audience by what is touched, facts and words.

    `by_machine`: of a release to customers by no person, how many new ones it reaches, on whatever channel.
    """

    revision: int
    facts: Facts
    stated: Facts
    by_machine: int | None
    touched: tuple[Touched, ...]
    promised_at: datetime | None
    lasts: timedelta
    variants: tuple[Variant, ...]
    ranks: int


@dataclass(frozen=True, slots=True)
class Labels:
    """What a notice of planned work must say of itself: told at shorter notice than its class asks, or late.

    `minimums`: it is for accounts with one of these minimum notices alone, or tells colleagues what those alone hear.
    """

    short: bool = False
    late: bool = False
    minimums: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a side was told before on a channel: the facts of its last notice, those that persons had stated, and when
    it had news.

    `corrected`: by the id of each correction, on any channel, what they had stated before it.
    """

    stated: Facts | None = None
    facts: Facts | None = None
    news_at: datetime | None = None
    holdings: int = 0
    corrected: Mapping[str, Facts] = field(default_factory=dict)
    before: Facts | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """For the storm brake: who is exposed and not told, whom machines reached within the hour, all customers."""

    audience: int
    lately: int
    customers: int


@dataclass(frozen=True, slots=True)
class Due:
    """A window to be expanded in a lane."""

    window_id: int
    lane: Lane


@dataclass(frozen=True, slots=True)
class Opening:
    """The clock's word, as Event v1, that a window of a series is planned work of its own now."""

    event_id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Moved:
    """What a plan did at the gate: windows to expand, and whether a notice in the air was stopped; of a series, the
    windows of work to open."""

    due: tuple[Due, ...] = ()
    stopped: bool = False
    openings: tuple[Opening, ...] = ()


class Page(Protocol):
    """The planner's part of the record in one transaction, alone on one outage."""

    def now(self) -> datetime:
        """forewarn_now(): the clock that people read."""

    def seen(self) -> Seen: ...

    def graph(self) -> Graph: ...

    def channels(self) -> Sequence[Channel]:
        """Email always; another while somebody has an address on it, or was told of this outage by it."""

    def promised(self, head_start: timedelta) -> Sequence[Promised]:
        """Promises whose time has come: what is due less the way there; those kept or missed are settled first."""

    def upkeep(self, outage: Outage, touched: Sequence[Touched], now: datetime) -> Upkeep:
        """Planned work as it stands, with what was told of it on each way."""

    def drain(self, way: Way, touched: Sequence[Touched], beside: Sequence[Side]) -> timedelta:
        """From the decision until the last of its audience is told, as people read time: by an urgent notice, after
        all whom the channel calls first, and the audiences of the sides `beside`."""

    def terms(self, touched: Sequence[Touched]) -> Terms:
        """What the accounts that it touches ask of planned work."""

    def ended(self, way: Way, ended: Iterable[Ended]) -> None:
        """What became of rungs whose time has come."""

    def due(self, at: datetime | None) -> None:
        """When it must be planned again for the next rung, or the next window of a series; None: none is to come."""

    def opened(self, series: str, starts: Sequence[datetime]) -> Collection[datetime]:
        """The starts at which a series was opened: of these, and of its windows that are not over."""

    def labels(self, notice: Standing) -> Labels: ...

    def fall_over(self) -> None:
        """Move whoever an urgent notice failed to reach, once it is drained everywhere, to a child by another way."""

    def add(self, wanted: Wanted, channel: Channel, lane: Lane, head_start: timedelta) -> None:
        """Plan a notice on a channel; one that stands already stays as it is."""

    def hold(self, rule: Rule) -> None:
        """Hold every outside notice that is not released by this rule; a time that runs already goes on."""

    def held_back(self) -> tuple[Hold, datetime | None] | None:
        """The hold of the newest outside notice, and its end if it has one."""

    def brake(self, notice: Standing) -> None:
        """Hold this notice until a person releases it."""

    def reach(self, touched: Sequence[Touched], notice: Standing) -> Reach:
        """The same on each channel of a notice: people count once."""

    def brakes_alone(self) -> None:
        """Let no other plan ask the storm brake until this one's release is on record."""

    def spoken(self, side: Side, channel: Channel) -> Spoken: ...

    def end(self, notice: Standing, ending: Ending) -> None: ...

    def stop(self, notice: Standing, reason: Reason) -> None:
        """Let the notice in the air call nobody more."""

    def planned_up_to(self, revision: int) -> None:
        """Clear the debt of this revision."""

    def standing(self) -> Sequence[Standing]:
        """Notices not drained, after those without an open position were marked drained."""

    def replace(self, notice: Standing, by: Standing) -> None: ...

    def subject_name(self, side: Side, otherwise: str) -> str:
        """The name fixed for this side's subjects; the given one is fixed if there is none."""

    def zones(self) -> Mapping[int, str]: ...

    def release(self, notice: Standing, fixed: Fixed) -> Sequence[Due]:
        """Fix what is told, make the windows; returned are those of the first rank."""


class Book(Protocol):
    """Opens pages."""

    def __call__(self, outage_id: int) -> AbstractContextManager[Page]: ...
