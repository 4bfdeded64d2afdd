"""A small SES on this machine: it checks every request against botocore's model and answers as it is told."""

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from typing import Any

import botocore.session
import orjson
from aiohttp import web
from botocore.validate import ParamValidator

PATH = "/v2/email/outbound-bulk-emails"

Told = Callable[[web.Request, int], Awaitable[web.StreamResponse]]


@cache
def operation() -> Any:
    """AWS's own model of SendBulkEmail."""
    return botocore.session.get_session().get_service_model("sesv2").operation_model("SendBulkEmail")


def faults_of(request: Mapping[str, Any]) -> str:
    """What AWS's model finds wrong with it; empty if nothing."""
    return str(ParamValidator().validate(request, operation().input_shape).generate_report())


def rendered(template: str, values: Mapping[str, str]) -> str:
    """The template with its values. Raises ValueError for whatever Handlebars could read in another way."""
    tag = re.compile(r"\{\{(\w+)\}\}(?!\})")
    out, at = [], 0
    while (opened := template.find("{{", at)) >= 0:
        found = tag.match(template, opened)
        if found is None or template[:opened].endswith(("\\", "{")):
            raise ValueError(f"no plain tag: {template[max(opened - 3, 0) : opened + 20]!r}")
        out += [template[at:opened], values[found[1]]]
        at = found.end()
    if "}}" in template[at:]:
        raise ValueError("closed, but not opened")
    return "".join([*out, template[at:]])


def entry(status: str, error: str | None = None) -> dict[str, str]:
    """One entry's result."""
    return {"Status": status} | ({"MessageId": "m"} if status == "SUCCESS" else {"Error": error or "…"})


def results(*statuses: str, error: str | None = None) -> Told:
    """A 200 with these results, whatever was asked."""
    return plain(200, orjson.dumps({"BulkEmailEntryResults": [entry(status, error) for status in statuses]}))


def plain(status: int, body: bytes = b"{}", **headers: str) -> Told:
    """An answer of this status; `X_Amzn_ErrorType="…"` names a header."""

    async def answer(request: web.Request, entries: int) -> web.StreamResponse:
        return web.Response(
            status=status, body=body, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    return answer


async def all_taken(request: web.Request, entries: int) -> web.StreamResponse:
    return await results(*["SUCCESS"] * entries)(request, entries)


async def cut(request: web.Request, entries: int) -> web.StreamResponse:
    """The connection is closed without an answer, the request having been read."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


class SesServer:
    """Answers with `told` in turn, then with success; `unread` closes the next connections before reading."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.requests: list[dict[str, Any]] = []
        self.heads: list[Mapping[str, str]] = []
        self.connections: set[object] = set()
        self.judge: Callable[[dict[str, Any]], Told] = lambda request: all_taken
        self.unread = 0
        self.url = ""

    async def start(self) -> "SesServer":
        app = web.Application(client_max_size=50_000_000)
        app.router.add_post(PATH, self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0]
        self.url = f"http://{host}:{port}"
        return self

    async def close(self) -> None:
        await self._runner.cleanup()

    @property
    def entries(self) -> list[dict[str, Any]]:
        """Of all requests, in order."""
        return [each for request in self.requests for each in request["BulkEmailEntries"]]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if self.unread:
            self.unread -= 1
            return await cut(request, 0)
        asked = orjson.loads(await request.read())
        if faults := faults_of(asked):
            return web.Response(status=400, body=orjson.dumps({"message": faults}))
        self.requests.append(asked)
        self.heads.append(request.headers)
        self.connections.add(request.transport)
        told = self.told.pop(0) if self.told else self.judge(asked)
        return await told(request, len(asked["BulkEmailEntries"]))
