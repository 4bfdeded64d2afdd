"""Laws of permits: the cap holds over all processes, whoever is urgent goes first, and most calls ask nobody."""

import asyncio
import random
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from typing import Any, TypeVar

import pytest
import redis
import redis.asyncio
from throttled import RateLimiterType, Throttled, rate_limiter, store

from forewarn.dev.servers import Servers
from forewarn.dev.servers.place import free_ports
from forewarn.notice import Lane
from services.dispatch.permits import SCRIPT, RedisPermits, permit_key
from services.dispatch.ports import Cap, Permits
from tests.support.other_redis import other_redis
from tests.support.permit_worker import Calls, meet_at, take_all
from tests.support.permits import FakePermits

T = TypeVar("T")

NOW = timedelta(0)
TWO = Cap("fake:two", 2)
"""Half a second each: slower than any machine."""


@pytest.fixture
def url(servers: Servers) -> Iterator[str]:
    with other_redis(servers.urls.redis) as other:
        yield other


@pytest.fixture
def client(url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(url) as client:
        yield client


class Counted(redis.asyncio.Redis):
    """A client that remembers how many scripts it ran."""

    scripts = 0

    async def evalsha(self, *given: Any) -> Any:
        self.scripts += 1
        return await super().evalsha(*given)


class Process:
    """One process' permits, with a clock that stands still unless moved, if asked to."""

    def __init__(self, client: Counted, still: bool) -> None:
        self.now, self._client = 0.0, client
        self.permits = RedisPermits(client, (lambda: self.now) if still else time.monotonic)

    @property
    def scripts(self) -> int:
        return self._client.scripts

    async def take(self, cap: Cap, recipients: int, soon: int = 0, lane: Lane = Lane.URGENT) -> timedelta:
        return await self.permits.take(cap, lane, recipients, soon or recipients, 30)


def in_a_process(url: str, work: Callable[[Process], Coroutine[Any, Any, T]], *, still: bool = False) -> T:
    async def connected() -> T:
        client: Counted = Counted.from_url(url, decode_responses=True)  # type: ignore[assignment]
        try:
            return await work(Process(client, still))
        finally:
            await client.aclose()

    return asyncio.run(connected())


# -- the fake and the real ones ------------------------------------------------------------------------


@pytest.fixture(params=["fake", "redis"])
def run(request: pytest.FixtureRequest) -> Callable[[Callable[[Permits], Coroutine[Any, Any, T]]], T]:
    def fake(work: Callable[[Permits], Coroutine[Any, Any, T]]) -> T:
        return asyncio.run(work(FakePermits(time.monotonic)))

    def real(work: Callable[[Permits], Coroutine[Any, Any, T]]) -> T:
        return in_a_process(request.getfixturevalue("url"), lambda process: work(process.permits))

    return fake if request.param == "fake" else real


async def _take(permits: Permits, cap: Cap = TWO, lane: Lane = Lane.URGENT, recipients: int = 1) -> timedelta:
    return await permits.take(cap, lane, recipients, recipients, 0.0)


def test_beyond_the_cap_whoever_has_no_patience_is_told_how_long_to_stay_away(run: Any) -> None:
    async def ask(permits: Permits) -> list[timedelta]:
        return [await _take(permits), await _take(permits)]

    first, second = run(ask)

    assert first == NOW
    assert NOW < second <= timedelta(seconds=0.45), "50 ms are lent"


def test_after_the_time_told_there_is_a_permit(run: Any) -> None:
    async def ask(permits: Permits) -> timedelta:
        while not (told := await _take(permits)):
            pass
        await asyncio.sleep(told.total_seconds() + 0.002)
        return await _take(permits)

    assert run(ask) == NOW


def test_a_call_that_is_worth_more_than_is_lent_is_granted_once_and_paid_for_after_it(run: Any) -> None:
    async def ask(permits: Permits) -> list[timedelta]:
        return [await _take(permits, recipients=8), await _take(permits)]

    granted, told = run(ask)

    assert granted == NOW
    assert timedelta(seconds=3) < told <= timedelta(seconds=3.95)


def test_accounts_do_not_share_a_cap(run: Any) -> None:
    async def ask(permits: Permits) -> timedelta:
        while not await _take(permits):
            pass
        return await _take(permits, Cap("fake:other", 2))

    assert run(ask) == NOW


# -- the script ----------------------------------------------------------------------------------------

KEY = permit_key("fake:scripted")


class Script:
    """permit.lua itself; what it is asked for in milliseconds."""

    def __init__(self, client: redis.Redis) -> None:
        self.client, self._script = client, client.register_script(SCRIPT)

    def ask(self, cost: float, *, ahead: float = 100, urgent: bool = False, keep: float = 500) -> float:
        """Milliseconds to wait, 0: granted."""
        given = [int(cost * 1000), int(ahead * 1000), int(urgent), int(keep * 1000)]
        return int(self._script(keys=[KEY], args=given)) / 1000

    def kept(self, field: str) -> int:
        return int(self.client.hget(KEY, field) or 0)

    @property
    def now(self) -> int:
        seconds, micro = self.client.time()
        return int(seconds) * 1_000_000 + int(micro)


@pytest.fixture
def script(client: redis.Redis) -> Script:
    return Script(client)


def test_microseconds_are_kept_to_the_last(script: Script) -> None:
    script.ask(40_000, ahead=40_000)
    costs = [random.Random(seed).randrange(1, 999) / 1000 for seed in range(50)]
    before = script.kept("tat")

    assert all(script.ask(cost, ahead=50_000) == 0 for cost in costs)

    assert script.kept("tat") - before == sum(int(cost * 1000) for cost in costs)
    assert len(str(script.kept("tat"))) == 16


def test_what_was_not_used_is_not_saved(script: Script) -> None:
    script.ask(10, ahead=1_000)
    time.sleep(0.3)

    assert script.ask(1_000, ahead=1_000) == 0
    assert script.ask(1_000, ahead=1_000) > 800, "a second without calls allows no two seconds' calls in the next"


def test_a_refused_ask_costs_nothing(script: Script) -> None:
    script.ask(10_000, ahead=10_000)
    before = script.kept("tat")

    assert [script.ask(5_000) > 0 for _ in range(20)] == [True] * 20
    assert script.kept("tat") == before


def test_while_somebody_urgent_waits_nobody_else_is_granted_anything(script: Script) -> None:
    script.ask(2_000, ahead=2_000)
    assert 1_400 < script.ask(500, ahead=1_000, urgent=True, keep=500) <= 1_500
    time.sleep(0.2)

    told = script.ask(1, ahead=2_000)
    assert 100 < told <= 300, "there is room, and what is left of half a second is somebody else's"
    time.sleep(0.4)
    assert script.ask(1, ahead=2_000) == 0, "whoever was urgent came no more"


def test_whoever_is_urgent_keeps_others_back_until_its_time_comes_and_not_longer(script: Script) -> None:
    script.ask(1_000, ahead=1_000)
    told = script.ask(200, ahead=1_000, urgent=True)
    assert 100 < told <= 200
    time.sleep(told / 1000)
    assert script.ask(200, ahead=1_000, urgent=True) == 0

    time.sleep(0.06)

    assert script.ask(1, ahead=2_000) == 0, "within half a second after somebody urgent was refused"


def test_whoever_is_urgent_and_waits_shortly_takes_nothing_from_one_that_waits_longer(script: Script) -> None:
    script.ask(1_000, ahead=1_000)
    script.ask(400, ahead=1_000, urgent=True)
    before = script.kept("want_until")

    assert 0 < script.ask(100, ahead=1_000, urgent=True) <= 100

    assert script.kept("want_until") == before


def test_an_urgent_ask_that_is_granted_keeps_nobody_back(script: Script) -> None:
    assert script.ask(10, urgent=True) == 0
    assert script.ask(10) == 0


def test_a_clock_that_was_set_back_stops_nobody(script: Script) -> None:
    hour = 3_600_000_000
    script.client.hset(KEY, mapping={"tat": script.now + hour, "want_until": script.now + hour})

    assert script.ask(10) == 0
    assert script.kept("tat") - script.now < 100_000


@pytest.mark.parametrize("seconds", [1, 30, 59])
def test_a_clock_set_back_by_less_than_a_minute_costs_nobody_more_than_what_was_lent(
    script: Script, seconds: int
) -> None:
    script.ask(200, ahead=200)
    for field in ("tat", "at"):  # as they would stand had the clock gone on until then
        script.client.hset(KEY, field, script.kept(field) + seconds * 1_000_000)
    script.client.hset(KEY, "want_until", script.now + seconds * 1_000_000)

    assert 0 < script.ask(100) <= 200
    time.sleep(0.2)
    assert script.ask(100) == 0, "and time passes all the while"


@pytest.mark.parametrize("seed", range(4))
def test_every_verdict_is_that_of_another_gcra(script: Script, url: str, seed: int) -> None:
    """throttled-py asks Redis for the time on its own: the two may differ by the time that lies between them."""
    chance, interval_ms, capacity = random.Random(seed), 10, 8
    quota = rate_limiter.per_sec(1000 // interval_ms, burst=capacity)
    other = Throttled(using=RateLimiterType.GCRA.value, quota=quota, store=store.RedisStore(server=url))
    other.limit("the script must be known")
    verdicts = []

    for key in map(str, range(6)):
        script.client.delete(KEY)
        between = 0.000_1
        for cost in chance.choices(range(1, capacity + 1), k=10):
            began = time.monotonic()
            wait = script.ask(cost * interval_ms, ahead=capacity * interval_ms) / 1000
            theirs = other.limit(key, cost=cost)
            between = max(between, time.monotonic() - began)
            if theirs.limited is not (wait > 0):
                assert max(wait, theirs.state.retry_after) <= between
                break  # one was granted and the other not: from here on they differ
            assert theirs.state.retry_after == pytest.approx(wait, abs=between)
            verdicts.append(theirs.limited)
            time.sleep(chance.choice([0, 0.001, 0.01, 0.05]))

    assert set(verdicts) == {True, False} and len(verdicts) > 20


# -- one process ---------------------------------------------------------------------------------------

FREE = Cap("fake:free", 100_000)


def test_a_batch_under_a_cap_that_does_not_bind_asks_redis_once(url: str) -> None:
    async def ten_calls(process: Process) -> tuple[list[timedelta], int]:
        answers = await asyncio.gather(*(process.take(FREE, 50, soon=500) for _ in range(10)))
        return answers, process.scripts

    assert in_a_process(url, ten_calls) == ([NOW] * 10, 1)


def test_a_process_that_spends_what_it_took_takes_twice_as_much(url: str) -> None:
    async def batches(process: Process) -> int:
        for _ in range(15):
            assert await process.take(FREE, 500) == NOW
        return process.scripts

    assert in_a_process(url, batches, still=True) == 4, "500, then 1,000, 2,000 and 4,000 make 7,500"


def test_what_is_taken_ahead_is_worth_fifty_milliseconds_at_most(url: str, client: redis.Redis) -> None:
    async def one(process: Process) -> None:
        await process.take(FREE, 1, soon=1_000_000)

    in_a_process(url, one)

    seconds, micro = client.time()
    tat = int(client.hget(permit_key(FREE.account), "tat") or 0)
    assert tat - (int(seconds) * 1_000_000 + int(micro)) < 50_000


def test_what_was_taken_ahead_is_void_after_a_tenth_of_a_second(url: str) -> None:
    async def late(process: Process) -> list[int]:
        asked = []
        for process.now in (0.0, 0.099, 0.1):
            await process.take(FREE, 1, soon=500)
            asked.append(process.scripts)
        return asked

    assert in_a_process(url, late, still=True) == [1, 1, 2]


def test_lanes_do_not_spend_each_others_allowance(url: str) -> None:
    async def both(process: Process) -> int:
        for lane in (Lane.BULK, Lane.URGENT):
            await process.take(FREE, 1, soon=500, lane=lane)
        return process.scripts

    assert in_a_process(url, both, still=True) == 2


def test_a_changed_cap_counts_at_once(url: str) -> None:
    async def changed(process: Process) -> list[timedelta]:
        caps = [Cap("fake:cap", per_second) for per_second in (1, 1_000_000, 0)]
        return [await process.take(cap, 10) for cap in caps]

    first, raised, without = in_a_process(url, changed)

    assert first == NOW
    assert raised > timedelta(seconds=5), "what was used of the old cap is used"
    assert without == timedelta(seconds=15), "a provider that takes nobody is asked again later"


def test_whoever_would_wait_longer_than_five_seconds_does_not_wait_here(url: str) -> None:
    async def twice(process: Process) -> timedelta:
        await process.take(Cap("fake:slow", 1), 20)
        return await process.take(Cap("fake:slow", 1), 1)

    began = time.monotonic()
    told = in_a_process(url, twice)

    assert timedelta(seconds=17) < told <= timedelta(seconds=20)
    assert time.monotonic() - began < 2


def test_all_who_wait_are_served_and_none_beyond_the_cap(url: str) -> None:
    cap = Cap("fake:waiters", 200)

    async def thirty(process: Process) -> float:
        began = time.monotonic()
        answers = await asyncio.gather(*(process.take(cap, 5, lane=Lane.BULK) for _ in range(30)))
        assert set(answers) == {NOW}
        return time.monotonic() - began

    assert in_a_process(url, thirty) >= 150 / 200 - 0.1, "a tenth of a second's worth is lent"


@pytest.mark.slow
def test_an_urgent_recipient_now_and_then_leaves_the_cap_to_the_others(url: str) -> None:
    cap, seconds = Cap("fake:mixed", 250), 4.0

    async def mixed(process: Process) -> float:
        end, used = time.monotonic() + seconds, 0

        async def call_on(lane: Lane, recipients: int, pause: float) -> None:
            nonlocal used
            while time.monotonic() < end:
                granted = await process.take(cap, recipients, lane=lane) == NOW
                used += recipients * (granted and time.monotonic() < end)
                await asyncio.sleep(pause)

        await asyncio.gather(call_on(Lane.URGENT, 1, 0.6), *(call_on(Lane.BULK, 50, 0.01) for _ in range(4)))
        return used / seconds

    assert in_a_process(url, mixed) >= 0.85 * cap.per_second, "six tenths of it, when each kept it for half a second"


def test_without_redis_nobody_gets_a_permit_nor_waits_for_one() -> None:
    (port,) = free_ports(1)

    told = in_a_process(f"redis://127.0.0.1:{port}/0", lambda process: process.take(FREE, 1))

    assert told == timedelta(seconds=2)


def test_a_process_that_ends_keeps_nobody_waiting(url: str) -> None:
    cap = Cap("fake:ending", 10)

    async def closed(process: Process) -> tuple[list[timedelta], float]:
        await process.take(cap, 40)
        waiting = [asyncio.create_task(process.take(cap, 1)) for _ in range(5)]
        await asyncio.sleep(0.1)
        process.permits.close()
        began = time.monotonic()
        return await asyncio.gather(*waiting), time.monotonic() - began

    told, seconds = in_a_process(url, closed)

    assert all(told) and seconds < 2.5


# -- many processes ------------------------------------------------------------------------------------


def most_in_a_second(calls: Calls) -> int:
    """Of any second that begins with a call."""
    most = within = end = 0
    for at, (begin, _) in enumerate(calls):
        while end < len(calls) and calls[end][0] < begin + 1:
            within += calls[end][1]
            end += 1
        most = max(most, within)
        within -= calls[at][1]
    return most


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.parametrize("per_second, call_size", [(1000, 10), (250, 50)])
def test_eight_workers_use_a_cap_and_do_not_pass_it(url: str, per_second: int, call_size: int) -> None:
    cap, workers, seconds, spawned = Cap("fake:shared", per_second), 8, 30, get_context("spawn")
    given = url, cap, Lane.NORMAL, call_size, 4, seconds
    with ProcessPoolExecutor(workers, spawned, meet_at, (spawned.Barrier(workers),)) as pool:
        found = [pool.submit(take_all, *given) for _ in range(workers)]
        calls = sorted(call for each in found for call in each.result())

    used, lent = sum(size for _, size in calls), max(per_second * 0.05, call_size)
    most = most_in_a_second(calls)
    print(f"\n{used / seconds:.1f} of {per_second} a second; {most} at most in one")  # noqa: T201
    assert used >= 0.95 * per_second * seconds
    assert most <= per_second + (lent + per_second * 0.05) + call_size + workers * lent
