"""What became of one batch message: dropped, waiting, or sent as far as it went; and how long what is left waits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from forewarn.contracts.messages import Batch, BatchSettled
from forewarn.contracts.names import RUNGS_SECONDS
from forewarn.notice import Lane
from services.dispatch.ports import Refused

WAIT_FOR_LEASE = timedelta(seconds=5)
WAIT_FOR_SNAPSHOT = timedelta(seconds=2)
WAIT_WHILE_PAUSED, URGENT_WAIT_WHILE_PAUSED = timedelta(seconds=15), timedelta(seconds=5)
"""How soon a paused batch looks again: what is urgent should not lie long after the pause was lifted."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """The message is of the past: another copy is, or was, the one to work on, or its notice was stopped."""

    reason: Refused


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing was done; the same message comes again after the wait."""

    reason: Refused
    wait: timedelta


@dataclass(frozen=True, slots=True)
class Sent:
    """What is known now, what is left to hand on, and how to give the lease back; whom it called, see `Run.called`."""

    settled: BatchSettled
    token: str
    rest: Batch | None
    wait: timedelta
    raised: Exception | None = None
    called: Mapping[tuple[str, int], int] = field(default_factory=dict)


Outcome = Dropped | Wait | Sent


def without_lease(refused: Refused, lane: Lane, expired: bool) -> Dropped | Wait:
    """What becomes of a message that may not be worked on: it waits, which costs no turn, or falls.

    An expired one does not wait for a pause to end: the clock stops its notice, and once that is pulled nothing
    else would tell this copy to fall.
    """
    match refused:
        case Refused.LEASED:
            return Wait(refused, WAIT_FOR_LEASE)
        case Refused.NO_SNAPSHOT:
            return Wait(refused, WAIT_FOR_SNAPSHOT)
        case Refused.PAUSED if not expired:
            return Wait(refused, _while_paused(lane))
        case _:
            return Dropped(refused)


def handed_on(stopped: Refused | None) -> bool:
    """Whether what is left by a run that ended so goes on. If not, a clock publishes it anew, or pulls it."""
    return stopped in (None, Refused.NO_SNAPSHOT, Refused.LOST_LEASE, Refused.PAUSED, Refused.NO_PERMIT)


def wait_after(stopped: Refused | None, asked: Iterable[timedelta], lane: Lane) -> timedelta:
    """How long what is left waits: as long as the least patient of them, and as a pause asks for."""
    soonest = min(asked, default=WAIT_FOR_SNAPSHOT)
    return max(soonest, _while_paused(lane)) if stopped is Refused.PAUSED else soonest


def by_chance(wait: timedelta, chance: float) -> timedelta:
    """One of the two rungs of the ladder around the wait, on average the wait: the higher if `chance` is small.

    Batches that failed together come back apart: a ladder of queues knows no other way to wait a little more or less.
    """
    seconds = wait.total_seconds()
    higher = next((rung for rung in RUNGS_SECONDS if rung >= seconds), RUNGS_SECONDS[-1])
    lower = max((rung for rung in RUNGS_SECONDS if rung <= seconds), default=higher)
    goes_higher = chance * (higher - lower) < seconds - lower
    return timedelta(seconds=higher if goes_higher else lower)


def _while_paused(lane: Lane) -> timedelta:
    return URGENT_WAIT_WHILE_PAUSED if lane is Lane.URGENT else WAIT_WHILE_PAUSED
