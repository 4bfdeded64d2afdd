"""Event v1: what a monitoring system or a person says about an outage."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

import orjson
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from forewarn.component import Impact
from forewarn.content import CLOSING, OPENING, clean
from forewarn.outage import Act, Facts, Kind, NoticeClass, ReaderAction, Severity, Status, Tasks, Window
from forewarn.recurrence_rule import rule_of


class BadEvent(ValueError):
    """The event cannot be read; the message says what, where and what is expected."""


def _plain_spaces(text: object) -> object:
    """No-break spaces, which word processors leave behind, are spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("\r\n", "\n") if isinstance(text, str) else text


def _printable(text: str) -> str:
    if not text:  # pydantic 2.13 counts min_length before it strips
        raise ValueError("must not be blank")
    if text.isprintable():  # most are: the slot marks are not printable
        return text
    bad = next((c for c in text if c in (OPENING, CLOSING) or (not c.isprintable() and c not in "\n\t")), None)
    if bad is not None:
        raise ValueError(f"must not hold the character U+{ord(bad):04X}")
    return text


def _on_one_line(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise ValueError("must be one line")
    return text


def _in_range(moment: datetime) -> datetime:
    if not 1970 <= moment.year <= 2200:
        raise ValueError("must lie between 1970 and 2200")
    return moment.astimezone(UTC)


Prose = Annotated[
    str,
    BeforeValidator(_plain_spaces),
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4000),
    AfterValidator(_printable),
]
Line = Annotated[
    str,
    BeforeValidator(_plain_spaces),
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_printable),
    AfterValidator(_on_one_line),
]
Moment = Annotated[AwareDatetime, AfterValidator(_in_range)]
OutageName = Annotated[str, StringConstraints(pattern=r"^(INC|MNT|ANN)-[1-9][0-9]{0,9}$")]
NoticeId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
Retractable = Literal["symptoms", "cause", "action", "workaround", "expected_end", "next_update_at", "reader_action"]
Rule = Annotated[Line, AfterValidator(rule_of)]
Link = Annotated[Line, StringConstraints(pattern=r"^https?://[^\s<>\"]+$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ComponentImpact(_Part):
    """One component and how badly it is touched."""

    component: Line
    impact: Impact


class EventWindow(_Part):
    start: Moment
    end: Moment

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end <= self.start:
            raise ValueError("must end after it starts")
        return self


class EventTasks(_Part):
    done: int = Field(ge=0)
    total: int = Field(ge=1)


class EventReaderAction(_Part):
    what: Prose
    by: Moment | None = None
    link: Link | None = None


class Event(_Part):
    """Event v1, bare or as the `data` of a CloudEvent in structured mode.

    Moments are RFC 3339 with an offset. `components` holds component names, or objects with a
    component and its own impact; `impact` counts for the bare names. Unknown fields are ignored.
    """

    event_id: Line | None = Field(None, description="Made by the sender; the same event sent twice is told once.")
    source: Line | None = Field(None, description="Who speaks. Behind a token: the token's source.")
    key: Line | None = Field(None, description="The thing the source tracks; the same key is the same outage.")
    sequence: int | None = Field(None, ge=0, lt=2**63)
    occurred_at: Moment | None = None
    act: Act = Act.REPORT
    about: OutageName | None = None
    into: OutageName | None = Field(None, description="Of a merge: the incident that `about` becomes part of.")
    kind: Kind = Kind.INCIDENT
    status: Status | None = None
    severity: Severity | None = None
    components: list[Line | ComponentImpact] = Field(default_factory=list, max_length=200)
    impact: Impact | None = None
    symptoms: Prose | None = None
    cause: Prose | None = None
    action: Prose | None = None
    workaround: Prose | None = None
    benefit: Prose | None = None
    whats_new: Prose | None = None
    reader_action: EventReaderAction | None = None
    tasks: EventTasks | None = None
    window: EventWindow | None = None
    expected_end: Moment | None = None
    tentative: bool | None = None
    next_update_at: Moment | None = None
    changes_requested_by: list[Line] = Field(default_factory=list, max_length=200)
    communicator: Line | None = None
    responders: list[Line] = Field(default_factory=list, max_length=200)
    signed_by: Line | None = None
    note: Prose | None = None
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    notice_class: NoticeClass | None = Field(None, description="How much notice planned work needs; none: standard.")
    version: Line | None = Field(None, description="Of a release that is announced.")
    recurrence: Rule | None = Field(
        None, description="An RRULE (RFC 5545) in the organiser's zone, such as FREQ=WEEKLY; the window is its first."
    )
    test: bool = False
    from_revision: int | None = Field(None, ge=1, lt=2**31, description="The revision that whoever acts has seen.")
    notices: list[NoticeId] = Field(
        default_factory=list, max_length=100, description="What a correction or a withdrawal takes back; none: all."
    )
    retract: list[Retractable] = Field(
        default_factory=list, max_length=20, description="Facts that a correction takes back without new ones."
    )

    @model_validator(mode="after")
    def _recurs(self) -> Self:
        planned = self.kind is Kind.MAINTENANCE if self.about is None else self.about.startswith("MNT-")
        if self.recurrence is not None and not planned:
            raise ValueError("recurrence: only planned work recurs, of kind maintenance")
        if self.recurrence is not None and self.about is None and self.window is None:
            raise ValueError("recurrence: needs a window, the first one")
        return self

    def impacts(self) -> dict[str, Impact]:
        """Component name → impact; a bare name without an impact is `degraded`."""
        bare = self.impact or Impact.DEGRADED
        return {
            c if isinstance(c, str) else c.component: bare if isinstance(c, str) else c.impact for c in self.components
        }

    def facts(self, known: dict[str, Impact], unknown: tuple[str, ...]) -> Facts:
        """The facts stated here, with the components that the directory knows apart from those it does not."""
        action, tasks, window = self.reader_action, self.tasks, self.window
        return Facts(
            status=self.status,
            severity=self.severity,
            components=known,
            unknown_components=unknown,
            symptoms=self.symptoms,
            cause=self.cause,
            action=self.action,
            workaround=self.workaround,
            benefit=self.benefit,
            whats_new=self.whats_new,
            reader_action=ReaderAction(action.what, action.by, action.link) if action else None,
            tasks=Tasks(tasks.done, tasks.total) if tasks else None,
            window=Window(window.start, window.end) if window else None,
            expected_end=self.expected_end,
            tentative=self.tentative,
            next_update_at=self.next_update_at,
            changes_requested_by=tuple(self.changes_requested_by),
            communicator=self.communicator,
            responders=tuple(self.responders),
            signed_by=self.signed_by,
            note=self.note,
            country=self.country,
            notice_class=self.notice_class,
            version=self.version,
            recurrence=self.recurrence,
        )


class CloudEvent(_Part):
    """The envelope of CloudEvents 1.0, structured mode; `data` is an Event."""

    specversion: Annotated[str, StringConstraints(pattern=r"^1\.")]
    id: Line
    source: Line
    type: Line
    time: Moment | None = None
    data: Event


def parse_json(body: bytes) -> Any:
    """The body as JSON. Raises BadEvent that says where it stops being JSON."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as fault:
        raise BadEvent(f"not JSON: {fault}") from None


def parse_event(body: bytes) -> Event:
    """Read Event v1, bare or in a CloudEvent. Raises BadEvent that names every faulty field."""
    data = parse_json(body)
    if not isinstance(data, dict):
        raise BadEvent(f"an event is a JSON object, this is {type(data).__name__}")
    try:
        if "specversion" not in data:
            return Event.model_validate(data)
        envelope = CloudEvent.model_validate(data)
    except ValidationError as fault:
        raise BadEvent(faults_of(fault)) from None
    inner = envelope.data
    given = {"event_id": envelope.id, "source": envelope.source, "occurred_at": envelope.time}
    return inner.model_copy(update={k: v for k, v in given.items() if getattr(inner, k) is None})


def faults_of(fault: ValidationError, most: int = 20) -> str:
    """Every fault on one line: where, and what is wrong there. A place may be named by the sender: it is cleaned."""
    lines = [f"{_place(e['loc']) or 'event'}: {e['msg']}" for e in fault.errors(include_url=False)]
    more = f"; and {len(lines) - most} more" if len(lines) > most else ""
    return "; ".join(lines[:most]) + more


def _place(loc: tuple[int | str, ...]) -> str:
    return clean(".".join(map(str, loc)))[:200]
