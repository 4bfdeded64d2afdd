"""The door: events over HTTP, on the broker and confirmed before the sender hears 202."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse

from forewarn.access import SPEAKERS, Bearer, TokenRole
from forewarn.contracts.api import EventAccepted, EventFailed, Refusal
from forewarn.contracts.event import BadEvent, parse_event
from forewarn.contracts.policy import Policy
from forewarn.runtime.http import Guard, capped_body, new_app, refuse
from forewarn.runtime.postgres import Database
from forewarn.runtime.publisher import NotConfirmed
from services.ingest.envelope import at_the_door, headers_of
from services.ingest.sources import READERS, Heard, Rules, alertmanager, event_v1, read

Publish = Callable[[bytes, str, dict[str, Any]], "Future[None]"]

ANSWERS: dict[int | str, dict[str, Any]] = {
    401: {"model": Refusal},
    403: {"model": Refusal},
    413: {"model": Refusal},
    422: {"model": EventFailed},
    503: {"model": Refusal},
}


class Door:
    """Publishes raw bodies; what does not parse too, so that nothing is lost, though it is answered 422."""

    def __init__(
        self,
        publish: Publish,
        policy: Policy,
        body_cap_bytes: int,
        confirm_seconds: float,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._publish, self._policy = publish, policy
        self.body_cap_bytes, self._confirm_seconds = body_cap_bytes, confirm_seconds
        self._now, self._new_id = now, new_id

    async def take_in(self, request: Request, bearer: Bearer, format: str) -> JSONResponse:
        """202 with the event id once the broker has it; 503 when it does not say so in time."""
        body = await capped_body(request, self.body_cap_bytes)
        event_id = named_id(bearer, format, body) or self._new_id()
        heard = at_the_door(bearer, format, body, event_id, self._now())
        fault = self._fault(heard)
        await self.confirm(heard)
        if fault is not None:
            return JSONResponse(EventFailed(failed_id=event_id, reason=fault).model_dump(), 422)
        return JSONResponse(EventAccepted(event_id=event_id).model_dump(), 202)

    async def confirm(self, heard: Heard) -> None:
        """Publish and wait for the broker's word. Refuses with 503 without it."""
        published = asyncio.wrap_future(self._publish(heard.body, heard.id, headers_of(heard)))
        try:
            await asyncio.wait_for(published, self._confirm_seconds)
        except (NotConfirmed, TimeoutError):
            raise refuse(503, "the broker did not confirm the event; send it again with the same event_id") from None

    def _fault(self, heard: Heard) -> str | None:
        try:
            read(heard, Rules(self._policy, lambda _name: True), READERS)
        except BadEvent as fault:
            return str(fault)
        return None


def named_id(bearer: Bearer, format: str, body: bytes) -> str | None:
    """The sender's own event id, kept apart from every other source's; None when there is none to read."""
    if format != event_v1.FORMAT:
        return None
    try:
        named = parse_event(body).event_id
    except BadEvent:
        return None
    return f"{bearer.source}/{named}" if named else None


def event_routes(door: Door, database: Database, guard: Guard, app: FastAPI | None = None) -> FastAPI:
    """The door as an app."""
    app = app or new_app("door", "Forewarn: the door")
    speaker = Depends(guard(SPEAKERS))
    source = Depends(guard(frozenset({TokenRole.SOURCE})))
    operator = Depends(guard(frozenset({TokenRole.OPERATOR})))

    @app.post("/v1/events", status_code=202, response_model=EventAccepted, responses=ANSWERS)
    async def post_event(request: Request, bearer: Annotated[Bearer, speaker]) -> JSONResponse:
        return await door.take_in(request, bearer, event_v1.FORMAT)

    @app.post("/v1/sources/alertmanager", status_code=202, response_model=EventAccepted, responses=ANSWERS)
    async def post_alertmanager(request: Request, bearer: Annotated[Bearer, source]) -> JSONResponse:
        return await door.take_in(request, bearer, alertmanager.FORMAT)

    @app.post("/v1/failed/{failed_id:path}/replay", status_code=202, response_model=EventAccepted)
    async def replay(failed_id: str, bearer: Annotated[Bearer, operator]) -> EventAccepted:
        heard = await asyncio.to_thread(failed_event, database, failed_id)
        if heard is None:
            raise refuse(404, f"there is no failed event {failed_id}; `forewarn failed list` shows them")
        if isinstance(heard, Forgotten):
            raise refuse(410, f"what {failed_id} said is kept for seven days only; report it anew")
        await door.confirm(heard)
        return EventAccepted(event_id=failed_id)

    return app


class Forgotten:
    """A failed event whose bytes are gone."""


def failed_event(database: Database, failed_id: str) -> Heard | Forgotten | None:
    """A failed event as it was heard, to be heard again."""
    with database.begin() as connection:
        row = connection.execute(
            "select id, format, body, at, source, author, role, forgotten_at from failed where id = %s", (failed_id,)
        ).fetchone()
    if row is None:
        return None
    if row["forgotten_at"] is not None:
        return Forgotten()
    role = row["role"] or "machine"
    person = row["author"] is not None
    heard = Heard(row["id"], row["format"], bytes(row["body"]), row["at"], row["source"], row["author"], role)
    return replace(heard, person=person)
