"""Admission to a provider: a free connection and a permit under its cap, before any call is begun."""

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

from forewarn.notice import Lane
from services.dispatch.ports import Cap, Permits, Provider

CALL_SECONDS = 0.2
"""A call is worth so much of the cap at most, and one recipient at least: an account that takes 14 a second is not
called for 50."""
KEPT_SHARE = 4
"""One connection in so many is for urgent calls only: a bulk call that hangs holds its own for 8 s."""


NOW = timedelta(0)


class Admission:
    """To one provider, for all runners of this process: `connections` calls at once, `per_second` recipients.

    The provider may allow less than `per_second`; the smaller cap counts.
    """

    def __init__(self, provider: Provider, permits: Permits, per_second: float, connections: int) -> None:
        self._provider, self._permits, self._per_second = provider, permits, per_second
        self._cap = Cap("", 0)
        self._all = asyncio.Semaphore(connections)
        self._others = _Within(max(1, connections - max(1, connections // KEPT_SHARE)), self._all)

    @property
    def cap(self) -> Cap:
        """Of the account that is called now."""
        own = self._provider.cap_per_second
        per_second = self._per_second if own is None or own > self._per_second else own
        account = self._provider.account
        if account != self._cap.account or per_second != self._cap.per_second:
            self._cap = Cap(account, per_second)
        return self._cap

    def call_size(self, cap: Cap) -> int:
        """Recipients of the next call."""
        return max(1, min(self._provider.call_size, int(cap.per_second * CALL_SECONDS)))

    def connection(self, lane: Lane) -> AbstractAsyncContextManager[None]:
        """One of the connections, for as long as a call and its permit take."""
        return self._all if lane is Lane.URGENT else self._others

    async def permit(self, cap: Cap, lane: Lane, recipients: int, soon: int, patience: float) -> timedelta:
        """See `ports.Permits.take`; nobody to call needs no permit."""
        return await self._permits.take(cap, lane, recipients, soon, patience) if recipients else NOW


class _Within:
    """At most so many of a lane's calls at once, within those of all lanes."""

    def __init__(self, most: int, of_all: asyncio.Semaphore) -> None:
        self._own, self._all = asyncio.Semaphore(most), of_all

    async def __aenter__(self) -> None:
        await self._own.acquire()
        try:
            await self._all.acquire()
        except BaseException:
            self._own.release()
            raise

    async def __aexit__(self, *raised: object) -> None:
        self._all.release()
        self._own.release()
