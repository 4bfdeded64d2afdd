"""The clock: the control snapshot every second, every debt not cleared in time, and what falls due."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from forewarn.runtime.killpoint import killpoint
from forewarn.runtime.logs import logger
from forewarn.runtime.ticker import Ticker
from services.planner.calm import Calm
from services.planner.expand import Body
from services.planner.metrics import CLOCK_FAULTS, CLOCK_LATENESS, CLOCK_TICKS
from services.planner.ports import Due, Moved

log = logger(__name__)

SNAPSHOT_SECONDS = 1.0

T = TypeVar("T")


class Owed(Protocol):
    def plans(self) -> Sequence[int]: ...
    def rungs(self) -> Sequence[int]: ...
    def windows(self) -> Sequence[Due]: ...
    def batches(self) -> Sequence[Body]: ...
    def swept(self, batch_id: int) -> None: ...
    def gates(self) -> Sequence[int]: ...
    def promises(self) -> Sequence[int]: ...
    def expired(self) -> Sequence[tuple[str, str]]: ...
    def pulls(self) -> Sequence[tuple[str, str]]: ...
    def calm(self) -> Sequence[Calm]: ...


@dataclass(frozen=True, slots=True)
class Hands:
    """What the clock can do about a debt, and what actors do beside it. `bodies` returns when all are confirmed."""

    plan: Callable[[int], None]
    due: Callable[[Due], None]
    body: Callable[[Body], None]
    bodies: Callable[[Sequence[Body]], None]
    advance: Callable[[int], None]
    moved: Callable[[Moved], None]
    pull: Callable[[str, str], None]
    settle: Callable[[Calm], None]
    page: Callable[[], None]


class Clock:
    """Two loops on threads of their own: the snapshot, which nothing may hold up, and the debts.

    A server that is away, or a debt that cannot be paid, costs that debt's turn, never the loop.
    """

    def __init__(
        self,
        refresh: Callable[[], bool],
        owed: Owed,
        hands: Hands,
        tick_seconds: float,
        away: tuple[type[Exception], ...],
        noted: Callable[[str, int], None],
        snapshot_seconds: float = SNAPSHOT_SECONDS,
        longest_seconds: float = 60,
    ) -> None:
        self._refresh, self._owed, self._hands = refresh, owed, hands
        self._away, self._noted = away, noted
        self._loops = (
            Ticker("snapshot", self.snapshot, snapshot_seconds, longest_seconds, partial(_counted, "snapshot")),
            Ticker("debts", self.tick, tick_seconds, longest_seconds, partial(_counted, "debts")),
        )

    @property
    def alive(self) -> bool:
        """Both loops go on."""
        return all(loop.alive for loop in self._loops)

    def start(self) -> None:
        for loop in self._loops:
            loop.start()

    def stop(self) -> None:
        for loop in self._loops:
            loop.stop(0)  # both are told before one is waited for
        for loop in self._loops:
            loop.stop()

    def snapshot(self) -> None:
        """Write a newer control snapshot; when another clock has just done so, that is as good."""
        if self._guarded("snapshot", self._refresh):
            self._noted("snapshot", 1)

    def tick(self) -> None:
        """Clear what is owed once, each kind and each debt by itself."""
        for outage_id in self._claimed("plan", self._owed.plans):
            self._guarded("plan", partial(self._hands.plan, outage_id))
        for outage_id in self._guarded("rung", self._owed.rungs) or ():
            self._guarded("rung", partial(self._hands.plan, outage_id))
        for due in self._claimed("expand", self._owed.windows):
            self._guarded("expand", partial(self._hands.due, due))
        for body in self._claimed("sweep", self._owed.batches):
            self._guarded("sweep", partial(self._republish, body))
        if self._claimed("expire", self._owed.expired):
            self.snapshot()  # a stop counts at once
        for notice_id, channel in self._claimed("pull", self._owed.pulls):
            self._guarded("pull", partial(self._hands.pull, notice_id, channel))
        for calm in self._guarded("settle", self._owed.calm) or ():
            self._guarded("settle", partial(self._hands.settle, calm))
        self._guarded("page", self._hands.page)
        promised, gated = self._guarded("promise", self._owed.promises), self._guarded("gate", self._owed.gates)
        for outage_id in dict.fromkeys((*(promised or ()), *(gated or ()))):
            self._guarded("gate", partial(self._hands.advance, outage_id))

    def _republish(self, body: Body) -> None:
        self._hands.body(body)
        killpoint("debt.published")
        self._owed.swept(body.batch_id)

    def _claimed(self, arrow: str, claim: Callable[[], Sequence[T]]) -> Sequence[T]:
        debts = self._guarded(arrow, claim) or ()
        if debts:
            log.info("debts_taken_on", arrow=arrow, count=len(debts))
            self._noted(arrow, len(debts))
            killpoint("debt.claimed")
        return debts

    def _guarded(self, what: str, act: Callable[[], T]) -> T | None:
        try:
            return act()
        except self._away as fault:
            log.warning("clock_waits", step=what, error=type(fault).__name__)
        except Exception:
            CLOCK_FAULTS.labels(what).inc()
            log.exception("clock_step_failed", step=what)
        return None


def _counted(loop: str, late_seconds: float) -> None:
    CLOCK_TICKS.labels(loop).inc()
    CLOCK_LATENESS.labels(loop).observe(late_seconds)
