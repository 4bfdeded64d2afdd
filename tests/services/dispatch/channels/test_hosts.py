"""Laws of slots: a host is never called by more than its share at once, and a slow one holds up nobody else."""

import asyncio
import time

import pytest

from forewarn.notice import Lane
from services.dispatch.channels import hosts as module
from services.dispatch.channels.hosts import Busy, Hosts


class Traffic:
    """Calls to hosts that last as long as told, and what became of them."""

    def __init__(self, most: int) -> None:
        self.hosts = Hosts(most)
        self.there, self.most_there, self.made, self.busy = 0, 0, 0, 0

    async def call(self, host: str, seconds: float, lane: Lane = Lane.URGENT) -> None:
        try:
            async with self.hosts.slot(host, lane):
                self.there += 1
                self.most_there = max(self.most_there, self.there)
                await asyncio.sleep(seconds)
                self.there -= 1
                self.made += 1
        except Busy:
            self.busy += 1


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A caller waits 0.05 s instead of half a second."""
    monkeypatch.setattr(module, "SLOT_SECONDS", 0.05)


async def take_all(traffic: Traffic, host: str, seconds: float, calls: int) -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(calls):
            group.create_task(traffic.call(host, seconds))


def test_a_quick_host_is_called_by_its_share_at_once_and_everybody_gets_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "SLOT_SECONDS", 5.0)
    traffic = Traffic(3)

    asyncio.run(take_all(traffic, "quick.example", 0.001, 60))

    assert (traffic.made, traffic.busy) == (60, 0)
    assert traffic.most_there == 3


def test_of_a_slow_host_whoever_finds_no_slot_soon_is_turned_away() -> None:
    traffic = Traffic(3)

    asyncio.run(take_all(traffic, "slow.example", 0.3, 10))

    assert (traffic.made, traffic.busy) == (3, 7)


def test_once_one_caller_waited_in_vain_the_next_ones_do_not_wait() -> None:
    async def scene() -> tuple[float, int]:
        traffic = Traffic(1)
        holding = asyncio.create_task(traffic.call("slow.example", 0.3))
        await asyncio.sleep(0.01)
        await traffic.call("slow.example", 0)
        begun = time.monotonic()
        for _ in range(200):
            await traffic.call("slow.example", 0)
        took = time.monotonic() - begun
        await holding
        return took, traffic.busy

    took, busy = asyncio.run(scene())

    assert busy == 201
    assert took < 0.2, "two hundred waits would be ten seconds"


def test_a_full_host_is_called_again_as_soon_as_one_call_ends() -> None:
    async def scene() -> Traffic:
        traffic = Traffic(2)
        longest = asyncio.create_task(traffic.call("slow.example", 0.3))
        await take_all(traffic, "slow.example", 0.1, 2)
        await traffic.call("slow.example", 0)
        assert not longest.done()
        await longest
        return traffic

    traffic = asyncio.run(scene())

    assert (traffic.made, traffic.busy) == (3, 1)


@pytest.mark.parametrize("most, others", [(1, 1), (2, 1), (4, 3), (8, 6)])
def test_one_slot_in_four_is_for_urgent_calls_only(most: int, others: int) -> None:
    async def scene() -> tuple[int, int]:
        traffic = Traffic(most)
        async with asyncio.TaskGroup() as group:
            for _ in range(2 * most):
                group.create_task(traffic.call("slow.example", 0.3, Lane.BULK))
            await asyncio.sleep(0.1)
            bulk = traffic.there
            for _ in range(most):
                group.create_task(traffic.call("slow.example", 0.3))
            await asyncio.sleep(0.02)
            return bulk, traffic.there - bulk

    assert asyncio.run(scene()) == (others, most - others), "though the host is full for the others"


def test_another_host_has_slots_of_its_own() -> None:
    async def scene() -> bool:
        traffic = Traffic(1)
        holding = asyncio.create_task(take_all(traffic, "slow.example", 0.3, 3))
        await asyncio.sleep(0.01)
        await traffic.call("other.example", 0)
        before = traffic.made == 1 and not holding.done()
        await holding
        return before

    assert asyncio.run(scene()), "called while the slow host held its callers up"


def test_nothing_is_kept_of_hosts_that_nobody_calls() -> None:
    traffic = Traffic(1)

    asyncio.run(take_all(traffic, "slow.example", 0.1, 3))

    assert not traffic.hosts._hosts
