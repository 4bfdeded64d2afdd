"""One client's SMTP connection: a message is recorded before it is answered, unless told otherwise."""

import asyncio
import re
from collections.abc import Callable
from typing import NoReturn, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

from forewarn.dev.sandbox.behaviour import RefuseStage, Stage
from forewarn.dev.sandbox.conduct import Conduct
from forewarn.dev.sandbox.record import Record

Clock = Callable[[], float]

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"  # RFC 5321 §4.1.2, without quoted strings and address literals
_PLAIN_ADDRESS = re.compile(rf"<({_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)>(.*)")


class Conversation:
    """The hooks that aiosmtpd calls for one connection (RFC 5321).

    PIPELINING (RFC 2920) is true: commands are read one by one, and nothing that was sent ahead is lost.
    A client that goes away during the latency leaves no record: it is accepted only when the wait is over.
    """

    def __init__(self, number: int, record: Record, conduct: Conduct, clock: Clock) -> None:
        self._number, self._record, self._conduct, self._clock = number, record, conduct, clock

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self._fall_silent(Stage.RCPT, server, [address])
        refused = await self._refused(RefuseStage.RCPT, server, [address])
        if refused is None:
            envelope.rcpt_tos.append(address)
        return refused or "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        to = envelope.rcpt_tos
        await self._fall_silent(Stage.BEFORE_ACCEPT, server, to)
        if (refused := await self._refused(RefuseStage.DATA, server, to)) is not None:
            return refused
        if self._conduct.latency_seconds:
            await asyncio.sleep(self._conduct.latency_seconds)
        try:
            n = self._accept(envelope)
        except OSError as error:
            return f"452 4.3.1 the sandbox cannot write its record: {error.strerror or 'short write'}"
        await self._fall_silent(Stage.AFTER_ACCEPT, server, to)
        return f"250 2.0.0 OK recorded as {n}"

    def _accept(self, envelope: Envelope) -> int:
        return self._record.write(
            accepted_at=self._clock(),
            connection=self._number,
            sender=envelope.mail_from or "",
            recipients=envelope.rcpt_tos,
            raw=envelope.original_content or b"",
        )

    async def _refused(self, stage: RefuseStage, server: SMTP, to: list[str]) -> str | None:
        refusal = self._conduct.refusal(stage, to)
        if refusal is None:
            return None
        answer = f"{refusal.code} {refusal.text}"
        if refusal.code == 421:
            await server.push(answer)
            await _hang_up(server)
        return answer

    async def _fall_silent(self, stage: Stage, server: SMTP, to: list[str]) -> None:
        if self._conduct.drop(stage, to):
            await _hang_up(server)
        if time_out := self._conduct.time_out(stage, to):
            await asyncio.sleep(time_out.hang_seconds)
            await _hang_up(server)


class Provider(SMTP):
    """aiosmtpd's protocol with a short way for plain addresses: its own parser halves the messages per second."""

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        plain = _PLAIN_ADDRESS.fullmatch(arg)
        return (plain[1], plain[2]) if plain else super()._getaddr(arg)


class Busy(asyncio.Protocol):
    """A provider that takes no connections now: 421 and goodbye."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        out = cast(asyncio.WriteTransport, transport)  # uvloop's own class, outside asyncio's tree
        out.write(b"421 4.3.2 the sandbox takes no connections now\r\n")
        out.close()


async def _hang_up(server: SMTP) -> NoReturn:
    assert server.transport is not None
    server.transport.close()
    await asyncio.get_running_loop().create_future()  # aiosmtpd cancels this task when the connection is lost
    raise AssertionError("a future that nobody sets was set")
