"""The model of a webhook's endpoint: what is posted is recorded before it is answered, unless told otherwise."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping

from aiohttp import web

from forewarn.dev.sandbox.conduct import Conduct
from forewarn.dev.sandbox.http import Request, hang_up, peer
from forewarn.dev.sandbox.lines import Posted
from forewarn.dev.sandbox.record import Record
from forewarn.dev.sandbox.rules import Moment
from forewarn.dev.sandbox.webhook.behaviour import WebhookAnswer

KEPT_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature", "content-type", "user-agent")


class Endpoint:
    """Every endpoint there is, told apart by host and path."""

    def __init__(self, record: Record, conduct: Conduct, clock: Callable[[], float]) -> None:
        self._record, self._conduct, self._clock = record, conduct, clock

    async def answer(self, request: Request) -> web.StreamResponse:
        body = await request.read()
        conduct, host = self._conduct.webhook, request.headers.get("Host", "")
        url = host + request.raw_path
        if request.method != "POST":
            return web.Response(status=405, headers={"Allow": "POST"})
        if conduct.latency_seconds:
            await asyncio.sleep(conduct.latency_seconds)
        await self._fall_silent(Moment.BEFORE_ACCEPT, request, url)
        rule = conduct.verification(url)
        if rule and not _signed(rule.secret, request.headers, body):
            return web.Response(status=401)
        answer = conduct.answer(url)
        if answer is None or answer.status < 300:
            headers = {name: request.headers[name] for name in KEPT_HEADERS if name in request.headers}
            posted = Posted(host=host, path=request.raw_path, headers=headers, body=body.decode(errors="replace"))
            self._record.write_webhook(accepted_at=self._clock(), connection=peer(request), posted=posted)
        await self._fall_silent(Moment.AFTER_ACCEPT, request, url)
        return web.Response(status=204) if answer is None else _response(answer)

    async def _fall_silent(self, stage: Moment, request: Request, url: str) -> None:
        conduct = self._conduct.webhook
        if conduct.drop(stage, url):
            await hang_up(request)
        if time_out := conduct.time_out(stage, url):
            await asyncio.sleep(time_out.hang_seconds)
            await hang_up(request)


def _response(answer: WebhookAnswer) -> web.Response:
    named = {"Retry-After": answer.retry_after, "Location": answer.location}
    headers = {name: value for name, value in named.items() if value}
    return web.Response(status=answer.status, headers=headers, body=b"x" * answer.body_bytes or None)


def _signed(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether one of the call's v1 signatures is by this secret (Standard Webhooks); its age is not looked at."""
    said = f"{headers.get('webhook-id', '')}.{headers.get('webhook-timestamp', '')}.".encode() + body
    digest = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), said, hashlib.sha256).digest()
    ours = "v1," + base64.b64encode(digest).decode()
    return any(hmac.compare_digest(ours, each) for each in headers.get("webhook-signature", "").split())
