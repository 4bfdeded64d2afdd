"""The policy: what is said, to whom first, and when, as one validated file that holds only what differs."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from forewarn.component import Impact
from forewarn.contracts.event import Line, Link, faults_of
from forewarn.outage import Severity
from forewarn.release import rule_from


class BadPolicy(ValueError):
    """The policy file cannot be used; the message names every fault with its place."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Company(_Section):
    """Who speaks to customers."""

    name: Line = "Acme"
    from_address: Annotated[str, StringConstraints(pattern=r"^[^@\s<>\"]+@[^@\s<>\"]+$")] = "status@acme.example"
    signed_by: Line = "The Acme status team"
    support: Line | None = "support@acme.example"
    status_page: Link | None = None
    public_url: Link = "http://127.0.0.1:8080"

    @property
    def domain(self) -> str:
        """The domain of message ids and list headers."""
        return self.from_address.rpartition("@")[2]


class ComponentRule(_Section):
    """Labels that, when all match, name a component."""

    match: dict[Line, Line] = Field(min_length=1)
    component: Line


class Alerts(_Section):
    """How labels of an alert become components, severity and impact."""

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

    minutes: int = Field(60, ge=1)
    critical_minutes: int = Field(30, ge=1)

    def after(self, severity: Severity | None) -> timedelta:
        return timedelta(minutes=self.critical_minutes if severity is Severity.CRITICAL else self.minutes)


def _rule(text: str) -> str:
    rule_from(text)
    return text


RuleText = Annotated[Line, AfterValidator(_rule)]


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

    percent: float = Field(20, gt=0, le=100)
    at_least: int = Field(100, ge=0)


class Episodes(_Section):
    """When a machine's calm becomes an end, and an end is taken back (T18)."""

    settle_minutes: int = Field(10, ge=1)
    reopen_minutes: int = Field(15, ge=0)


class Delivery(_Section):
    """Sizes and patience of sending."""

    email_per_second: int = Field(250, ge=1)
    batch_size: int = Field(500, ge=1, le=500)
    max_attempts: int = Field(5, ge=1, le=20)
    expires_hours: int = Field(24, ge=1)
    head_start_seconds: float = Field(3.0, ge=0, le=60)


Guest = Annotated[
    Line, StringConstraints(pattern=r"^[^@\s]*@[^@\s]+$", to_lower=True), Field(description="An address, or @domain.")
]


class Policy(_Section):
    """Everything that can be decided beforehand; `guests` are told in mode guests and by tests, nobody else is."""

    company: Company = Company()
    tiers: tuple[Line, ...] = ("enterprise", "business", "free")
    alerts: Alerts = Alerts()
    next_update: NextUpdate = NextUpdate()
    release: ReleaseRules = ReleaseRules()
    storm_brake: StormBrake = StormBrake()
    episodes: Episodes = Episodes()
    delivery: Delivery = Delivery()
    guests: tuple[Guest, ...] = ()
    default_locale: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] = "en"


def load_policy(path: Path | None) -> Policy:
    """The shipped defaults, overridden by what the file holds. Raises BadPolicy with every fault at once."""
    if path is None:
        return Policy()
    try:
        data = yaml.safe_load(path.read_text())
    except OSError as fault:
        raise BadPolicy(f"{path}: cannot be read: {fault.strerror}") from None
    except yaml.YAMLError as fault:
        raise BadPolicy(f"{path}: not YAML: {fault}") from None
    if data is not None and not isinstance(data, dict):
        raise BadPolicy(f"{path}: a policy is a mapping, this is {type(data).__name__}")
    try:
        return Policy.model_validate(data or {})
    except ValidationError as fault:
        raise BadPolicy(f"{path}: {faults_of(fault)}") from None
