"""How a promise ends, and when a holding notice leaves: the SQL of `services.planner.promises` once more, pure.

`ended` restates ANSWERED, then RUN_OUT with DECIDED; `leaves`, `before` and `coming` restate COMING;
`Leg.far` is `rounds.far`.
tests/services/planner/simulation/test_promising.py compares both on a PostgreSQL: change them together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from forewarn.notice import CHILDREN, ChannelState, Ending, Occasion
from services.planner.promises import LEAD

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Leg:
    """A notice on one way of an outage, and how far it has come. `last_at`: the last acceptance; `open`: without a
    letter, `uncalled`: and in batches where nobody was told; `failed`: somebody ended so."""

    serial: int
    notice: str
    occasion: Occasion
    state: ChannelState
    ended: Ending | None = None
    released_at: datetime | None = None
    planned: int | None = None
    unfrozen: bool = False
    last_at: datetime | None = None
    total: int = 0
    open: int = 0
    uncalled: int = 0
    failed: bool = False

    @property
    def few(self) -> int:
        return few(self.total)

    @property
    def people(self) -> int:
        return self.total if self.planned is None else self.planned

    @property
    def gone_round(self) -> bool:
        return self.last_at is not None and not self.unfrozen and self.uncalled <= self.few


@dataclass(frozen=True, slots=True)
class Owed:
    """A promise: stated by the notice `serial`, for `due_at`."""

    serial: int
    due_at: datetime
    state: str = "open"
    cause: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None


def few(total: int) -> int:
    """So many of these who are not reached are endpoints that are away (`rounds.FEW`)."""
    return max(3, total // 100)


def few_left(leg: Leg) -> bool:
    """Whether it has been to everybody once, and waits for a few endpoints only."""
    return leg.gone_round and leg.open <= leg.few


def ended(owed: Owed, legs: Sequence[Leg], now: datetime, *, closed: bool, paused: bool) -> Owed:
    """The promise as it stands now; `legs` are all notices on its way."""
    owed = _answered(owed, legs, now)
    if owed.state != "open" or owed.due_at >= now or not _decided(owed, legs, closed):
        return owed
    stated = next(leg for leg in legs if leg.serial == owed.serial)
    unheard = stated.state is ChannelState.DRAINED and stated.last_at is None
    if closed or (unheard and not stated.failed):
        return replace(owed, state="moot", cause=None)
    cause = "nobody was reached" if unheard else "paused" if paused else "not told in time"
    return replace(owed, state="missed", cause=cause)


def leaves(owed: Owed, legs: Sequence[Leg], way: timedelta, per_second: float, ahead: float) -> datetime | None:
    """When a holding notice must leave for this promise; None while a later notice answers it.

    `way`: from the decision to the first call, the head start of the inside with it; `ahead`: so many are called first.
    """
    stated = next(leg for leg in legs if leg.serial == owed.serial)
    if stated.released_at is None or followed(owed, legs):
        return None
    drain = timedelta(seconds=(stated.people + ahead) / per_second)
    return max(owed.due_at - LEAD - way - drain, stated.released_at + (owed.due_at - stated.released_at) / 2)


def followed(owed: Owed, legs: Sequence[Leg]) -> bool:
    """As `promises.FOLLOWED`."""
    stated = next(leg for leg in legs if leg.serial == owed.serial)
    return any(_hides(leg, stated) and to_all(leg, legs) for leg in legs)


def before(owed: Owed, soon: Iterable[tuple[datetime, int]], per_second: float) -> int:
    """For how many others a holding notice must leave before this promise is due; `soon`: when theirs are, and how
    many each is for."""
    return sum(people for due, people in soon if due - timedelta(seconds=people / per_second) <= owed.due_at)


def coming(owed: Owed, legs: Sequence[Leg], way: timedelta, per_second: float, now: datetime, ahead: float = 0) -> bool:
    """Whether it must leave now; what is overdue by a day is not made good any more."""
    if owed.state not in ("open", "missed") or owed.due_at < now - DAY:
        return False
    at = leaves(owed, legs, way, per_second, ahead)
    return at is not None and at <= now


def to_all(leg: Leg, legs: Sequence[Leg]) -> bool:
    """As `promises.TO_ALL`: no child, nor a first for whoever a correction left untold."""
    if leg.occasion in CHILDREN:
        return False
    again = any(each.serial < leg.serial and each.released_at is not None for each in legs)
    return not (leg.occasion is Occasion.FIRST and again)


def _answered(owed: Owed, legs: Sequence[Leg], now: datetime) -> Owed:
    if owed.answered_by is not None or owed.state not in ("open", "missed"):
        return owed
    stated = next(leg for leg in legs if leg.serial == owed.serial)
    later = [leg for leg in legs if _after(leg, stated) and _answers(leg, owed, now) and to_all(leg, legs)]
    first = min(later, key=lambda leg: leg.released_at or now, default=None)
    if first is None or first.last_at is None:
        return owed
    told = replace(owed, answered_by=first.notice, answered_at=first.last_at)
    if first.last_at <= owed.due_at:
        return replace(told, state="kept", cause=None)
    return replace(told, state="missed", cause=owed.cause or "late")


def _answers(leg: Leg, owed: Owed, now: datetime) -> bool:
    if leg.last_at is None:
        return False
    if leg.state is ChannelState.DRAINED:
        return True
    return leg.state is ChannelState.RELEASED and owed.due_at < now and not leg.unfrozen and leg.open <= leg.few


def _decided(owed: Owed, legs: Sequence[Leg], closed: bool) -> bool:
    """Of an answer that calls many again it is known by when they heard once it has drained."""
    stated = next(leg for leg in legs if leg.serial == owed.serial)
    return closed or not any(
        _after(leg, stated)
        and leg.state is ChannelState.RELEASED
        and leg.gone_round
        and leg.open > leg.few
        and to_all(leg, legs)
        for leg in legs
    )


def _after(leg: Leg, stated: Leg) -> bool:
    """Released later; serials do not say so: a notice has one on all channels."""
    if leg.released_at is None or stated.released_at is None:
        return False
    return leg.released_at > stated.released_at


def _hides(leg: Leg, stated: Leg) -> bool:
    """Whether no holding notice is wanted for the promise, because this one came, will come, or a person said no."""
    if leg.released_at is not None:
        return _after(leg, stated)
    return leg.ended is None or (leg.ended is Ending.CANCELLED and leg.serial > stated.serial)
