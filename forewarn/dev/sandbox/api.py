"""The sandbox provider's HTTP side for programs: what was accepted, how to behave, and a clean slate."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, HTTPException, Response

from forewarn.dev.sandbox.behaviour import Behaviour, Conduct
from forewarn.dev.sandbox.letter import Letter
from forewarn.dev.sandbox.record import Entry, Record
from forewarn.dev.sandbox.wire import Count, Headline, Opened


def api(record: Record, conduct: Conduct) -> APIRouter:
    """Routes over the given record and conduct; reads run beside the SMTP loop, writes run in it."""
    router = APIRouter()
    reading(router, record)
    steering(router, record, conduct)
    return router


def reading(router: APIRouter, record: Record) -> None:
    """What was accepted; `to` is a whole address, `subject` a part of it, both in any case."""

    @router.get("/count")
    async def count() -> Count:
        return Count(accepted=record.accepted(), recipients_distinct=record.recipients_distinct())

    @router.get("/messages")
    def messages(to: str | None = None, subject: str = "", after: int = 0) -> Response:
        entries = [entry for entry in record.entries()[:] if entry.n > after and _is_to(entry, to)]
        found = [headline(entry, Letter(raw)) for entry in entries if (raw := record.raw(entry)) is not None]
        wanted = subject.lower()
        return _json([each for each in found if wanted in each["subject"].lower()])

    @router.get("/messages/{n}")
    def message(found: Annotated[tuple[Entry, Letter], Depends(opener(record))]) -> Response:
        entry, letter = found
        raw = letter.raw.decode("latin-1")
        return _json(
            Opened(
                headline=headline(entry, letter),
                headers=letter.headers,
                text=letter.text,
                html=letter.html,
                raw=raw,
            )
        )

    @router.get("/messages/{n}/raw")
    def raw_message(found: Annotated[tuple[Entry, Letter], Depends(opener(record))]) -> Response:
        return Response(found[1].raw, media_type="message/rfc822")


def steering(router: APIRouter, record: Record, conduct: Conduct) -> None:
    """How to behave from now on; a PUT replaces the whole."""

    @router.get("/behaviour")
    async def behaviour() -> Behaviour:
        return conduct.remaining()

    @router.put("/behaviour")
    async def behave(wanted: Behaviour) -> Behaviour:
        conduct.adopt(wanted)
        return conduct.remaining()

    @router.delete("/behaviour", status_code=204)
    async def behave_normally() -> None:
        conduct.adopt(Behaviour())

    @router.delete("/messages", status_code=204)
    async def empty() -> None:
        record.empty()


class opener:  # noqa: N801 - reads as a function where it is used
    pass
