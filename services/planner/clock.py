"""The clock: the control snapshot every second, and every debt not cleared in time."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from forewarn.runtime.health import Heartbeat
from forewarn.runtime.logs import logger
from services.planner.expand import Body
from services.planner.ports import Due

log = logger(__name__)

SNAPSHOT_SECONDS = 1.0


class Owed(Protocol):
    def plans(self) -> Sequence[int]: ...
    def windows(self) -> Sequence[Due]: ...
    def batches(self) -> Sequence[Body]: ...
    def gates(self) -> Sequence[int]: ...


@dataclass(frozen=True, slots=True)
class Hands:
    """What the clock can do about a debt."""

    plan: Callable[[int], None]
    due: Callable[[Due], None]
    body: Callable[[Body], None]
    advance: Callable[[int], None]


def tick(owed: Owed, hands: Hands) -> dict[str, int]:
    """Clear what is owed once; returns how many debts of each arrow were taken on."""
    plans, windows, bodies, gates = owed.plans(), owed.windows(), owed.batches(), owed.gates()
    for outage_id in plans:
        hands.plan(outage_id)
    for due in windows:
        hands.due(due)
    for body in bodies:
        hands.body(body)
    for outage_id in gates:
        hands.advance(outage_id)
    return {"plan": len(plans), "expand": len(windows), "sweep": len(bodies)}


class Clock:
    """Ticks on a thread of its own until told to stop. A server that is away costs ticks, never the clock."""

    def __init__(
        self,
        refresh: Callable[[], bool],
        owed: Owed,
        hands: Hands,
        tick_seconds: float,
        away: tuple[type[Exception], ...],
        noted: Callable[[str, int], None],
    ) -> None:
        self._refresh, self._owed, self._hands = refresh, owed, hands
        self._tick_seconds, self._away, self._noted = tick_seconds, away, noted
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clock", daemon=True)
        self._refreshed = -SNAPSHOT_SECONDS
        self.heartbeat = Heartbeat()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(15)

    def _run(self) -> None:
        while not self._stopping.wait(self._tick_seconds):
            self.heartbeat.beat()
            for step in (self._snapshot, self._clear):
                try:
                    step()
                except self._away as fault:
                    log.warning("clock_waits", step=step.__name__, error=type(fault).__name__)
                    self._stopping.wait(1)
                except Exception:
                    log.exception("clock_step_failed", step=step.__name__)
                    self._stopping.wait(1)

    def _snapshot(self) -> None:
        now = time.monotonic()
        if now - self._refreshed < SNAPSHOT_SECONDS:
            return
        if self._refresh():
            self._refreshed = now
            self._noted("snapshot", 1)

    def _clear(self) -> None:
        for arrow, count in tick(self._owed, self._hands).items():
            if count:
                log.info("debts_taken_on", arrow=arrow, count=count)
                self._noted(arrow, count)
