"""How many calls are made to one host at once, without its slowness holding up the others."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from forewarn.notice import Lane

SLOT_SECONDS = 0.5
KEPT_SHARE = 4
"""One of so many slots is for urgent calls only."""


class Busy(Exception):
    """All of a host's slots are taken by calls that do not end soon."""


class _Slots:
    """So many at once; `full` once somebody waited in vain, until one is given back."""

    __slots__ = ("free", "full")

    def __init__(self, most: int) -> None:
        self.free, self.full = asyncio.Semaphore(most), False

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


class _Host:
    """All of its slots, and those of them that calls of other lanes than the urgent one may have."""

    __slots__ = ("all", "others", "users")

    def __init__(self, most: int) -> None:
        self.all, self.others, self.users = _Slots(most), _Slots(max(1, most - max(1, most // KEPT_SHARE))), 0


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
    async def slot(self, name: str, lane: Lane) -> AsyncIterator[None]:
        """One of the host's slots. Raises Busy within a second."""
        host = self._hosts.setdefault(name, _Host(self._most))
        host.users += 1
        try:
            async with AsyncExitStack() as held:
                for slots in (host.all,) if lane is Lane.URGENT else (host.others, host.all):
                    await slots.enter()
                    held.callback(slots.leave)
                yield
        finally:
            host.users -= 1
            if not host.users:
                del self._hosts[name]
