"""SMTP (RFC 5321): one message is one recipient, over connections that are kept."""

import asyncio
import socket
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import aiosmtplib
from aiosmtplib.errors import SMTPException, SMTPResponseException, SMTPServerDisconnected, SMTPTimeoutError

from forewarn.contracts.messages import Batch, Recipient
from forewarn.delivery import Accepted, Answer, NotReached, Refused, Unanswered
from services.dispatch.channels.mail import Mail, Unsafe
from services.dispatch.channels.timely import CALL_SECONDS
from services.dispatch.settings import DispatchSettings

IDLE_SECONDS = 20.0
MOST_MESSAGES = 200
"""A connection is replaced after so many messages, and when it idled."""
NAME_SECONDS = 2.0
FREE_SECONDS = 1.0
"""So long a call waits for a connection: there are enough, but for the first moments in which another's calls come."""
ALL_TAKEN = NotReached(timedelta(seconds=2))


class Connection:
    """One connection to the relay, opened when needed."""

    def __init__(self, host: str, port: int, own_name: str) -> None:
        self._host, self._port, self._own_name = host, port, own_name
        self._client: aiosmtplib.SMTP | None = None
        self._sent, self._used_at = 0, 0.0

    async def ready(self) -> aiosmtplib.SMTP:
        """The open client; raises SMTPException or OSError when there is none to be had."""
        stale = self._sent >= MOST_MESSAGES or time.monotonic() - self._used_at > IDLE_SECONDS
        if self._client is not None and (stale or not self._client.is_connected):
            self.drop()
        if self._client is None:
            client = aiosmtplib.SMTP(
                hostname=self._host, port=self._port, local_hostname=self._own_name, timeout=CALL_SECONDS
            )
            await client.connect()
            self._client, self._sent = client, 0
        self._sent += 1
        self._used_at = time.monotonic()
        return self._client

    def drop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


class Smtp:
    """A relay over kept connections, shared by `batches` at once so that no begun call waits for a free one."""

    call_size = 1
    cap_per_second: float | None = None

    def __init__(
        self, host: str, port: int, connections: int, batches: int, now: Callable[[], datetime], own_name: str
    ) -> None:
        """`own_name` is what the relay is greeted with (RFC 5321 §4.1.1.1)."""
        self.account, self.calls_at_once, self._now = f"smtp:{host}:{port}", max(1, connections // batches), now
        connections = self.calls_at_once * batches
        self._free: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
        for _ in range(connections):
            self._free.put_nowait(Connection(host, port, own_name))

    def prepare(self, batch: Batch) -> "Prepared":
        return Prepared(Mail(batch), batch.sender_address, self._free, self._now)

    async def close(self) -> None:
        while not self._free.empty():
            self._free.get_nowait().drop()


async def open_smtp(settings: DispatchSettings, now: Callable[[], datetime]) -> Smtp:
    """The relay of the settings; a connection is made when it is needed."""
    host, port, connections = settings.smtp_host, settings.smtp_port, settings.smtp_connections
    return Smtp(host, port, connections, settings.threads, now, await own_name())


async def own_name() -> str:
    """This machine's, asked once: the library would ask name servers for each connection, and they may be away."""
    try:
        async with asyncio.timeout(NAME_SECONDS):
            return await asyncio.to_thread(socket.getfqdn)
    except TimeoutError:
        return socket.gethostname()


class Prepared:
    """One batch's words over the relay's connections."""

    def __init__(
        self, mail: Mail, sender: str, free: "asyncio.LifoQueue[Connection]", now: Callable[[], datetime]
    ) -> None:
        self._mail, self._sender, self._free, self._now = mail, sender, free, now

    async def call(self, recipients: Sequence[Recipient]) -> Sequence[Answer]:
        (recipient,) = recipients
        try:
            message = self._mail.to(recipient, self._now())
        except Unsafe:
            return [Refused(transient=False)]
        begun = time.monotonic()
        if (connection := await self._connection()) is None:
            return [ALL_TAKEN]
        try:
            return [await transact(connection, self._sender, recipient.address, message, begun)]
        finally:
            self._free.put_nowait(connection)

    async def _connection(self) -> Connection | None:
        if not self._free.empty():
            return self._free.get_nowait()
        try:
            async with asyncio.timeout(FREE_SECONDS):
                return await self._free.get()
        except TimeoutError:
            return None


async def transact(connection: Connection, sender: str, address: str, message: bytes, begun: float) -> Answer:
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
            return Accepted()
    except SMTPResponseException as refusal:
        return _refused(connection, refusal, at_recipient)
    except (SMTPServerDisconnected, SMTPTimeoutError, SMTPException, TimeoutError, OSError):
        connection.drop()
        return Unanswered() if on_the_wire else NotReached()


def _refused(connection: Connection, refusal: SMTPResponseException, at_recipient: bool) -> Answer:
    """A no to us or to our sender is no answer about the recipient; of the recipient, 4xx may be taken later."""
    connection.drop()
    return Refused(transient=400 <= refusal.code < 500) if at_recipient else NotReached()
