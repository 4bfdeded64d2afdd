"""An outage and its facts: what is stated, what is observed, and which of them is news."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum

from forewarn.component import Impact


class Kind(StrEnum):
    INCIDENT = "incident"
    MAINTENANCE = "maintenance"
    ANNOUNCEMENT = "announcement"


PREFIX: dict[Kind, str] = {Kind.INCIDENT: "INC", Kind.MAINTENANCE: "MNT", Kind.ANNOUNCEMENT: "ANN"}
OF_PREFIX: dict[str, Kind] = {prefix: kind for kind, prefix in PREFIX.items()}


class Status(StrEnum):
    """Statuspage's values, those of incidents first, then those of maintenances; `cancelled` is ours."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


BEGUN = frozenset({Status.IN_PROGRESS, Status.VERIFYING})
"""Somebody said that planned work has begun, and not that it is over."""

OVER = frozenset({Status.RESOLVED, Status.COMPLETED, Status.CANCELLED})


class NoticeClass(StrEnum):
    """How much notice planned work needs (T8)."""

    STANDARD = "standard"
    ACTION_REQUIRED = "action_required"
    MAJOR = "major"
    DISCONTINUATION = "discontinuation"


class Severity(StrEnum):
    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"

    @property
    def weight(self) -> int:
        return list(Severity).index(self)


class Act(StrEnum):
    """What an event asks for; without one it is a report. Only the clock settles and opens the windows of a series
    (`occur`); all else but reports are persons' acts."""

    REPORT = "report"
    RELEASE = "release"
    DISMISS = "dismiss"
    TAKE = "take"
    HAND_OVER = "hand_over"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    SPLIT = "split"
    JOIN = "join"
    SETTLE = "settle"
    OCCUR = "occur"


class Release(StrEnum):
    """Whether customers may hear of an outage (T16); a person's word is released from the start."""

    HELD = "held"
    RELEASED = "released"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Window:
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Tasks:
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class ReaderAction:
    """What the reader must do, by when, and where to read how (M10)."""

    what: str
    by: datetime | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an outage; None means nobody said. `components` maps a component's key to its impact.

    `recurrence`: an RRULE, whose first window is `window`: planned work with one is a series, told to nobody itself.
    `zone`: of a series, by whose clock it recurs. `series`: of work that is one of its windows, the name of that (T10).
    """

    status: Status | None = None
    severity: Severity | None = None
    components: Mapping[str, Impact] = field(default_factory=dict)
    unknown_components: tuple[str, ...] = ()
    symptoms: str | None = None
    cause: str | None = None
    action: str | None = None
    workaround: str | None = None
    benefit: str | None = None
    whats_new: str | None = None
    reader_action: ReaderAction | None = None
    tasks: Tasks | None = None
    window: Window | None = None
    expected_end: datetime | None = None
    tentative: bool | None = None
    next_update_at: datetime | None = None
    changes_requested_by: tuple[str, ...] = ()
    communicator: str | None = None
    responders: tuple[str, ...] = ()
    signed_by: str | None = None
    note: str | None = None
    country: str | None = None
    notice_class: NoticeClass | None = None
    version: str | None = None
    recurrence: str | None = None
    zone: str | None = None
    series: str | None = None

    def without(self, names: Iterable[str]) -> "Facts":
        """These facts with the named ones unsaid."""
        silent = {f.name: getattr(Facts(), f.name) for f in fields(self) if f.name in set(names)}
        return replace(self, **silent)

    def laid_over(self, older: "Facts") -> "Facts":
        """These facts where they say something, the older ones where they are silent."""
        said = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) not in (None, (), {})}
        if self.components:
            said["components"] = {**older.components, **self.components}
        return replace(older, **said)


NEWS = (
    *("status", "components", "expected_end", "next_update_at", "symptoms", "cause", "action", "workaround"),
    *("window", "tentative"),
)
"""Facts whose change makes an update even when no person wrote it (DESIGN 5.10)."""


@dataclass(frozen=True, slots=True)
class Outage:
    """An outage as the record holds it: what persons stated wins over what machines observed.

    `alert`: opened by a source of alerts, whose word customers hear later than a native source's (T16).
    `calm_since`: since when no signal of it fires any more (T18). `withdrawn`: it never was (T17).
    `merged_into`: the number of the one that it is part of by a person's word (W10).
    """

    kind: Kind
    source: str
    opened_at: datetime
    observed: Facts
    stated: Facts
    group: str | None = None
    revision: int = 1
    by_person: bool = False
    test: bool = False
    closed_at: datetime | None = None
    release: Release = Release.HELD
    alert: bool = False
    withdrawn: bool = False
    calm_since: datetime | None = None
    merged_into: int | None = None
    id: int | None = None
    number: int | None = None

    @property
    def name(self) -> str:
        """Speakable: INC-7."""
        return f"{PREFIX[self.kind]}-{self.number}"

    @property
    def whole(self) -> str | None:
        """The name of the one that it was merged into."""
        return f"{PREFIX[self.kind]}-{self.merged_into}" if self.merged_into is not None else None

    @property
    def facts(self) -> Facts:
        return self.stated.laid_over(self.observed)

    @property
    def open(self) -> bool:
        return self.closed_at is None

    @property
    def recurs(self) -> bool:
        """Whether it is a series: nobody is told of it, but of each of its windows, which are work of their own."""
        return self.kind is Kind.MAINTENANCE and self.facts.recurrence is not None


def newsworthy(old: Facts, new: Facts) -> bool:
    """Whether a change of facts is told though no person wrote it."""
    return any(getattr(old, name) != getattr(new, name) for name in NEWS)
