"""The sandbox provider's HTTP side for programs: what was accepted, how to behave, and a clean slate."""

from typing import Any

import orjson
from fastapi import APIRouter, HTTPException, Response

from forewarn.dev.sandbox.acceptances import split_id
from forewarn.dev.sandbox.behaviour import Behaviour
from forewarn.dev.sandbox.conduct import Conduct
from forewarn.dev.sandbox.letter import Letter
from forewarn.dev.sandbox.lines import ID_HEADER, Entry, Line, Provider
from forewarn.dev.sandbox.record import Record
from forewarn.dev.sandbox.wire import Count, Headline, Hook, Opened


def reading(record: Record) -> APIRouter:
    """What was accepted, over HTTP."""
    reader, router = _Reader(record), APIRouter()
    router.add_api_route("/count", reader.count)
    router.add_api_route("/accepted", reader.accepted)
    router.add_api_route("/webhooks", reader.webhooks)
    router.add_api_route("/messages", reader.messages)
    router.add_api_route("/messages/{n}", reader.message)
    router.add_api_route("/messages/{n}/raw", reader.raw)
    return router


class _Reader:
    """What must parse mail is a plain `def`: FastAPI runs it in a thread beside the SMTP loop."""

    def __init__(self, record: Record) -> None:
        self._record = record

    async def count(self) -> Response:
        record = self._record
        return _json(
            Count(
                accepted=record.accepted(),
                recipients_distinct=record.recipients_distinct(),
                webhooks=record.counted(Provider.WEBHOOK),
            )
        )

    async def accepted(self) -> Response:
        """How many mails: cheap at any number of them, for who waits."""
        return _json(self._record.accepted())

    def webhooks(self, after: int = 0) -> Response:
        return _json([_hook(line) for line in self._record.webhooks(after)])

    def messages(self, to: str = "", subject: str = "", after: int = 0) -> Response:
        """Oldest first; `to` is a whole address, `subject` a part of one, both in any case."""
        found = (_headline(self._record, entry) for entry in self._record.mails(after, to))
        return _json([each for each in found if each and subject.lower() in each["subject"].lower()])

    def message(self, n: int) -> Response:
        entry, letter = opened(self._record, n)
        return _json(
            Opened(
                headline=headline(entry, letter),
                headers=letter.headers,
                text=letter.text,
                html=letter.html,
                entries=letter.entries,
                raw=letter.raw.decode("latin-1"),
            )
        )

    def raw(self, n: int) -> Response:
        return Response(opened(self._record, n)[1].raw, media_type="message/rfc822")


def steering(record: Record, conduct: Conduct) -> APIRouter:
    """How to behave from now on, and forgetting; all of it runs in the SMTP loop, so that nothing races."""
    router = APIRouter()

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

    return router


def opened(record: Record, n: int) -> tuple[Entry, Letter]:
    """Message n, or 404."""
    entry = record.find(n)
    raw = record.raw(entry) if entry else None
    if entry is None or raw is None:
        raise HTTPException(404, f"no message {n}: it was never accepted, or was emptied away")
    return entry, Letter(raw)


def headline(entry: Entry, letter: Letter) -> Headline:
    message_id = letter.header("Message-ID") or ""
    identity = letter.header(ID_HEADER) or message_id.strip("<>").partition("@")[0]
    return {
        "n": entry.n,
        "provider": entry.provider,
        "accepted_at": entry.accepted_at,
        "connection": entry.connection,
        "from": entry.sender,
        "to": list(entry.recipients),
        "subject": letter.header("Subject") or "",
        "message_id": message_id,
        "references": (letter.header("References") or "").split(),
        "notice": letter.header("X-Forewarn-Notice") or split_id(identity)[0] or None,
        "id": identity,
    }


def _headline(record: Record, entry: Entry) -> Headline | None:
    raw = record.raw(entry)
    return None if raw is None else headline(entry, Letter(raw))


def _hook(line: Line) -> Hook:
    posted = line["webhook"]
    return Hook(
        n=line["n"],
        accepted_at=line["accepted_at"],
        url=posted["host"] + posted["path"],
        headers=posted["headers"],
        body=posted["body"],
    )


def _json(value: Any) -> Response:
    return Response(orjson.dumps(value), media_type="application/json")
