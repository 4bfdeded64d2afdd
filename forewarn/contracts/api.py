"""What the door and the desk answer over HTTP; the CLI reads the same shapes."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from forewarn.contracts.event import EventWindow, Line, OutageName
from forewarn.notice import Channel


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
    """One notice on one channel. Moments are as people read them (a fast clock moves them).

    `state`: held, waiting, released, drained, or `suppressed` when it ended unreleased: then `reason` says why
    (superseded, withdrawn, dismissed, cancelled); of a held one `reason` is its hold (after, person, storm, quiet),
    of a released one that was stopped, the stop's. `promise`: open, kept, missed or moot. `parent`: of a child of
    failures, the notice that failed to reach whom it is for.
    """

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
    reason: str | None = None
    hold_until: datetime | None = None
    promise: str | None = None
    parent: str | None = None
    sum: Sum


class CancelView(NoticeView):
    """A cancelled notice on its first channel, and `also` on the others: it ends on all of them."""

    also: list[NoticeView] = Field(default_factory=list)


class TouchedView(_View):
    """A component that the outage touches; `path` leads from the one named to this one."""

    component: str
    public_name: str | None
    impact: str
    path: list[str]


class TimelineEntry(_View):
    at: datetime
    act: str = "report"
    revision: int
    author: str | None
    by_person: bool
    told: bool
    what: str


class OutageRow(_View):
    """One line of a list. `release`: held, released or dismissed; `asks`: what a person should decide, if anything.

    Of planned work: its `window`, the end that is expected now where that is another one, and whether it is tentative;
    `recurrence` of a series, which its windows name in `series`.
    """

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
    release: str = "released"
    withdrawn: bool = False
    merged_into: str | None = None
    asks: str | None = None
    window: EventWindow | None = None
    expected_end: datetime | None = None
    tentative: bool = False
    recurrence: str | None = None
    series: str | None = None


class PauseView(_View):
    """A standing pause; without a channel it is of every channel, without an incident of every outage."""

    id: int
    channel: str | None
    incident: str | None
    reason: str
    author: str
    at: datetime


class OutageView(OutageRow):
    """Everything about one outage.

    `communicator`: who speaks for it now, by a `word` (an event, a take, a hand-over), the rota of its worst
    component's `owner`, or the `default` rota; None: nobody does. `responds_too`: the same person mends it.
    `beyond_reach`: others can be paged, they cannot. `paused`: the pauses that keep something of it from leaving.
    """

    source: str
    by_person: bool
    facts: dict[str, Any]
    touched: list[TouchedView]
    accounts_without_reader: list[str]
    communicator: str | None = None
    communicates_by: str = "nothing"
    responds_too: bool = False
    beyond_reach: bool = False
    paused: list[PauseView] = Field(default_factory=list)
    notices: list[NoticeView]
    timeline: list[TimelineEntry]


class SendingView(_View):
    """Whether sending goes on: the delivery mode, and the pauses that stand."""

    mode: str
    paused: list[PauseView]


class PauseAsk(_View):
    """`POST /v1/sending/pause`; pausing what is paused changes nothing."""

    channel: Channel | None = None
    incident: OutageName | None = None
    reason: Line


class ResumeAsk(_View):
    """`POST /v1/sending/resume`: lifts the pause of exactly this channel and incident."""

    channel: Channel | None = None
    incident: OutageName | None = None
    reason: Line


class CancelAsk(_View):
    """`POST /v1/notices/{id}/cancel`: nobody more is told by this notice."""

    reason: Line


class ReplayAsk(_View):
    """`POST /v1/notices/{id}/replay`: whoever this notice failed to reach is told again, by a child of it."""

    reason: Line


class ReplayView(_View):
    """What was set going: the child's id, and how many it is for on each channel."""

    notice: str
    child: str
    people: dict[str, int]


class LogEntry(_View):
    """One act that nothing changes: who did what, when, having seen which revision.

    `act`: report, release, dismiss, take, hand_over, correct, withdraw, settle and warning (by the clock), pause,
    resume, cancel or replay. `event`: the id of the event that it came as; None for acts on sending. `verdict`: what
    became of it.
    """

    at: datetime
    author: str | None
    role: str
    act: str
    what: str
    verdict: str | None = None
    from_revision: int | None = None
    revision: int | None = None
    event: str | None = None


class PolicyView(_View):
    """The policy in force: what differs from the shipped defaults, the whole of it, and its hash on every notice."""

    hash: str
    differences: dict[str, Any]
    effective: dict[str, Any]


class PreviewNotice(_View):
    """A notice that would be planned. `when` in words, such as `now` or `after 3 min unless dismissed`.

    `people` would be told, `seconds` by the channel's rate. `now`: it leaves without anybody doing more. `promised_at`:
    the next update as it states it; `too_near`: the time that a person named for it, which this channel cannot keep.
    """

    side: str
    occasion: str
    channel: str
    when: str
    now: bool
    people: int
    seconds: float
    promised_at: datetime | None = None
    too_near: datetime | None = None


class PreviewGroup(_View):
    """How many of an audience read the same words, or why they are not written to.

    `outcome`: `told`, `moved` (quiet hours; they hear at `reason`), or `suppressed` for `reason`.
    """

    side: str
    occasion: str
    voice: str
    channel: str
    locale: str
    told_before: bool
    outcome: str
    reason: str | None
    people: int


class PreviewText(_View):
    """The words of one variant, as a reader in UTC would read them.

    `gave_way` names the own text that cannot tell it, so that these are the prepared words.
    """

    side: str
    occasion: str
    voice: str
    channel: str
    locale: str
    told_before: bool
    people: int
    subject: str
    text: str
    gave_way: str | None = None


class PreviewView(_View):
    """What an event would do, or what stands to be told of an outage; nothing is sent.

    `people` are told now, `people_later` when a time or a person lets the rest go; each counted once, by however many
    channels. `verdict` as of an event, None for an outage as it stands.
    """

    outage: str | None
    revision: int | None
    verdict: str | None
    reason: str | None
    mode: str
    test: bool
    paused: list[PauseView]
    people: int
    people_later: int = 0
    notices: list[PreviewNotice]
    groups: list[PreviewGroup]
    texts: list[PreviewText]


class StatusView(_View):
    """The whole system at a glance. `snapshot_age_seconds` is None while no control snapshot stands."""

    now: datetime
    mode: str
    clock_factor: float
    outages: list[OutageRow]
    failed_events: int
    owed: dict[str, int]
    snapshot_age_seconds: float | None
    paused: list[PauseView] = Field(default_factory=list)


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
    """Why a subscriber is, or is not, in the audience of an outage: each path in, each rule out.

    `channels`: those on which they have an address.
    """

    subscriber: str
    name: str
    outage: str
    included: bool
    side: str
    voice: str | None
    paths: list[str]
    rules: list[str]
    channels: list[str] = Field(default_factory=list)
    deliveries: list[DeliveryView]


class FailedView(_View):
    """An event that could not be carried out; `body` is its text as far as it is text.

    After seven days the body is forgotten (since `forgotten_at`), and it can be replayed no more.
    """

    id: str
    at: datetime
    source: str | None
    author: str | None
    role: str | None
    format: str
    reason: str
    tries: int
    replayed_at: datetime | None
    dismissed_at: datetime | None = None
    dismissed_by: str | None = None
    dismissed_why: str | None = None
    body: str | None = None
    forgotten_at: datetime | None = None


class DismissAsk(_View):
    """`POST /v1/failed/{id}/dismiss`: nothing more is to be done about it."""

    reason: Line


class DismissView(_View):
    """The failed event that waits for nobody now."""

    failed_id: str
    dismissed_by: str
    dismissed_why: str


class Fault(_View):
    """One line of an import that was not taken, and why. Lines count from 1."""

    line: int
    reason: str


class ImportReport(_View):
    """What an import did, or a dry run would do; at most 1,000 faults are listed, `faulty` counts all.

    `removed`: what the directory held and a file to prune by does not name.
    """

    read: int
    added: int
    changed: int
    unchanged: int
    removed: int = 0
    faulty: int
    faults: list[Fault]


class ImportNews(_View):
    """One line of an import's answer as `application/x-ndjson`.

    `phase`: `reading`, `done` of `of` lines, or `applying`, `done` of `of` steps. The last line holds the report, or
    why the file was refused.
    """

    phase: str | None = None
    done: int = 0
    of: int = 0
    report: ImportReport | None = None
    refused: Refusal | None = None


class WebhookSecretView(_View):
    """What a person's webhook is signed with: one secret a key, the newest first; a receiver needs one of them."""

    id: str
    url: str
    secrets: list[str]
