"""Acts on sending over HTTP: pause, resume, cancel a notice, replay what failed; persons only."""

from typing import Annotated

from fastapi import APIRouter, Depends

from forewarn.access import PERSONS, READERS, Bearer, TokenRole
from forewarn.contracts.api import (
    CancelAsk,
    CancelView,
    PauseAsk,
    PauseView,
    ReplayAsk,
    ReplayView,
    ResumeAsk,
    SendingView,
)
from forewarn.runtime.http import Guard, refuse
from services.planner import named
from services.planner.pages import Pages
from services.planner.wheel import NotPaused, Reach, Replayed, TooLate, Unknown, Wheel


def wheel_routes(wheel: Wheel, pages: Pages, require: Guard) -> APIRouter:
    """What persons may do to sending, and how it stands."""
    routes = APIRouter()
    person = Depends(require(PERSONS))
    operator = Depends(require(frozenset({TokenRole.OPERATOR})))

    @routes.get("/v1/sending", dependencies=[Depends(require(READERS))])
    def sending() -> SendingView:
        return wheel.sending()

    @routes.post("/v1/sending/pause")
    def pause(ask: PauseAsk, by: Annotated[Bearer, person]) -> SendingView:
        return wheel.pause(by, _reach(pages, ask), ask.reason)

    @routes.post("/v1/sending/resume")
    def resume(ask: ResumeAsk, by: Annotated[Bearer, person]) -> SendingView:
        found = wheel.resume(by, _reach(pages, ask), ask.reason)
        if isinstance(found, NotPaused):
            raise refuse(404, f"{_words(ask.channel, ask.incident)} is not paused; {_standing(found.paused)}")
        return found

    @routes.post("/v1/notices/{notice_id}/cancel")
    def cancel(notice_id: str, ask: CancelAsk, by: Annotated[Bearer, person]) -> CancelView:
        found = wheel.cancel(by, notice_id, ask.reason)
        if isinstance(found, TooLate):
            raise refuse(409, found.reason)
        ways = [] if isinstance(found, Unknown) else pages.notice(notice_id)
        if not ways:
            raise refuse(404, _no_notice(notice_id))
        return CancelView(**ways[0].model_dump(), also=ways[1:])

    @routes.post("/v1/notices/{notice_id}/replay")
    def replay(notice_id: str, ask: ReplayAsk, by: Annotated[Bearer, operator]) -> ReplayView:
        match wheel.replay(by, notice_id, ask.reason):
            case TooLate(reason):
                raise refuse(409, reason)
            case Unknown():
                raise refuse(404, _no_notice(notice_id))
            case Replayed(_, child, people):
                return ReplayView(notice=notice_id, child=child, people=dict(people))

    return routes


def _no_notice(notice_id: str) -> str:
    return f"there is no notice {notice_id}; `forewarn incident show INC-7` names an incident's"


def _reach(pages: Pages, ask: PauseAsk | ResumeAsk) -> Reach:
    return Reach(ask.channel, named.outage_id(pages, ask.incident) if ask.incident else None)


def _words(channel: str | None, incident: str | None) -> str:
    if incident is None:
        return channel or "everything"
    return f"{channel} of {incident}" if channel else incident


def _standing(paused: list[PauseView]) -> str:
    """What can be resumed instead."""
    if not paused:
        return "nothing is"
    return (
        f"paused: {', '.join(_words(pause.channel, pause.incident) for pause in paused)}; resume exactly one of these"
    )
