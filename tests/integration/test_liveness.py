"""/livez turns 503 when a loop that must go on has died or is stuck, and only then."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import urllib3

from forewarn.runtime.health import Health
from services.planner.clock import Clock, Hands
from tests.support.home import until


class Away(Exception):
    """A server that the clock needs is not there."""


class NothingOwed:
    def plans(self) -> list[int]:
        return []

    rungs = windows = batches = gates = promises = expired = pulls = calm = plans


@contextmanager
def ticking(refresh: Callable[[], bool]) -> Iterator[Callable[[], int]]:
    """A clock behind a /livez that is asked by the function; a beat may be 2 s old, in place of 60 s."""
    nothing: Any = NothingOwed()
    hands = Hands(*[lambda *_: None] * 9)
    clock = Clock(refresh, nothing, hands, 0.02, (Away,), lambda _what, _count: None, 0.02, longest_seconds=2.0)
    health = Health("127.0.0.1", 0, lambda: clock.alive, lambda: True)
    clock.start()
    try:
        yield lambda: urllib3.request("GET", f"http://127.0.0.1:{health.port}/livez", timeout=5).status
    finally:
        clock.stop()
        health.close()


@pytest.mark.slow
def test_a_clock_that_ticks_is_alive() -> None:
    with ticking(lambda: True) as livez:
        time.sleep(2.5)

        assert livez() == 200


@pytest.mark.slow
@pytest.mark.parametrize("fault", [SystemExit(), GeneratorExit()])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_clock_whose_thread_died_is_not(fault: BaseException) -> None:
    def die() -> bool:
        raise fault

    with ticking(die) as livez:
        first = livez()
        until(lambda: livez() == 503, 10)

    assert first == 200


@pytest.mark.slow
def test_a_clock_that_is_stuck_is_not() -> None:
    stuck = threading.Event()

    with ticking(lambda: stuck.wait(30)) as livez:
        until(lambda: livez() == 503, 10)
        stuck.set()
        until(lambda: livez() == 200, 10)


def test_a_clock_whose_steps_fail_goes_on_and_is_alive() -> None:
    faults: list[Exception] = [ValueError("a bug"), Away()]
    done = threading.Event()

    def refresh() -> bool:
        if faults:
            raise faults.pop(0)
        done.set()
        return True

    with ticking(refresh) as livez:
        done.wait(10)

        assert livez() == 200
