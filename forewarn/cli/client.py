"""The client: every question to the desk and every word to the door, in the contract's shapes."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

from pydantic import BaseModel

from forewarn.cli.connection import Connection, connection
from forewarn.cli.trouble import Kind, Trouble
from forewarn.cli.wire import Call, Upload, Wire
from forewarn.contracts.api import (
    CancelAsk,
    CancelView,
    DeliveryView,
    DismissAsk,
    DismissView,
    EventAccepted,
    EventState,
    FailedView,
    ImportNews,
    LogEntry,
    OutageRow,
    OutageView,
    PauseAsk,
    PolicyView,
    PreviewView,
    ReplayAsk,
    ReplayView,
    ResumeAsk,
    SendingView,
    StatusView,
    WebhookSecretView,
    WhyView,
)
from forewarn.contracts.schedule_api import CalendarView, ScheduleView

IMPORT_SECONDS = 900.0
"""An import answers once the whole file is in the record: a million people take minutes, not seconds."""
PREVIEW_SECONDS = 20.0
"""A preview counts an audience; of a million people that takes seconds."""
BREATH_SECONDS = 0.5
PASSING = (Kind.UNREACHABLE, Kind.UNAVAILABLE)
PEOPLE_MEDIA = {"csv": "text/csv", "jsonl": "application/jsonl"}


class Client:
    """Speaks to one door and one desk. Raises Trouble for whatever is not the wished-for answer."""

    def __init__(self, place: Connection, sleep: Callable[[float], None] = time.sleep) -> None:
        self._door = Wire("door", place.door, place.token)
        self._desk = Wire("desk", place.desk, place.token)
        self._sleep = sleep

    def send(self, event: bytes, media: str = "application/json", repeatable: bool = True) -> EventAccepted:
        """Hand an event to the door; once more, byte for byte, when the net or the door failed.

        Only repeatable if the event carries its own id: the same id is carried out once.
        """
        call = Call("POST", "/v1/events", event, media)
        try:
            return self._door.call(call, EventAccepted)
        except Trouble as trouble:
            if not repeatable or trouble.kind not in PASSING:
                raise
        self._sleep(BREATH_SECONDS)
        return self._door.call(call, EventAccepted)

    def replay(self, failed_id: str) -> EventAccepted:
        return self._door.call(Call("POST", f"/v1/failed/{_part(failed_id)}/replay"), EventAccepted)

    def dismiss(self, failed_id: str, ask: DismissAsk) -> DismissView:
        return self._door.call(Call("POST", f"/v1/failed/{_part(failed_id)}/dismiss", _body(ask)), DismissView)

    def import_catalog(self, file: Upload, **how: str) -> Iterator[ImportNews]:
        """How far the import is, and last its report."""
        return self._import(f"catalog?{urlencode(how)}", file, "application/yaml")

    def import_people(self, file: Upload, form: str, **how: str) -> Iterator[ImportNews]:
        return self._import(f"people?{urlencode({'format': form, **how})}", file, PEOPLE_MEDIA[form])

    def _import(self, path: str, file: Upload, media: str) -> Iterator[ImportNews]:
        call = Call("PUT", f"/v1/directory/{path}", file, media, IMPORT_SECONDS)
        return self._door.lines(call, ImportNews)

    def webhook_secret(self, person: str) -> WebhookSecretView:
        return self._door.call(_get("directory", "people", person, "webhook-secret"), WebhookSecretView)

    def event(self, event_id: str) -> EventState:
        return self._desk.call(_get("events", event_id), EventState)

    def status(self) -> StatusView:
        return self._desk.call(_get("status"), StatusView)

    def outages(self, kind: str | None, only_open: bool) -> list[OutageRow]:
        """Those of a kind; of every kind if it is None."""
        query = ({"kind": kind} if kind else {}) | ({"open": "true"} if only_open else {})
        return self._desk.call(_get("outages", **query), list[OutageRow])

    def outage(self, name: str) -> OutageView:
        return self._desk.call(_get("outages", name), OutageView)

    def log(self, name: str) -> list[LogEntry]:
        return self._desk.call(_get("outages", name, "log"), list[LogEntry])

    def preview(self, event: bytes) -> PreviewView:
        call = Call("POST", "/v1/preview", event, patience=PREVIEW_SECONDS)
        return self._desk.call(call, PreviewView)

    def standing(self, name: str) -> PreviewView:
        """What stands to be told of an outage."""
        path = f"/v1/outages/{_part(name)}/preview"
        return self._desk.call(Call("GET", path, patience=PREVIEW_SECONDS), PreviewView)

    def rehearsal(self, event: bytes) -> ScheduleView:
        """What the event would make of planned work: which notice goes out when."""
        call = Call("POST", "/v1/maintenances/rehearsal", event, patience=PREVIEW_SECONDS)
        return self._desk.call(call, ScheduleView)

    def schedule(self, name: str) -> ScheduleView:
        """Which notices of planned work went out, and which are still to come."""
        path = f"/v1/outages/{_part(name)}/schedule"
        return self._desk.call(Call("GET", path, patience=PREVIEW_SECONDS), ScheduleView)

    def calendar(self, days: int) -> CalendarView:
        return self._desk.call(_get("calendar", days=str(days)), CalendarView)

    def calendar_feed(self) -> bytes:
        """The calendar that everybody may subscribe to, as iCalendar."""
        return self._desk.raw(_get("calendar.ics"))

    def sending(self) -> SendingView:
        return self._desk.call(_get("sending"), SendingView)

    def pause(self, ask: PauseAsk) -> SendingView:
        return self._desk.call(Call("POST", "/v1/sending/pause", _body(ask)), SendingView)

    def resume(self, ask: ResumeAsk) -> SendingView:
        return self._desk.call(Call("POST", "/v1/sending/resume", _body(ask)), SendingView)

    def cancel(self, notice_id: str, ask: CancelAsk) -> CancelView:
        return self._desk.call(Call("POST", f"/v1/notices/{_part(notice_id)}/cancel", _body(ask)), CancelView)

    def tell_again(self, notice_id: str, ask: ReplayAsk) -> ReplayView:
        """Whoever the notice failed to reach."""
        return self._desk.call(Call("POST", f"/v1/notices/{_part(notice_id)}/replay", _body(ask)), ReplayView)

    def policy(self) -> PolicyView:
        return self._desk.call(_get("policy"), PolicyView)

    def deliveries(self, name: str, to: str | None) -> list[DeliveryView]:
        query = {"to": to} if to else {}
        return self._desk.call(_get("outages", name, "deliveries", **query), list[DeliveryView])

    def why(self, name: str, subscriber: str) -> WhyView:
        return self._desk.call(_get("outages", name, "why", subscriber), WhyView)

    def failed(self) -> list[FailedView]:
        return self._desk.call(_get("failed"), list[FailedView])

    def failed_one(self, failed_id: str) -> FailedView:
        return self._desk.call(_get("failed", failed_id), FailedView)


def client() -> Client:
    """The client that this environment and directory speak of."""
    return Client(connection(os.environ, Path.cwd()))


def _get(*parts: str, **query: str) -> Call:
    path = "/v1/" + "/".join(_part(part) for part in parts)
    return Call("GET", f"{path}?{urlencode(query)}" if query else path)


def _part(text: str) -> str:
    """One segment of a path, whatever a source put into its ids."""
    return quote(text, safe="")


def _body(ask: BaseModel) -> bytes:
    return ask.model_dump_json(exclude_none=True).encode()
