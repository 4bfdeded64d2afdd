"""Laws of admission: whose cap counts, how large a call is, and connections that are kept for whoever is urgent."""

import asyncio

import pytest

from forewarn.notice import Lane
from services.dispatch.admission import Admission
from tests.support.permits import FakePermits
from tests.support.provider import FakeProvider


def an_admission(provider: FakeProvider, per_second: float = 250, connections: int = 4) -> Admission:
    return Admission(provider, FakePermits(), per_second, connections)


@pytest.mark.parametrize("own, counts", [(None, 250), (14.0, 14), (1_000.0, 250), (0.0, 0)])
def test_the_smaller_cap_counts_the_policys_or_the_providers_own(own: float | None, counts: float) -> None:
    provider = FakeProvider()
    admission = an_admission(provider)
    assert admission.cap.per_second == 250

    provider.cap_per_second = own

    assert admission.cap.per_second == counts, "asked anew before each call"


def test_a_cap_is_of_the_account_that_is_called_now() -> None:
    provider = FakeProvider()
    admission = an_admission(provider)
    before = admission.cap

    provider.account = "smtp:127.0.0.1:25"

    assert (before.account, admission.cap.account, admission.cap.provider) == ("fake", "smtp:127.0.0.1:25", "smtp")


@pytest.mark.parametrize("per_second, size", [(100_000, 50), (250, 50), (249, 49), (14, 2), (1, 1), (0, 1)])
def test_a_call_is_worth_a_fifth_of_a_second_of_the_cap_at_most(per_second: float, size: int) -> None:
    admission = an_admission(FakeProvider(call_size=50), per_second)

    assert admission.call_size(admission.cap) == size


@pytest.mark.parametrize("connections, others", [(1, 1), (2, 1), (4, 3), (16, 12)])
def test_bulk_calls_leave_connections_to_urgent_ones(connections: int, others: int) -> None:
    admission = an_admission(FakeProvider(), connections=connections)
    held: list[Lane] = []

    async def call(lane: Lane, over: asyncio.Event) -> None:
        async with admission.connection(lane):
            held.append(lane)
            await over.wait()

    async def all_lanes() -> None:
        over = asyncio.Event()
        bulk = [asyncio.create_task(call(Lane.BULK, over)) for _ in range(2 * connections)]
        await asyncio.sleep(0.01)
        assert held == [Lane.BULK] * others
        urgent = [asyncio.create_task(call(Lane.URGENT, over)) for _ in range(connections)]
        await asyncio.sleep(0.01)
        assert held.count(Lane.URGENT) == connections - others
        over.set()
        await asyncio.gather(*bulk, *urgent)

    asyncio.run(all_lanes())
    assert len(held) == 3 * connections, "everybody had one in the end"
