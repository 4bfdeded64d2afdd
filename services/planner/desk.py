"""The desk: what people ask about outages and decide about sending, over HTTP; other acts are events."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Query

from forewarn.access import READERS, SPEAKERS
from forewarn.contracts.api import (
    DeliveryView,
    EventState,
    FailedView,
    LogEntry,
    OutageRow,
    OutageView,
    PolicyView,
    StatusView,
    WhyView,
)
from forewarn.contracts.policy_file import differences, effective, policy_hash
from forewarn.outage import Kind
from forewarn.runtime.http import Guard, new_app, refuse
from services.planner import named
from services.planner.calendar_page import calendar_routes
from services.planner.calendar_table import calendar_table_routes
from services.planner.log import log_of
from services.planner.pages import Pages
from services.planner.preview import Previews
from services.planner.preview_routes import preview_routes
from services.planner.wheel import Wheel
from services.planner.wheel_routes import wheel_routes
from services.planner.why_page import why_of

Most = Annotated[int, Query(ge=1, le=100_000)]


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk answers from. `snapshot_age` is None while no control snapshot stands."""

    pages: Pages
    wheel: Wheel
    previews: Previews
    require: Guard
    snapshot_age: Callable[[], float | None]


def desk_app(desk: Desk) -> FastAPI:
    """The desk as an app; every route but the calendar's needs a token that may."""
    app = new_app("desk", "Forewarn: the desk")
    app.include_router(_glances(desk))
    app.include_router(_outages(desk.pages, desk.require))
    app.include_router(_failed(desk.pages, desk.require))
    app.include_router(calendar_routes(desk.pages.database, desk.pages.policy))
    app.include_router(calendar_table_routes(desk.pages.database, desk.pages.policy, desk.require))
    app.include_router(preview_routes(desk.previews, desk.pages, desk.require))
    app.include_router(wheel_routes(desk.wheel, desk.pages, desk.require))
    return app


def _glances(desk: Desk) -> APIRouter:
    routes, pages = APIRouter(), desk.pages
    reader = [Depends(desk.require(READERS))]

    @routes.get("/v1/events/{event_id:path}", dependencies=[Depends(desk.require(SPEAKERS | READERS))])
    def event(event_id: str) -> EventState:
        return pages.event(event_id)

    @routes.get("/v1/status", dependencies=reader)
    def status() -> StatusView:
        return pages.status(desk.snapshot_age())

    @routes.get("/v1/policy", dependencies=reader)
    def policy() -> PolicyView:
        known = pages.policy
        return PolicyView(hash=policy_hash(known), differences=differences(known), effective=effective(known))

    return routes


def _outages(pages: Pages, require: Guard) -> APIRouter:
    routes = APIRouter(dependencies=[Depends(require(READERS))])

    @routes.get("/v1/outages")
    def outages(open: bool | None = None, kind: Kind | None = None) -> list[OutageRow]:
        return pages.outages(open, kind)

    @routes.get("/v1/outages/{name}")
    def outage(name: str) -> OutageView:
        return pages.outage(named.outage_id(pages, name))

    @routes.get("/v1/outages/{name}/log")
    def log(name: str) -> list[LogEntry]:
        return log_of(pages, named.outage_id(pages, name))

    @routes.get("/v1/outages/{name}/deliveries")
    def deliveries(name: str, to: str | None = None, most: Most = 1000) -> list[DeliveryView]:
        return pages.deliveries(named.outage_id(pages, name), named.subscriber_id(pages, to) if to else None, most)

    @routes.get("/v1/outages/{name}/why/{subscriber:path}")
    def why(name: str, subscriber: str) -> WhyView:
        return why_of(pages, named.outage_id(pages, name), named.subscriber_id(pages, subscriber))

    return routes


def _failed(pages: Pages, require: Guard) -> APIRouter:
    routes = APIRouter(dependencies=[Depends(require(READERS))])

    @routes.get("/v1/failed")
    def failed() -> list[FailedView]:
        return pages.failed()

    @routes.get("/v1/failed/{failed_id:path}")
    def failed_one(failed_id: str) -> FailedView:
        found = pages.failed(failed_id)
        if not found:
            raise refuse(404, f"there is no failed event {failed_id}; `forewarn failed list` shows them")
        return found[0]

    return routes
