"""How many calls are made to one host at once, without its slowness holding up the others."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

SLOT_SECONDS = 0.5


class Busy(Exception):
    """All of a host's slots are taken by calls that do not end soon."""


class _Host:
    __slots__ = ("free", "full", "users")

    def __init__(self, most: int) -> None:
        self.free, self.full, self.users = asyncio.Semaphore(most), False, 0

    async def enter(self) -> None:
        if self.full:
            raise Busy
        try:
            async with asyncio.timeout(SLOT_SECONDS):
                await self.free.acquire()
        except TimeoutError:
            self.full = True
            raise Busy from None

    def leave(self) -> None:
        self.full = False
        self.free.release()


class Hosts:
    """At most `most` calls at once to each host.

    A batch has few callers, and a slow host may own most of its recipients. If callers waited as long as the host
    takes (8 s a call), all of them would soon stand before it, and a begun call would go on the wire after its lease.
    So one caller waits half a second; then the host counts as full, and is passed over at once until one of its
    calls ends: whoever is passed over comes again with the rest of the batch, which costs no attempt.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def slot(self, name: str) -> AsyncIterator[None]:
        """One of the host's slots. Raises Busy within half a second."""
        host = self._hosts.setdefault(name, _Host(self._most))
        host.users += 1
        try:
            await host.enter()
            try:
                yield
            finally:
                host.leave()
        finally:
            host.users -= 1
            if not host.users:
                del self._hosts[name]
