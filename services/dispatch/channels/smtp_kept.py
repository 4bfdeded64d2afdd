"""Connections to a relay, which are kept."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import aiosmtplib

from forewarn.notice import Lane
from services.dispatch.channels.timely import CALL_SECONDS

IDLE_SECONDS = 20.0
MOST_MESSAGES = 200
"""A connection is replaced after so many messages, and when it idled."""
FREE_SECONDS = 1.0
"""So long a call waits for a connection: there are enough, but for the first moments in which another's calls come."""
KEPT_SHARE = 4
"""One connection in so many is for urgent calls only: as a fallback the relay gets as many calls as SES has of them."""


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


class Connections:
    """Those that are free, some of them for urgent calls only."""

    def __init__(self, connections: Sequence[Connection]) -> None:
        self._free: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
        self._others = asyncio.Semaphore(max(1, len(connections) - max(1, len(connections) // KEPT_SHARE)))
        for connection in connections:
            self._free.put_nowait(connection)

    def __len__(self) -> int:
        return self._free.qsize()

    @asynccontextmanager
    async def one(self, lane: Lane) -> AsyncIterator[Connection]:
        """A connection for one call. Raises TimeoutError if none is free within 1 s."""
        async with AsyncExitStack() as held:
            async with asyncio.timeout(FREE_SECONDS):
                if lane is not Lane.URGENT:
                    await held.enter_async_context(self._others)
                connection = await self._free.get()
            held.callback(self._free.put_nowait, connection)
            yield connection

    def drop(self) -> None:
        """Close those that are free."""
        while not self._free.empty():
            self._free.get_nowait().drop()
