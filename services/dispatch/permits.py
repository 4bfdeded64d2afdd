"""Permits in Redis: one GCRA per account for all processes; each process takes a few ahead and spends them itself."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from math import ceil, floor
from pathlib import Path

import redis.asyncio

from forewarn.notice import Lane
from forewarn.runtime.redis import AWAY, scripts
from services.dispatch.metrics import PERMIT_REFUSALS, PERMIT_WAIT, PROVIDER_CAP
from services.dispatch.ports import Cap

SCRIPT = scripts(Path(__file__).parent / "lua")["permit"]

AHEAD_SECONDS = 0.05
"""What a process takes ahead is worth so much of the cap, or one call. As much again may be asked for late, so that
nothing of the cap is lost while a process finds time to ask."""
VOID_SECONDS = 0.1
"""What was taken ahead and not spent by then is void: a call would come in somebody else's time."""
WANTED_SECONDS = 0.5
"""So long a refused urgent ask keeps the other lanes back."""
AGAIN_SECONDS = 0.4
"""A waiter asks again at least so often: an urgent one stays wanted, and a cap that was raised counts soon."""
LONGEST_SECONDS = 5.0
"""Whoever would wait longer than this waits on the ladder, and not in a thread."""

MICROSECONDS = 1_000_000
AHEAD_MICROSECONDS, WANTED_MICROSECONDS = int(AHEAD_SECONDS * MICROSECONDS), int(WANTED_SECONDS * MICROSECONDS)

NOW = timedelta(0)


@dataclass(frozen=True, slots=True)
class _Told:
    """The answer to one asking: seconds to wait, none if granted; `due` if a permit is to be had then."""

    wait: float
    due: bool = True

    def worth(self, patience: float) -> bool:
        """Whether whoever has so much patience waits here, in its thread."""
        return self.due and self.wait <= min(patience, LONGEST_SECONDS)


WITHOUT_REDIS, WITHOUT_CAP = _Told(2.0, due=False), _Told(15.0, due=False)


@dataclass(slots=True)
class _Allowance:
    """What one lane of this process may spend of an account without asking; and its one asking under way."""

    size: int = 0
    left: int = 0
    void_at: float = 0.0
    asking: "asyncio.Future[_Told] | None" = None

    def spend(self, recipients: int, now: float) -> bool:
        if recipients > self.left or now >= self.void_at:
            return False
        self.left -= recipients
        return True

    def next_size(self, recipients: int, soon: int, most: int, now: float) -> int:
        """As many as the asker needs soon; twice the last ones if these were all spent in time."""
        doubled = 2 * self.size if not self.left and now < self.void_at else 0
        return max(recipients, min(most, max(soon, doubled)))


class RedisPermits:
    """See `ports.Permits`. `clock` is this process' own, in seconds; caps are counted by Redis' time."""

    def __init__(self, client: redis.asyncio.Redis, clock: Callable[[], float] = time.monotonic) -> None:
        self._script, self._clock = client.register_script(SCRIPT), clock
        self._allowances: dict[tuple[str, Lane], _Allowance] = defaultdict(_Allowance)
        self._closing = False

    def close(self) -> None:
        """Nobody waits any more: this process ends."""
        self._closing = True

    async def take(self, cap: Cap, lane: Lane, recipients: int, soon: int, patience: float) -> timedelta:
        own, began = self._allowances[cap.account, lane], self._clock()
        left = patience
        if own.spend(recipients, began):
            return NOW
        while True:
            if own.asking is not None:
                told, granted = await asyncio.shield(own.asking), False
            else:
                told = await self._ask_for_all(own, cap, lane, recipients, soon, left)
                granted = not told.wait
            now = self._clock()
            if granted or own.spend(recipients, now):
                PERMIT_WAIT.labels(cap.provider, lane).observe(now - began)
                return NOW
            if told.wait and (self._closing or not told.worth(left)):
                return timedelta(seconds=told.wait)
            left = patience - (now - began)

    async def _ask_for_all(
        self, own: _Allowance, cap: Cap, lane: Lane, recipients: int, soon: int, patience: float
    ) -> _Told:
        """Ask, and wait as told, on behalf of all of this lane; they are woken together, in the order of their coming.

        What the asker itself needs is its own at once, however long the answer took.
        """
        own.asking, told = asyncio.get_running_loop().create_future(), WITHOUT_REDIS
        try:
            told = await self._ask(own, cap, lane, recipients, soon)
            if told.wait:
                PERMIT_REFUSALS.labels(cap.provider, lane).inc()
                if told.worth(patience) and not self._closing:
                    await asyncio.sleep(min(told.wait, AGAIN_SECONDS))
        finally:
            own.asking.set_result(told)
            own.asking = None
        return told

    async def _ask(self, own: _Allowance, cap: Cap, lane: Lane, recipients: int, soon: int) -> _Told:
        PROVIDER_CAP.labels(cap.provider).set(cap.per_second)
        if cap.per_second <= 0:
            return WITHOUT_CAP
        now = self._clock()
        size = own.next_size(recipients, soon, floor(cap.per_second * AHEAD_SECONDS), now)
        cost = ceil(size * MICROSECONDS / cap.per_second)
        ahead = max(cost, AHEAD_MICROSECONDS) + AHEAD_MICROSECONDS
        asked = cost, ahead, int(lane is Lane.URGENT), WANTED_MICROSECONDS
        try:
            wait = int(await self._script(keys=[permit_key(cap.account)], args=asked)) / MICROSECONDS
        except AWAY:
            return WITHOUT_REDIS
        if not wait:
            own.size, own.left, own.void_at = size, size - recipients, now + VOID_SECONDS
        return _Told(wait)


def permit_key(account: str) -> str:
    return f"forewarn:permit:{{{account}}}"
