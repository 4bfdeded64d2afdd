"""When a provider is left alone for a while: reckoned from what its calls came to, and from nothing else."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from forewarn.delivery import Accepted, Answer, NotReached, Refused, Unanswered

IN_A_ROW = 5
WINDOW_SECONDS, ENOUGH_CALLS, FAILING_SHARE = 10, 20, 0.5
OPEN_SECONDS = 15.0
PROBE_SECONDS = 2.0
"""How long others wait while one call tries: most answers are there by then."""


class State(StrEnum):
    """Closed: calls are made. Open: none is. Half-open: one is, to see."""

    CLOSED = "closed"
    HALF_OPEN = "half_open"
    OPEN = "open"


class Result(StrEnum):
    """What one call came to; each is a metric label."""

    ANSWERED = "answered"
    """The provider said yes or no of somebody at least."""
    THROTTLED = "throttled"
    """It took nothing, and lives: it is too fast for it, or it does not like what it is asked."""
    NOT_REACHED = "not_reached"
    UNANSWERED = "unanswered"

    @property
    def failed(self) -> bool:
        return self in (Result.NOT_REACHED, Result.UNANSWERED)


def result_of(answers: Sequence[Answer]) -> Result | None:
    """What a call came to, from the answers to everybody in it; None if it was asked of nobody: that was no call."""
    if answers and isinstance(answers[0], Accepted):  # nearly always
        return Result.ANSWERED
    results = set(map(_result, answers))
    return next((result for result in _TELLING if result in results), None)


_TELLING = Result.ANSWERED, Result.THROTTLED, Result.UNANSWERED, Result.NOT_REACHED
"""The first of these that one of its answers comes to is what the call came to."""


def _result(answer: Answer) -> Result | None:
    match answer:
        case Refused(asked=False) | NotReached(asked=False):
            return None
        case Unanswered():
            return Result.UNANSWERED
        case NotReached(retry_after=wait):
            return Result.NOT_REACHED if wait is None else Result.THROTTLED
        case _:
            return Result.ANSWERED


@dataclass(slots=True)
class _Second:
    """What came back within one second."""

    at: int
    calls: int = 0
    failed: int = 0


class Breaker:
    """One provider's, in one process. `now` is given in seconds and never goes back.

    It opens after 5 failing calls in a row, or when half of at least 20 failed within 10 s (the current second and
    the nine before it). After 15 s one call may try; if that is answered all may, else 15 s more are waited. A call
    belongs to the life of the breaker in which it was admitted: what it comes to later changes no other life.
    """

    def __init__(self) -> None:
        self._life = 0
        self._open_at: float | None = None
        self._probing = False
        self._forget()

    def state(self, now: float) -> State:
        if self._open_at is None:
            return State.CLOSED
        return State.OPEN if now < self._open_at + OPEN_SECONDS else State.HALF_OPEN

    def admit(self, now: float) -> int | None:
        """The right to make one call, to be given back to `heard`, or None. Half-open, the first to ask has it."""
        match self.state(now):
            case State.OPEN:
                return None
            case State.HALF_OPEN:
                if self._probing:
                    return None
                self._probing = True
        return self._life

    def wait(self, now: float) -> float:
        """Seconds until it is worth asking again; 0 when it is now."""
        if self._open_at is None or not (self._probing or self.state(now) is State.OPEN):
            return 0.0
        return PROBE_SECONDS if self._probing else self._open_at + OPEN_SECONDS - now

    def heard(self, admitted: int, result: Result | None, now: float) -> None:
        """What the admitted call came to; None gives the right to it back, for it was not made."""
        if admitted != self._life:
            return
        if result is None:
            self._probing = False
            return
        if self._open_at is not None:
            self._turn(now if result.failed else None)
            return
        self._count(result.failed, now)
        if self._row >= IN_A_ROW or self._too_many():
            self._turn(now)

    def _turn(self, open_at: float | None) -> None:
        """A new life, open from then on or closed."""
        self._life += 1
        self._open_at, self._probing = open_at, False
        self._forget()

    def _forget(self) -> None:
        self._row = 0
        self._seconds = deque[_Second](maxlen=WINDOW_SECONDS)

    def _count(self, failed: bool, now: float) -> None:
        self._row = self._row + 1 if failed else 0
        if not self._seconds or self._seconds[-1].at != int(now):
            self._seconds.append(_Second(int(now)))
        while self._seconds[0].at <= int(now) - WINDOW_SECONDS:
            self._seconds.popleft()
        self._seconds[-1].calls += 1
        self._seconds[-1].failed += failed

    def _too_many(self) -> bool:
        calls = sum(second.calls for second in self._seconds)
        return calls >= ENOUGH_CALLS and sum(second.failed for second in self._seconds) >= FAILING_SHARE * calls
