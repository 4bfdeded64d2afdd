"""The clock's two loops: nothing holds up the snapshot, and no debt stands in another's way."""

import threading
from typing import Any

from prometheus_client import REGISTRY

from services.planner.clock import Clock, Hands
from tests.support.home import until


class Away(Exception):
    """A server that is not there."""


class Owing:
    """Owes what it is given, once each time it is asked."""

    def __init__(self, **debts: list[Any]) -> None:
        self.debts = debts

    def plans(self) -> list[Any]:
        return self.debts.get("plans", [])

    def rungs(self) -> list[Any]:
        return self.debts.get("rungs", [])

    def windows(self) -> list[Any]:
        return self.debts.get("windows", [])

    def batches(self) -> list[Any]:
        raise Away

    def swept(self, batch_id: int) -> None:
        raise AssertionError("nothing was swept")

    def gates(self) -> list[Any]:
        return self.debts.get("gates", [])

    def promises(self) -> list[Any]:
        return self.debts.get("promises", [])

    def expired(self) -> list[Any]:
        return self.debts.get("expired", [])

    def pulls(self) -> list[Any]:
        return self.debts.get("pulls", [])

    def calm(self) -> list[Any]:
        return self.debts.get("calm", [])


def _nothing(*_: Any) -> None:
    """Pay no debt."""


def a_clock(owed: Owing, hands: Hands, refresh: Any = lambda: True) -> Clock:
    return Clock(refresh, owed, hands, 0.02, (Away,), lambda _what, _count: None, 0.02)


def test_a_debt_that_hangs_does_not_hold_up_the_snapshot() -> None:
    hung, refreshed = threading.Event(), list[bool]()

    def hang(_outage_id: int) -> None:
        hung.wait(10)

    def refresh() -> bool:
        refreshed.append(True)
        return True

    hands = Hands(_nothing, _nothing, _nothing, _nothing, hang, _nothing, _nothing, _nothing, _nothing)
    clock = a_clock(Owing(gates=[1]), hands, refresh)

    clock.start()
    try:
        until(lambda: len(refreshed) > 5, 5, "refreshing")
    finally:
        hung.set()
        clock.stop()

    assert len(refreshed) > 5


def test_a_debt_that_cannot_be_paid_leaves_the_others_theirs() -> None:
    paid: list[Any] = []

    def advance(outage_id: int) -> None:
        if outage_id == 1:
            raise RuntimeError("a bug")
        paid.append(outage_id)

    hands = Hands(
        paid.append,
        paid.append,
        paid.append,
        _nothing,
        advance,
        _nothing,
        lambda *stop: paid.append(stop),
        paid.append,
        lambda: paid.append("page"),
    )

    a_clock(
        Owing(plans=["plan"], windows=["window"], gates=[1, 2], promises=[2, 3], pulls=[("n", "email")], calm=["calm"]),
        hands,
    ).tick()

    assert paid == ["plan", "window", ("n", "email"), "calm", "page", 2, 3]


def test_what_has_expired_is_stopped_in_redis_at_once() -> None:
    refreshed = list[bool]()

    def refresh() -> bool:
        refreshed.append(True)
        return True

    a_clock(Owing(), Hands(*[_nothing] * 9), refresh).tick()
    a_clock(Owing(expired=[("n", "email")]), Hands(*[_nothing] * 9), refresh).tick()

    assert refreshed == [True]


def test_each_loop_counts_its_rounds_and_how_late_they_began() -> None:
    def counted(name: str, loop: str) -> float:
        return REGISTRY.get_sample_value(f"forewarn_clock_{name}", {"loop": loop}) or 0.0

    before = {loop: counted("ticks_total", loop) for loop in ("snapshot", "debts")}
    late = counted("lateness_seconds_sum", "debts")

    def dawdle(_outage_id: int) -> None:
        threading.Event().wait(0.2)  # the next round is due 0.02 s after this one began

    hands = Hands(_nothing, _nothing, _nothing, _nothing, dawdle, _nothing, _nothing, _nothing, _nothing)
    clock = a_clock(Owing(gates=[1]), hands)
    clock.start()
    try:
        until(lambda: counted("ticks_total", "debts") >= before["debts"] + 3, 5, "three rounds")
    finally:
        clock.stop()

    assert counted("ticks_total", "snapshot") > before["snapshot"] + 3
    assert counted("lateness_seconds_sum", "debts") - late > 2 * 0.15
