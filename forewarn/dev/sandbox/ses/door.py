"""The model of SES at its HTTP door: a call is recorded before it is answered, unless told otherwise."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

import orjson
from aiohttp import web

from forewarn.dev.sandbox.conduct import Conduct
from forewarn.dev.sandbox.http import Request, hang_up, peer
from forewarn.dev.sandbox.lines import Provider
from forewarn.dev.sandbox.record import Record
from forewarn.dev.sandbox.rules import Moment
from forewarn.dev.sandbox.ses.behaviour import SesStatus
from forewarn.dev.sandbox.ses.call import Call, call_of
from forewarn.dev.sandbox.ses.checks import invalid, malformed, template_tags
from forewarn.dev.sandbox.ses.conduct import ACCEPTED, Verdict
from forewarn.dev.sandbox.ses.faults import PAUSED, THROTTLED, UNKNOWN, Fault
from forewarn.dev.sandbox.ses.letter import message_id
from forewarn.dev.sandbox.ses.signature import unsigned

BULK = ("POST", "/v2/email/outbound-bulk-emails")
ACCOUNT = ("GET", "/v2/email/account")
USUAL_RATE = 100_000.0
"""MaxSendRate of GetAccount when no rate is set, recipients per second."""


class Ses:
    """One account in one region, out of Amazon's sandbox; its sender is verified, whatever it is."""

    def __init__(self, record: Record, conduct: Conduct, clock: Callable[[], float], checks: bool) -> None:
        self._record, self._conduct, self._clock, self._may_check = record, conduct, clock, checks

    async def answer(self, request: Request) -> web.StreamResponse:
        asked, body = (request.method, request.path), await request.read()
        if self._checks and (fault := self._unsigned(request, body)):
            return fault.response()
        if asked == BULK:
            return await self._send(request, body)
        return _ok(self._account()) if asked == ACCOUNT else UNKNOWN.response()

    async def _send(self, request: Request, body: bytes) -> web.Response:
        conduct = self._conduct.ses
        if conduct.latency_seconds:
            await asyncio.sleep(conduct.latency_seconds)
        call = self._understood(body)
        if isinstance(call, Fault):
            return call.response()
        await self._fall_silent(Moment.BEFORE_ACCEPT, request, call.everybody)
        if not conduct.sending_enabled:
            return PAUSED.response()
        if rule := conduct.fault(call.everybody):
            return Fault(rule.status, rule.message, rule.type).response()
        if conduct.throttles(len(call.entries)):
            return THROTTLED.response()
        try:
            results = self._accept(peer(request), call)
        except OSError as error:
            return Fault(500, f"the sandbox cannot write its record: {error.strerror or 'short write'}").response()
        await self._fall_silent(Moment.AFTER_ACCEPT, request, call.everybody)
        if conduct.lag_seconds:
            await asyncio.sleep(conduct.lag_seconds)
        short = conduct.short(call.everybody)
        return _ok({"BulkEmailEntryResults": results[: -short.missing] if short else results})

    def _understood(self, body: bytes) -> Call | Fault:
        try:
            given = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            return Fault(400, f"the body is no JSON: {error}", "SerializationException")
        if self._checks and (refused := malformed(given)):
            return refused
        return call_of(given)

    @property
    def _checks(self) -> bool:
        return self._may_check and self._conduct.ses.checks

    def _unsigned(self, request: Request, body: bytes) -> Fault | None:
        url = f"http://{request.headers.get('Host', '')}{request.raw_path}"
        return unsigned(request.method, url, request.headers, body, datetime.fromtimestamp(self._clock(), UTC))

    def _verdicts(self, call: Call) -> list[Verdict]:
        verdicts = self._conduct.ses.verdicts(call.to)
        if not self._checks:
            return verdicts
        if "TemplateContent" not in call.common["DefaultContent"]["Template"]:
            return [(SesStatus.TEMPLATE_NOT_FOUND, "the sandbox stores no templates")] * len(verdicts)
        needed = template_tags(call.common)
        for place, entry in enumerate(call.entries):
            if verdicts[place] is ACCEPTED and (why := invalid(call.common, needed, entry)):
                verdicts[place] = SesStatus.INVALID_PARAMETER, why
        return verdicts

    def _accept(self, connection: int, call: Call) -> list[dict[str, str]]:
        """Record those that are taken; what SES says of each entry."""
        verdicts = self._verdicts(call)
        taken = [place for place, verdict in enumerate(verdicts) if verdict is ACCEPTED]
        n = 0
        if taken:
            n = self._record.write_bulk(
                accepted_at=self._clock(),
                connection=connection,
                common=call.common,
                entries=[call.entries[place] for place in taken],
                to=[call.to[place] for place in taken],
            )
        numbers = count(n)
        return [
            {"Status": "SUCCESS", "MessageId": message_id(next(numbers))}
            if verdict is ACCEPTED
            else {"Status": verdict[0].value, "Error": verdict[1]}
            for verdict in verdicts
        ]

    async def _fall_silent(self, stage: Moment, request: Request, to: Sequence[str]) -> None:
        conduct = self._conduct.ses
        if conduct.drop(stage, to):
            await hang_up(request)
        if time_out := conduct.time_out(stage, to):
            await asyncio.sleep(time_out.hang_seconds)
            await hang_up(request)

    def _account(self) -> dict[str, Any]:
        return {
            "DedicatedIpAutoWarmupEnabled": False,
            "EnforcementStatus": "HEALTHY",
            "ProductionAccessEnabled": True,
            "SendingEnabled": self._conduct.ses.sending_enabled,
            "SendQuota": {
                "Max24HourSend": -1.0,  # unlimited
                "MaxSendRate": self._conduct.ses.max_send_rate or USUAL_RATE,
                "SentLast24Hours": float(self._record.counted(Provider.SES)),
            },
        }


def _ok(value: Any) -> web.Response:
    return web.Response(body=orjson.dumps(value), content_type="application/json")
