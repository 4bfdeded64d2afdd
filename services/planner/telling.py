"""What one notice says, before it is put into the words of a voice and a locale."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from forewarn.component import Touched
from forewarn.contracts.policy import Company
from forewarn.notice import Occasion
from forewarn.outage import BEGUN, OVER, PREFIX, Facts, Kind, Severity, Status, Tasks, Window
from forewarn.subscriber import Side

_ENDS = frozenset({Occasion.COMPLETED, Occasion.RESOLVED})


@dataclass(frozen=True, slots=True)
class Named:
    """What the catalog says of a component; `symptoms` maps locale to impact to a prepared sentence (M12)."""

    key: str
    public_name: str | None
    symptoms: Mapping[str, Mapping[str, str]]


class Stage(StrEnum):
    """Where planned work stands by the clock and by the record; late once its expected end has passed."""

    AHEAD = "ahead"
    UNDER_WAY = "under_way"
    LATE = "late"
    OVER = "over"


class Customers(StrEnum):
    """What customers hear of the outage, as colleagues are told it (T16)."""

    HEAR = "hear"
    AFTER = "after"
    PERSON = "person"
    STORM = "storm"
    DISMISSED = "dismissed"
    CALM = "calm"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class PlannedWork:
    """A maintenance as a notice tells of it.

    `end`: when it is expected to end now; `was` and `was_end`: what this side was told before, where it is another.
    `short_notice`: it is told later than its class asks; `late`: it was due before, and our clock stood. `recurs`: it
    is one window of a series, which is kept free whether it is used or not (T10). `settled`: this side was told that
    its time was tentative, and it is not any more. `minimums`: of customers only those with one of these minimum
    notices hear it.
    """

    window: Window
    end: datetime
    status: Status
    tentative: bool = False
    short_notice: bool = False
    late: bool = False
    was: Window | None = None
    was_end: datetime | None = None
    tasks: Tasks | None = None
    recurs: bool = False
    settled: bool = False
    minimums: tuple[str, ...] = ()

    def stage(self, status: Status, now: datetime) -> Stage:
        """By the status as it is told; that it has begun is believed of the clock, too."""
        if status in OVER:
            return Stage.OVER
        if status is Status.SCHEDULED and now < self.window.start:
            return Stage.AHEAD
        return Stage.UNDER_WAY if now < self.end else Stage.LATE


@dataclass(frozen=True, slots=True)
class Telling:
    """Everything that one notice says. `subject_name` is fixed at the outage's first notice to this side.

    `notice`: its id, which programs read.

    `said`: what persons had stated when the side was told last, for a correction to name what was wrong.
    `news_at`: when the side was last told news, for a holding notice to be honest about; `holdings`: how many
    holding notices in a row this one makes. `customers`, with `held_until`, is for colleagues only. `work`: of a
    maintenance only.
    """

    outage: str
    occasion: Occasion
    side: Side
    opened_at: datetime
    closed_at: datetime | None
    stated: Facts
    observed: Facts
    by_person: bool
    touched: tuple[Touched, ...]
    names: Mapping[str, Named]
    promised_at: datetime | None
    now: datetime
    subject_name: str
    company: Company
    notice: str = ""
    test: bool = False
    withdrawn: bool = False
    said: Facts | None = None
    news_at: datetime | None = None
    holdings: int = 0
    customers: Customers = Customers.HEAR
    held_until: datetime | None = None
    work: PlannedWork | None = None
    revision: int = 1

    @property
    def kind(self) -> Kind:
        """What it is told as: planned work of which no window is known has only the words of an incident."""
        if self.work is not None:
            return Kind.MAINTENANCE
        return Kind.ANNOUNCEMENT if self.outage.startswith(f"{PREFIX[Kind.ANNOUNCEMENT]}-") else Kind.INCIDENT

    @property
    def status(self) -> Status:
        """Where the outage stands: over once it is closed, whatever brought the notice about.

        Of a machine only the calm is believed: it cannot know that a cause is found (M9). Of planned work it holds
        the plan, and its word counts.
        """
        if self.work is not None:
            return self._status_of(self.work)
        if self.occasion is Occasion.RESOLVED or self.closed_at is not None:
            return Status.RESOLVED
        if self.stated.status is not None and self.stated.status not in OVER:
            return self.stated.status
        if self.observed.status is Status.MONITORING or self.observed.status in OVER:
            return Status.MONITORING
        return Status.INVESTIGATING

    def _status_of(self, work: PlannedWork) -> Status:
        if work.status is Status.CANCELLED or self.occasion is Occasion.CANCELLED:
            return Status.CANCELLED
        if work.status in OVER or self.closed_at is not None or self.occasion in _ENDS:
            return Status.COMPLETED
        return work.status if work.status in BEGUN else Status.SCHEDULED

    @property
    def stage(self) -> Stage | None:
        """Of planned work only."""
        return None if self.work is None else self.work.stage(self.status, self.now)

    @property
    def asks_first(self) -> bool:
        """Whether the next time that matters to readers is the one by which they must act (M10)."""
        asked = self.told_facts.reader_action
        if self.work is None or self.stage is Stage.OVER or asked is None or asked.by is None or asked.by <= self.now:
            return False
        return self.stage is not Stage.AHEAD or asked.by <= self.work.window.start

    @property
    def never_was(self) -> bool:
        """Whether it was told of and did not come to be."""
        return self.withdrawn or self.status is Status.CANCELLED

    @property
    def standing(self) -> str:
        """The status in one word, as programs read it too; an announcement has none of its own."""
        if self.withdrawn:
            return "withdrawn"
        return "announced" if self.kind is Kind.ANNOUNCEMENT else str(self.status)

    @property
    def status_by_person(self) -> bool:
        """Whether a person stated that status; a calm that only monitoring saw is told as that (M9)."""
        return self.stated.status is self.status

    @property
    def told_facts(self) -> Facts:
        """What persons stated; of an announcement all, for its words are written to be read, a pipeline's too (T19)."""
        return self.stated.laid_over(self.observed) if self.kind is Kind.ANNOUNCEMENT else self.stated

    @property
    def over(self) -> bool:
        """Whether there is nothing more to promise."""
        return self.withdrawn or self.kind is Kind.ANNOUNCEMENT or self.status in OVER

    @property
    def heard_outside(self) -> bool:
        """Whether customers hear what this notice says; what colleagues read must not claim more."""
        return self.side is Side.OUTSIDE or self.customers is Customers.HEAR

    @property
    def severity(self) -> Severity | None:
        return self.stated.severity or self.observed.severity
