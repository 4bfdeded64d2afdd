"""SMTP (RFC 5321): one message is one recipient, over connections that are kept."""

import asyncio
import socket
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from aiosmtplib.errors import SMTPException, SMTPResponseException, SMTPServerDisconnected, SMTPTimeoutError

from forewarn.contracts.messages import Batch, Recipient
from forewarn.delivery import Answer
from services.dispatch.channels.mail import Mail, Unsafe
from services.dispatch.channels.smtp_kept import Connection, Connections
from services.dispatch.channels.smtp_said import ANSWERS, Said, refused
from services.dispatch.channels.timely import CALL_SECONDS
from services.dispatch.metrics import PROVIDER_ANSWERS
from services.dispatch.settings import DispatchSettings

NAME_SECONDS = 2.0


class Smtp:
    """A relay over kept connections, shared by `batches` at once so that no begun call waits for a free one."""

    call_size = 1

    def __init__(
        self,
        host: str,
        port: int,
        connections: int,
        batches: int,
        now: Callable[[], datetime],
        own_name: str,
        per_second: float | None = None,
    ) -> None:
        """`own_name` is what the relay is greeted with (RFC 5321 §4.1.1.1); `per_second`: what it takes, if known."""
        self.cap_per_second = per_second
        self.account, self.calls_at_once, self._now = f"smtp:{host}:{port}", max(1, connections // batches), now
        self._connections = Connections([Connection(host, port, own_name) for _ in range(self.calls_at_once * batches)])
        for said in Said:
            PROVIDER_ANSWERS.labels("smtp", said)  # from no series at all, 1 is no increase

    def prepare(self, batch: Batch) -> "Prepared":
        return Prepared(batch, self._connections, self._now)

    async def close(self) -> None:
        self._connections.drop()


async def open_smtp(settings: DispatchSettings, now: Callable[[], datetime]) -> Smtp:
    """The relay of the settings; a connection is made when it is needed."""
    host, port, connections = settings.smtp_host, settings.smtp_port, settings.smtp_connections
    return Smtp(host, port, connections, settings.threads, now, await own_name(), settings.smtp_per_second)


async def own_name() -> str:
    """This machine's, asked once: the library would ask name servers for each connection, and they may be away."""
    try:
        async with asyncio.timeout(NAME_SECONDS):
            return await asyncio.to_thread(socket.getfqdn)
    except TimeoutError:
        return socket.gethostname()


class Prepared:
    """One batch's words over the relay's connections."""

    def __init__(self, batch: Batch, connections: Connections, now: Callable[[], datetime]) -> None:
        self._mail, self._batch, self._connections, self._now = Mail(batch), batch, connections, now

    async def call(self, recipients: Sequence[Recipient]) -> Sequence[Answer]:
        (recipient,) = recipients
        said = await self._said(recipient)
        if not self._batch.test:
            PROVIDER_ANSWERS.labels("smtp", said).inc()
        return [ANSWERS[said]]

    async def _said(self, recipient: Recipient) -> Said:
        try:
            message = self._mail.to(recipient, self._now())
        except Unsafe:
            return Said.UNSENDABLE
        begun = time.monotonic()
        try:
            async with self._connections.one(self._batch.lane) as connection:
                return await transact(connection, self._batch.sender_address, recipient.address, message, begun)
        except TimeoutError:  # of waiting for a connection: a transaction raises none
            return Said.BUSY


async def transact(connection: Connection, sender: str, address: str, message: bytes, begun: float) -> Said:
    """One mail transaction, ended within 8 s of `begun`. No answer may mean yes once the message is on the wire."""
    at_recipient, on_the_wire = False, False
    try:
        async with asyncio.timeout(begun + CALL_SECONDS - time.monotonic()):
            client = await connection.ready()
            await client.mail(sender, options=["BODY=8BITMIME"])
            at_recipient = True
            await client.rcpt(address)
            if time.monotonic() - begun > CALL_SECONDS:  # this process stood still: the timeout has not been seen yet
                raise TimeoutError
            on_the_wire = True
            await client.data(message)
            return Said.ACCEPTED
    except SMTPResponseException as refusal:
        connection.drop()
        return refused(refusal.code, refusal.message, at_recipient)
    except (SMTPServerDisconnected, SMTPTimeoutError, SMTPException, TimeoutError, OSError):
        connection.drop()
        return Said.NO_ANSWER if on_the_wire else Said.NOT_REACHED
