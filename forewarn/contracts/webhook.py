"""What a webhook's receiver reads: a notice as JSON, in the shape of Standard Webhooks (standardwebhooks.com).

A field that does not apply is left out. New fields may be added to version 1; none changes its meaning.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class WebhookComponent(_Part):
    """Something that the outage touches, by the name that this reader knows it by."""

    name: str
    impact: str = Field(description="momentary, degraded or down")


class WebhookWindow(_Part):
    start: datetime
    end: datetime


class WebhookNotice(_Part):
    """One notice to one endpoint. Times are UTC; `text` has them in the endpoint's own zone."""

    notice: str = Field(description="The notice's id; the same for everybody who is told by it.")
    outage: str = Field(description="Such as INC-7: the same in every notice of one outage.")
    kind: str = Field("incident", description="incident, maintenance or announcement")
    occasion: str = Field(
        description="first, update, holding, resolved, correction or withdrawn. For whoever was told nothing yet news"
        " is a first, or where it is over by then a resolved, and where it was withdrawn a withdrawn."
        " Of a maintenance: reminder, starting, progress, overrun, completed, delayed, cancelled, holding, correction"
        " or withdrawn; for whoever was told nothing yet that of reminder, progress, overrun, completed and cancelled"
        " which fits where it stands."
    )
    status: str = Field(
        description="investigating, identified, monitoring, resolved or withdrawn; of a maintenance scheduled,"
        " in_progress, verifying, completed, cancelled or withdrawn; of an announcement announced or withdrawn"
    )
    severity: str | None = Field(None, description="For colleagues only.")
    test: bool = Field(description="A rehearsal: nothing is wrong.")
    components: tuple[WebhookComponent, ...] = Field(
        description="What is wrong now; empty once it is over or withdrawn, before a maintenance has begun, and where"
        " no public name is known."
    )
    expected: tuple[WebhookComponent, ...] | None = Field(
        None, description="What a maintenance will touch, until it is over; `components` has it from the start on."
    )
    window: WebhookWindow | None = Field(None, description="Of a maintenance: when it is planned.")
    tentative: bool | None = Field(None, description="Of a maintenance: its time is not settled yet.")
    short_notice: bool | None = Field(None, description="Of a maintenance: told later than it should have been.")
    version: str | None = Field(None, description="Of a release that is announced.")
    started_at: datetime | None = Field(
        None, description="Of an incident; left out of a false alarm: it never was. A maintenance has its `window`."
    )
    resolved_at: datetime | None = Field(None, description="Once it is over; left out of what was cancelled.")
    expected_end: datetime | None = None
    next_update_at: datetime | None = None
    language: str
    subject: str
    text: str = Field(description="The whole notice for people, in plain text that a chat window can show.")


class WebhookPayload(_Part):
    """The body of every call. Its id is the header `webhook-id`: the same for a repeat, which may be dropped."""

    type: str = Field(description="`notice.` and the occasion.", examples=["notice.first"])
    timestamp: datetime = Field(description="When the facts were fixed.")
    data: WebhookNotice
