"""The desk: what people ask about outages, over HTTP; it reads, and decides nothing."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, FastAPI, Query

from forewarn.access import READERS, SPEAKERS
from forewarn.contracts.api import (
    DeliveryView,
    EventState,
    FailedView,
    OutageRow,
    OutageView,
    StatusView,
    WhyView,
)
from forewarn.outage import Kind
from forewarn.runtime.http import Guard, new_app, refuse
from services.planner.pages import Pages
from services.planner.why_page import why_of

Most = Annotated[int, Query(ge=1, le=100_000)]


def desk_app(pages: Pages, require: Guard, snapshot_age: Callable[[], float | None]) -> FastAPI:
    """The desk as an app; every route needs a token that may read."""
    app = new_app("desk", "Forewarn: the desk")
    reader = [Depends(require(READERS))]

    def outage_id(name: str) -> int:
        found = pages.outage_id(name)
        if found is None:
            raise refuse(404, f"there is no {name}; `forewarn incident list --all` shows what there is")
        return found

    def subscriber_id(named: str) -> int:
        found = pages.subscriber_id(named)
        if found is None:
            raise refuse(404, f"nobody in the directory has the id or address {named!r}")
        return found

    @app.get("/v1/events/{event_id:path}", dependencies=[Depends(require(SPEAKERS | READERS))])
    def event(event_id: str) -> EventState:
        return pages.event(event_id)

    @app.get("/v1/status", dependencies=reader)
    def status() -> StatusView:
        return pages.status(snapshot_age())

    @app.get("/v1/outages", dependencies=reader)
    def outages(open: bool | None = None, kind: Kind | None = None) -> list[OutageRow]:
        return pages.outages(open, kind)

    @app.get("/v1/outages/{name}", dependencies=reader)
    def outage(name: str) -> OutageView:
        return pages.outage(outage_id(name))

    @app.get("/v1/outages/{name}/deliveries", dependencies=reader)
    def deliveries(name: str, to: str | None = None, most: Most = 1000) -> list[DeliveryView]:
        return pages.deliveries(outage_id(name), subscriber_id(to) if to else None, most)

    @app.get("/v1/outages/{name}/why/{subscriber:path}", dependencies=reader)
    def why(name: str, subscriber: str) -> WhyView:
        return why_of(pages, outage_id(name), subscriber_id(subscriber))

    @app.get("/v1/failed", dependencies=reader)
    def failed() -> list[FailedView]:
        return pages.failed()

    @app.get("/v1/failed/{failed_id:path}", dependencies=reader)
    def failed_one(failed_id: str) -> FailedView:
        found = pages.failed(failed_id)
        if not found:
            raise refuse(404, f"there is no failed event {failed_id}; `forewarn failed list` shows them")
        return found[0]

    return app
