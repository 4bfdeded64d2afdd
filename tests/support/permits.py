"""Permits in memory; passes the same suite as the real ones in Redis (tests/services/dispatch/test_permits.py)."""

from collections.abc import Callable
from datetime import timedelta

from forewarn.notice import Lane
from services.dispatch.permits import AHEAD_SECONDS
from services.dispatch.ports import Cap


class FakePermits:
    """See `services.dispatch.ports.Permits`; by a clock of its own (seconds), without waiting, and without lanes."""

    def __init__(self, clock: Callable[[], float] = lambda: 0.0) -> None:
        self.asked: list[tuple[Lane, int]] = []
        self.patience: list[float] = []
        self.wait: timedelta | None = None
        self._clock = clock
        self._due: dict[str, float] = {}

    async def take(self, cap: Cap, lane: Lane, recipients: int, soon: int, patience: float) -> timedelta:
        self.asked.append((lane, recipients))
        self.patience.append(patience)
        if self.wait is not None:
            return self.wait
        cost = recipients / cap.per_second
        due = max(self._due.get(cap.account, 0.0), self._clock()) + cost
        if (early := due - max(cost, AHEAD_SECONDS) - AHEAD_SECONDS - self._clock()) > 0:
            return timedelta(seconds=early)
        self._due[cap.account] = due
        return timedelta(0)
