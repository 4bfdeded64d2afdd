"""What one notice says, before it is put into the words of a voice and a locale."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from forewarn.component import Touched
from forewarn.contracts.policy import Company
from forewarn.notice import Occasion
from forewarn.outage import OVER, Facts, Severity, Status, Tasks, Window
from forewarn.subscriber import Side


@dataclass(frozen=True, slots=True)
class Named:
    """What the catalog says of a component; `symptoms` maps locale to impact to a prepared sentence (M12)."""

    key: str
    public_name: str | None
    symptoms: Mapping[str, Mapping[str, str]]


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
    `short_notice`: it is told later than its class asks; `late`: it was due before, and our clock stood.
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

    @property
    def status(self) -> Status:
        """Where the outage stands: over once it is closed, whatever brought the notice about.

        Of a machine only the calm is believed: it cannot know that a cause is found (M9).
        """
        if self.occasion is Occasion.RESOLVED or self.closed_at is not None:
            return Status.RESOLVED
        if self.stated.status is not None and self.stated.status not in OVER:
            return self.stated.status
        if self.observed.status is Status.MONITORING or self.observed.status in OVER:
            return Status.MONITORING
        return Status.INVESTIGATING

    @property
    def status_by_person(self) -> bool:
        """Whether a person stated that status; a calm that only monitoring saw is told as that (M9)."""
        return self.stated.status is self.status

    @property
    def over(self) -> bool:
        """Whether there is nothing more to promise."""
        return self.withdrawn or self.status is Status.RESOLVED

    @property
    def heard_outside(self) -> bool:
        """Whether customers hear what this notice says; what colleagues read must not claim more."""
        return self.side is Side.OUTSIDE or self.customers is Customers.HEAR

    @property
    def severity(self) -> Severity | None:
        return self.stated.severity or self.observed.severity
