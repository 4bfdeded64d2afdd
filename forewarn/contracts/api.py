"""What the door and the desk answer over HTTP; the CLI reads the same shapes."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class _View(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class EventAccepted(_View):
    """202: the event is on the broker, confirmed. Ask `GET /v1/events/{event_id}` what became of it."""

    event_id: str


class EventFailed(_View):
    """422: the event was kept, and cannot be carried out as it is."""

    failed_id: str
    reason: str


class Refusal(_View):
    """Any other refusal: what is wrong and what to do."""

    reason: str


class EventProgress(StrEnum):
    PENDING = "pending"
    CARRIED_OUT = "carried_out"
    FAILED = "failed"


class EventState(_View):
    """What became of an event; `outage` is a speakable name such as INC-7."""

    event_id: str
    state: EventProgress
    verdict: str | None = None
    outage: str | None = None
    revision: int | None = None
    reason: str | None = None


class Sum(_View):
    """planned = accepted + suppressed + failed + unknown + moved + open; `accounted` is 0 to 1."""

    planned: int
    accepted: int
    suppressed: int
    failed: int
    unknown: int
    moved: int
    open: int
    accounted: float
    reasons: dict[str, int] = Field(default_factory=dict)


class NoticeView(_View):
    """One notice on one channel. Moments are as people read them (a fast clock moves them)."""

    id: str
    side: str
    occasion: str
    channel: str
    lane: str
    state: str
    revision: int | None
    made_at: datetime
    released_at: datetime | None
    first_at: datetime | None
    last_at: datetime | None
    promised_at: datetime | None
    subject: str | None
    sum: Sum


class TouchedView(_View):
    """A component that the outage touches; `path` leads from the one named to this one."""

    component: str
    public_name: str | None
    impact: str
    path: list[str]


class TimelineEntry(_View):
    at: datetime
    revision: int
    author: str | None
    by_person: bool
    told: bool
    what: str


class OutageRow(_View):
    """One line of a list."""

    name: str
    kind: str
    status: str | None
    severity: str | None
    open: bool
    opened_at: datetime
    closed_at: datetime | None
    components: list[str]
    unknown_components: list[str]
    next_update_at: datetime | None
    revision: int
    test: bool
    sum: Sum


class OutageView(OutageRow):
    """Everything about one outage."""

    source: str
    by_person: bool
    facts: dict[str, Any]
    touched: list[TouchedView]
    accounts_without_reader: list[str]
    notices: list[NoticeView]
    timeline: list[TimelineEntry]


class StatusView(_View):
    """The whole system at a glance. `snapshot_age_seconds` is None while no control snapshot stands."""

    now: datetime
    mode: str
    clock_factor: float
    outages: list[OutageRow]
    failed_events: int
    owed: dict[str, int]
    snapshot_age_seconds: float | None


class DeliveryView(_View):
    """What one subscriber was sent by one notice on one channel."""

    subscriber: str
    name: str
    side: str
    voice: str
    channel: str
    occasion: str
    notice: str
    state: str
    reason: str | None
    at: datetime | None
    subject: str | None = None
    text: str | None = None


class WhyView(_View):
    """Why a subscriber is, or is not, in the audience of an outage: each path in, each rule out."""

    subscriber: str
    name: str
    outage: str
    included: bool
    side: str
    voice: str | None
    paths: list[str]
    rules: list[str]
    deliveries: list[DeliveryView]


class FailedView(_View):
    """An event that could not be carried out; `body` is its text as far as it is text."""

    id: str
    at: datetime
    source: str | None
    author: str | None
    role: str | None
    format: str
    reason: str
    tries: int
    replayed_at: datetime | None
    body: str | None = None


class Fault(_View):
    """One line of an import that was not taken, and why. Lines count from 1."""

    line: int
    reason: str


class ImportReport(_View):
    """What an import did; at most 1,000 faults are listed, `faulty` counts all."""

    read: int
    added: int
    changed: int
    unchanged: int
    faulty: int
    faults: list[Fault]
