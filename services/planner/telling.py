"""What one notice says, before it is put into the words of a voice and a locale."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from forewarn.component import Touched
from forewarn.contracts.policy import Company
from forewarn.notice import Occasion
from forewarn.outage import OVER, Facts, Severity, Status
from forewarn.subscriber import Side


@dataclass(frozen=True, slots=True)
class Named:
    """What the catalog says of a component; `symptoms` maps locale to impact to a prepared sentence (M12)."""

    key: str
    public_name: str | None
    symptoms: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Telling:
    """Everything that one notice says. `subject_name` is fixed at the outage's first notice to this side."""

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
    test: bool = False

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
    def severity(self) -> Severity | None:
        return self.stated.severity or self.observed.severity
