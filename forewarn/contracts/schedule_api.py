"""What the desk answers of planned work: which notice goes out when, and what becomes of it."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _View(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class RungView(_View):
    """One notice of planned work, for one side on one channel. Moments are as people read them.

    `moment`: what the last recipient should know it by; `leaves_at`: when it leaves for that. `fate`: it waits for its
    time, leaves now, was told, is compressed (a later one tells it too) or lapsed (it came too late for anybody).
    `short_notice`: later than its class asks. `minimum`: of customers only accounts with this minimum notice hear it,
    and those whose longer one it tells for; None: everybody. `audience`: so many people as the directory stands,
    `drain_seconds` to tell all of them; `clashes`: so many of them hear of other planned work that day. None: not
    counted.
    """

    occasion: str
    side: str
    channel: str
    moment: datetime
    leaves_at: datetime
    fate: Literal["waits", "now", "told", "compressed", "lapsed"]
    short_notice: bool = False
    minimum: str | None = None
    audience: int | None = None
    drain_seconds: float | None = None
    clashes: int | None = None


class OccurrenceView(_View):
    """One window of a series. `name`: the planned work that it is; until it is opened as such, at `opens_at`, None."""

    start: datetime
    end: datetime
    name: str | None = None
    status: str | None = None
    tentative: bool = True
    opens_at: datetime | None = None


class ScheduleView(_View):
    """`GET /v1/outages/{name}/schedule`, or `POST /v1/maintenances/rehearsal` of an event: what it would make of it.

    `zone` is the organiser's, by its name in the tz database. `breaches`: each way in which it falls short of what the
    policy or an account asks, in words. `unknown_countries`: whose holidays nobody told us. Of a
    series, which has no notices of its own: its `recurrence`, and its windows to come.
    """

    outage: str | None
    zone: str
    rungs: list[RungView]
    breaches: list[str] = Field(default_factory=list)
    unknown_countries: list[str] = Field(default_factory=list)
    recurrence: str | None = None
    occurrences: list[OccurrenceView] = Field(default_factory=list)


class CalendarEntryView(_View):
    """One window of planned work. `name` is None while it is a window of a `series` that is not work of its own yet.

    `same_day`: what else is planned for a day of it, by the organiser's clock; names, or of a window without a name,
    that of its series.
    """

    name: str | None
    series: str | None = None
    kind: str
    status: str | None
    tentative: bool
    components: list[str]
    start: datetime
    end: datetime
    same_day: list[str] = Field(default_factory=list)


class CalendarView(_View):
    """`GET /v1/calendar?days=90`: what is planned from now on and not over, the next first. `zone`: the organiser's."""

    zone: str
    now: datetime
    until: datetime
    entries: list[CalendarEntryView]
