"""A process that takes permits as fast as it gets them, as a dispatch worker with many batches does."""

import asyncio
import time
from multiprocessing.synchronize import Barrier

from forewarn.notice import Lane
from forewarn.runtime.redis import connect_async
from services.dispatch.permits import RedisPermits
from services.dispatch.ports import Cap

Calls = list[tuple[float, int]]
"""When (time.monotonic, the same for all processes of a machine) and for how many recipients."""


_together: list[Barrier] = []


def meet_at(barrier: Barrier) -> None:
    """Where the processes of a pool wait for each other before they begin: its initializer."""
    _together[:] = [barrier]


def take_all(url: str, cap: Cap, lane: Lane, call_size: int, callers: int, seconds: float) -> Calls:
    """Every permit that so many callers were given within so many seconds after the last process is ready."""
    calls: Calls = []
    _together[0].wait(60)
    begin = time.monotonic()

    async def call_on(permits: RedisPermits) -> None:
        while (now := time.monotonic()) < begin + seconds:
            if not await permits.take(cap, lane, call_size, 10 * call_size, begin + seconds - now):
                calls.append((time.monotonic(), call_size))
                await asyncio.sleep(0.01)  # the call itself

    async def all_callers() -> None:
        client = connect_async(url)
        permits = RedisPermits(client)
        await asyncio.gather(*(call_on(permits) for _ in range(callers)))
        await client.aclose()

    asyncio.run(all_callers())
    return calls
