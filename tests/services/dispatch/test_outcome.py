"""Laws of waits: what a ladder of five queues can do to bring batches back apart."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.contracts.names import RUNGS_SECONDS
from forewarn.delivery import backoff
from services.dispatch.outcome import by_chance

CHANCES = [(n + 0.5) / 1000 for n in range(1000)]


@given(st.floats(0, 1_000), st.floats(0, 1, exclude_max=True))
def test_a_wait_by_chance_is_one_of_the_two_rungs_around_it(seconds: float, chance: float) -> None:
    waited = by_chance(timedelta(seconds=seconds), chance).total_seconds()

    seconds = timedelta(seconds=seconds).total_seconds()
    around = [
        max((r for r in RUNGS_SECONDS if r <= seconds), default=2),
        min([r for r in RUNGS_SECONDS if r >= seconds] or [300]),
    ]
    assert waited in around


@pytest.mark.parametrize("attempt", range(1, 10))
def test_the_rungs_come_to_the_wait_on_average(attempt: int) -> None:
    waits = [by_chance(backoff(attempt), chance).total_seconds() for chance in CHANCES]

    assert sum(waits) / len(waits) == pytest.approx(backoff(attempt).total_seconds(), abs=0.3)


def test_five_attempts_take_half_a_minute_on_average() -> None:
    waits = [by_chance(backoff(attempt), chance).total_seconds() for attempt in (1, 2, 3, 4) for chance in CHANCES]

    assert sum(waits) / len(CHANCES) == pytest.approx(30, abs=1)
