"""What the planner's core needs of the record and of the broker."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from forewarn.component import Dependency, Touched
from forewarn.content import Content
from forewarn.notice import Channel, Lane
from forewarn.outage import Facts, Outage
from forewarn.subscriber import Side, Voice
from services.planner.gate import Standing
from services.planner.schedule import Planned, Revision, Wanted
from services.planner.telling import Named


@dataclass(frozen=True, slots=True)
class Seen:
    """An outage as it stands, what of it was planned, and what was not."""

    outage: Outage
    planned_revision: int
    planned: tuple[Planned, ...]
    unseen: tuple[Revision, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """The catalog: hard and soft dependencies, and what each component is called."""

    dependencies: tuple[Dependency, ...]
    names: Mapping[str, Named]


@dataclass(frozen=True, slots=True)
class Variant:
    """The words for one voice, locale and told or not, ready to be stored."""

    voice: Voice
    locale: str
    told: bool
    content: Content


@dataclass(frozen=True, slots=True)
class Fixed:
    """Everything that a release fixes: audience by what is touched, facts and words."""

    revision: int
    facts: Facts
    touched: tuple[Touched, ...]
    promised_at: datetime | None
    lasts: timedelta
    variants: tuple[Variant, ...]
    ranks: int


@dataclass(frozen=True, slots=True)
class Due:
    """A window to be expanded in a lane."""

    window_id: int
    lane: Lane


class Page(Protocol):
    """The planner's part of the record in one transaction, alone on one outage."""

    def now(self) -> datetime:
        """forewarn_now(): the clock that people read."""

    def seen(self) -> Seen: ...

    def graph(self) -> Graph: ...

    def add(self, wanted: Wanted, channel: Channel, lane: Lane, head_start: timedelta) -> None:
        """Plan a notice on a channel; one that stands already stays as it is."""

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
