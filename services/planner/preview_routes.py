"""Previews over HTTP: of an event before it is sent, of an outage as it stands."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from forewarn.access import READERS, SPEAKERS, Bearer
from forewarn.contracts.api import PreviewView
from forewarn.contracts.event import BadEvent
from forewarn.contracts.schedule_api import ScheduleView
from forewarn.runtime.http import Guard, capped_body, refuse
from services.planner import named
from services.planner.pages import Pages
from services.planner.preview import Previews

BODY_CAP_BYTES = 1_048_576
"""As large as an event at the door may be."""


def preview_routes(previews: Previews, pages: Pages, require: Guard) -> APIRouter:
    """What would be told; nothing is sent."""
    routes = APIRouter()

    @routes.post("/v1/preview", openapi_extra={"requestBody": {"content": {"application/json": {}}, "required": True}})
    async def of_event(
        request: Request, speaker: Annotated[Bearer, Depends(require(SPEAKERS | READERS))]
    ) -> PreviewView:
        body = await capped_body(request, BODY_CAP_BYTES)
        try:
            return await asyncio.to_thread(previews.of_event, body, speaker)
        except BadEvent as fault:
            raise refuse(422, str(fault)) from None

    @routes.get("/v1/outages/{name}/preview", dependencies=[Depends(require(READERS))])
    def of_outage(name: str) -> PreviewView:
        return previews.of_outage(named.outage_id(pages, name))

    @routes.post(
        "/v1/maintenances/rehearsal",
        openapi_extra={"requestBody": {"content": {"application/json": {}}, "required": True}},
    )
    async def rehearsal(
        request: Request, speaker: Annotated[Bearer, Depends(require(SPEAKERS | READERS))]
    ) -> ScheduleView:
        body = await capped_body(request, BODY_CAP_BYTES)
        try:
            return await asyncio.to_thread(previews.agenda_of_event, body, speaker)
        except BadEvent as fault:
            raise refuse(422, str(fault)) from None

    @routes.get("/v1/outages/{name}/schedule", dependencies=[Depends(require(READERS))])
    def schedule(name: str) -> ScheduleView:
        try:
            return previews.agenda_of_outage(named.outage_id(pages, name))
        except BadEvent as fault:
            raise refuse(422, str(fault)) from None

    return routes
