"""The policy: what is said, to whom first, and when, as one validated file that holds only what differs."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Self, assert_never

from pydantic import BaseModel, ConfigDict, Field, model_validator

from forewarn.component import Impact
from forewarn.contracts.checked import checked
from forewarn.contracts.event import Line
from forewarn.contracts.policy_communication import Communication
from forewarn.contracts.policy_kinds import (
    Address,
    Country,
    EachOnce,
    Guest,
    Language,
    LeadText,
    Number,
    RuleText,
    Url,
    Whole,
    Zone,
)
from forewarn.contracts.sheet import Fault
from forewarn.lead import Lead, lead_from
from forewarn.notice import Channel
from forewarn.outage import NoticeClass, Severity

DAY_MINUTES = 24 * 60


class BadPolicy(ValueError):
    """The policy cannot be used; the message names every fault, one a line, each with its place in the file."""

    def __init__(self, message: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(message)
        self.faults = faults


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Company(_Section):
    """Who speaks to customers."""

    name: Line = "Acme"
    from_address: Address = "status@acme.example"
    signed_by: Line = "The Acme status team"
    support: Line | None = "support@acme.example"
    status_page: Url | None = None
    public_url: Url = "http://127.0.0.1:8080"

    @property
    def domain(self) -> str:
        """The domain of message ids and list headers."""
        return self.from_address.rpartition("@")[2]


class ComponentRule(_Section):
    """Labels that, when all match, name a component."""

    match: dict[Line, Line] = Field(min_length=1)
    component: Line


class Alerts(_Section):
    """How labels of an alert become components, severity and impact.

    `watchdogs` are alerts by name that always fire: they say that their source lives, and open nothing.
    """

    watchdogs: tuple[Line, ...] = ("Watchdog", "DeadMansSwitch")
    component_labels: tuple[Line, ...] = ("component", "service", "job")
    components: tuple[ComponentRule, ...] = ()
    severity_label: Line = "severity"
    severities: dict[Line, Severity] = {
        "critical": Severity.CRITICAL,
        "page": Severity.CRITICAL,
        "error": Severity.MAJOR,
        "warning": Severity.MINOR,
        "info": Severity.NONE,
    }
    unknown_severity: Severity = Severity.MAJOR
    impact_label: Line = "impact"
    impacts: dict[Severity, Impact] = {
        Severity.CRITICAL: Impact.DOWN,
        Severity.MAJOR: Impact.DEGRADED,
        Severity.MINOR: Impact.DEGRADED,
        Severity.NONE: Impact.NONE,
    }


class NextUpdate(_Section):
    """After how long the next update is promised when nobody named a time (T12)."""

    minutes: Whole = Field(60, ge=1, le=DAY_MINUTES)
    critical_minutes: Whole = Field(30, ge=1, le=DAY_MINUTES)

    @model_validator(mode="after")
    def _critical_first(self) -> Self:
        if self.critical_minutes > self.minutes:
            each = " and ".join(f"{name} {self._told(name)}" for name in type(self).model_fields)
            raise ValueError(f"critical_minutes must not be more than minutes, and here are {each}")
        return self

    def _told(self, name: str) -> str:
        return str(getattr(self, name)) + ("" if name in self.model_fields_set else " (the default)")

    def after(self, severity: Severity | None) -> timedelta:
        return timedelta(minutes=self.critical_minutes if severity is Severity.CRITICAL else self.minutes)


class ReleaseRules(_Section):
    """When customers hear of what a machine says (T16): `now`, `person`, or `after 3m unless dismissed`.

    A rule of the event's source comes first; a source of alerts has one rule for critical alerts and one for
    the others; `native` counts for machines that send Event v1.
    """

    sources: dict[Line, RuleText] = {}
    native: RuleText = "now"
    critical_alerts: RuleText = "after 3m unless dismissed"
    other_alerts: RuleText = "person"


class StormBrake(_Section):
    """Machines release no notice that, with what they released within the hour, reaches more customers than this.

    `percent` of all customers; below `at_least` people the brake does not bite. A person's release passes.
    """

    percent: Number = Field(20.0, gt=0, le=100)
    at_least: Whole = Field(100, ge=0)


class Episodes(_Section):
    """When a machine's calm becomes an end, and an end is taken back (T18); when a new signal makes no new incident.

    `outlives_minutes`: so long an alert may be said to fire after whoever fired it is gone; only an alert that is
    heard later shows that its source lives. Prometheus gives each alert 4 × the evaluation interval of its rule.
    `sibling_seconds`: signals of one source that begin so near to one another and share a hard dependency are of one
    incident (W10); 0: never.
    """

    settle_minutes: Whole = Field(10, ge=1, le=DAY_MINUTES)
    outlives_minutes: Whole = Field(5, ge=1, le=DAY_MINUTES)
    reopen_minutes: Whole = Field(15, ge=0, le=DAY_MINUTES)
    sibling_seconds: Whole = Field(60, ge=0, le=3600)


class Maintenance(_Section):
    """How long before planned work people are told (T1, T8), on whose calendar (T11), and how often on its way (T4).

    `standard` counts for work of every class. `country` is the organiser's, where a plan names none. `deadline` counts
    back from the time by which readers must act (M10). `progress_minutes`: on its way by the minute, not by percent.
    """

    zone: Zone = "UTC"
    country: Country | None = None
    standard: tuple[LeadText, ...] = ("5bd", "1bd", "30min")
    action_required: tuple[LeadText, ...] = ("20bd",)
    major: tuple[LeadText, ...] = ("8w", "4w", "2w")
    discontinuation: tuple[LeadText, ...] = ("1y", "6mo", "3mo", "1mo")
    progress_percent: tuple[Annotated[Whole, Field(ge=1, le=99)], ...] = (25, 50, 75)
    progress_minutes: Annotated[Whole, Field(ge=5, le=DAY_MINUTES)] | None = None
    deadline: tuple[LeadText, ...] = ("5bd", "1bd")

    @property
    def every(self) -> timedelta | None:
        """So far apart are the notices of work on its way; None where they go by percent."""
        return timedelta(minutes=self.progress_minutes) if self.progress_minutes is not None else None

    @property
    def deadline_leads(self) -> tuple[Lead, ...]:
        return tuple(map(lead_from, dict.fromkeys(self.deadline)))

    def leads(self, notice_class: NoticeClass | None) -> tuple[Lead, ...]:
        """Those of the class, and those of all work."""
        own: dict[NoticeClass | None, tuple[str, ...]] = {
            NoticeClass.ACTION_REQUIRED: self.action_required,
            NoticeClass.MAJOR: self.major,
            NoticeClass.DISCONTINUATION: self.discontinuation,
        }
        return tuple(map(lead_from, dict.fromkeys((*own.get(notice_class, ()), *self.standard))))


class Delivery(_Section):
    """Sizes and patience of sending."""

    email_per_second: Whole = Field(250, ge=1)
    webhook_per_second: Whole = Field(200, ge=1)
    batch_size: Whole = Field(1000, ge=1, le=1000)
    max_attempts: Whole = Field(5, ge=1, le=20)
    expires_hours: Whole = Field(24, ge=1, le=6 * 24)  # the message with its addresses is gone within 7 days
    head_start_seconds: Number = Field(3.0, ge=0, le=60)

    def per_second(self, channel: Channel) -> int:
        """What the channel's providers take; how long a notice needs is reckoned by it."""
        match channel:
            case Channel.EMAIL:
                return self.email_per_second
            case Channel.WEBHOOK:
                return self.webhook_per_second
            case _:
                assert_never(channel)

    def batch(self, channel: Channel) -> int:
        """Recipients of a batch: two seconds of the channel, at most `batch_size`."""
        return max(1, min(2 * self.per_second(channel), self.batch_size))


class Policy(_Section):
    """Everything that can be decided beforehand; `guests` are told in mode guests and by tests, nobody else is."""

    company: Company = Company()
    tiers: EachOnce = ("enterprise", "business", "free")
    alerts: Alerts = Alerts()
    next_update: NextUpdate = NextUpdate()
    release: ReleaseRules = ReleaseRules()
    storm_brake: StormBrake = StormBrake()
    episodes: Episodes = Episodes()
    maintenance: Maintenance = Maintenance()
    communication: Communication = Communication()
    delivery: Delivery = Delivery()
    guests: tuple[Guest, ...] = ()
    default_locale: Language = "en"


def load_policy(path: Path | None) -> Policy:
    """The shipped defaults, overridden by what the file holds. Raises BadPolicy with every fault at once."""
    if path is None:
        return Policy()
    policy, faults = checked(Policy, path)
    if policy is None:
        raise BadPolicy("\n".join(map(str, faults)), tuple(faults))
    return policy
