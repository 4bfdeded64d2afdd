"""The gate: one notice in the air per outage, side and channel; what waits is replaced, what lies is stopped."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from forewarn.delivery import Reason
from forewarn.notice import CHILDREN, OF_FAILURES, Channel, ChannelState, Ending, Hold, Occasion
from forewarn.subscriber import Side
from services.planner.descent import Descent

ROUNDS = frozenset({Occasion.REMINDER, Occasion.STARTING, Occasion.PROGRESS, Occasion.OVERRUN})
TURNS = frozenset({Occasion.DELAYED, Occasion.CANCELLED, Occasion.COMPLETED})
REPLACEABLE = ROUNDS | {Occasion.FIRST, Occasion.UPDATE, Occasion.HOLDING, Occasion.RESOLVED}
"""A waiting one of these is replaced by a newer one of these, or by a turn: that tells the same people the newest
facts. A turn is replaced by a newer turn only: a reminder does not say that something is another than was told."""

TAKES_BACK = frozenset({Occasion.CORRECTION, Occasion.WITHDRAWN})
"""These are never replaced, and go before all else."""

STOPS_AT_ONCE = TAKES_BACK | TURNS | {Occasion.RESOLVED}
STOPS_THE_SLOW = ROUNDS | {Occasion.UPDATE, Occasion.HOLDING}
SLOW_SECONDS = 60.0
"""So long a notice may be in the air, or twice its estimated drain if that is longer, before news stops it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A notice on a channel that is not drained. `serial` is the order of planning.

    `few_left`: everybody was called, and whoever is open is an endpoint that is away.
    `hold_over`: the hold's time has come. `ahead`: the inside that it must let go first is settled, or was waited
    for long enough. `air_seconds`: so long it has been in the air; `drain_seconds`: so long it needs by the
    channel's rate. `names`: what a correction or a withdrawal takes back. `minimums`: for accounts with one of these
    minimum notices alone; None: for everybody.
    """

    notice_id: str
    side: Side
    channel: Channel
    occasion: Occasion
    state: ChannelState
    serial: int
    hold: Hold | None = None
    hold_over: bool = False
    ahead: bool = True
    paused: bool = False
    stopped: bool = False
    few_left: bool = False
    air_seconds: float = 0.0
    drain_seconds: float = 0.0
    names: tuple[str, ...] = ()
    minimums: tuple[str, ...] | None = None

    @property
    def slow(self) -> bool:
        """In the air for so long that news need not wait for it."""
        return self.air_seconds > max(SLOW_SECONDS, 2 * self.drain_seconds)

    def reaches_all_of(self, other: "Standing") -> bool:
        """Whether it is for every account that the other is for."""
        return self.minimums is None or (other.minimums is not None and {*other.minimums} <= {*self.minimums})


@dataclass(frozen=True, slots=True)
class Stance:
    """Where the outage stands (T16, T17).

    `open_outside`: a person let customers hear of it, or they have heard; `released`: a person did; `calm`:
    nothing fires any more; `cancelled`: planned work that will not be. `descents`: of its children of failures, by
    their ids.
    """

    open_outside: bool = True
    released: bool = True
    dismissed: bool = False
    calm: bool = False
    withdrawn: bool = False
    cancelled: bool = False
    descents: Mapping[str, Descent] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Replace:
    """The notice is not told: a newer one tells its audience the newest facts."""

    notice: Standing
    by: Standing


@dataclass(frozen=True, slots=True)
class End:
    """The notice is not told, by nobody and for good."""

    notice: Standing
    ending: Ending


@dataclass(frozen=True, slots=True)
class Release:
    """The notice goes out now, with the facts of now."""

    notice: Standing


@dataclass(frozen=True, slots=True)
class Stop:
    """The notice in the air calls nobody more; whoever it did not reach is told by the one that waits."""

    notice: Standing
    reason: Reason


Move = Replace | End | Release | Stop


def moves(standing: Iterable[Standing], stance: Stance) -> tuple[Move, ...]:
    """What to do with the notices that stand, per side and channel, in order."""

    def way(notice: Standing) -> tuple[str, str]:
        return notice.side, notice.channel

    ordered = sorted(standing, key=lambda notice: (*way(notice), notice.serial))
    return tuple(move for _, group in groupby(ordered, way) for move in _moves(list(group), stance))


def _moves(notices: list[Standing], stance: Stance) -> list[Move]:
    out: list[Move] = []
    kept: list[Standing] = []
    waiting = [n for n in notices if n.state in (ChannelState.WAITING, ChannelState.HELD)]
    for place, notice in enumerate(waiting):
        move = _ended(notice, stance) or _replaced(notice, waiting[place + 1 :])
        if move is None:
            kept.append(notice)
        else:
            out.append(move)
    in_the_air = [n for n in notices if n.state is ChannelState.RELEASED]
    out += [stop for notice in in_the_air for stop in _stopped(notice, kept, stance)]
    first = _first_to_go(kept, stance)
    if first is not None and all(_passes(first, notice, stance) for notice in in_the_air):
        out.append(Release(first))
    return out


def _stopped(in_the_air: Standing, waiting: list[Standing], stance: Stance) -> list[Stop]:
    stopper = next((n for n in waiting if _stops(n, in_the_air, stance)), None)
    if stopper is None:
        return []
    withdrawn = stopper.occasion is Occasion.WITHDRAWN
    return [Stop(in_the_air, Reason.WITHDRAWN if withdrawn else Reason.SUPERSEDED)]


def _passes(notice: Standing, in_the_air: Standing, stance: Stance) -> bool:
    """Only a child passes, and only a slow parent: they have nobody in common, since whoever may still be told by the
    parent on this channel is not moved to the child."""
    of = stance.descents.get(notice.notice_id)
    return of is not None and of.parent == in_the_air.notice_id and in_the_air.slow


def _ended(notice: Standing, stance: Stance) -> End | None:
    """What nobody shall hear any more; children who were told are still to hear that it is withdrawn."""
    if stance.withdrawn:
        stays = notice.occasion is Occasion.WITHDRAWN or notice.occasion in CHILDREN
        return None if stays else End(notice, Ending.WITHDRAWN)
    if stance.cancelled and notice.occasion in ROUNDS | {Occasion.DELAYED}:
        return End(notice, Ending.WITHDRAWN)
    if notice.side is Side.INSIDE or stance.open_outside:
        return None
    if stance.dismissed:
        return End(notice, Ending.DISMISSED)
    return End(notice, Ending.WITHDRAWN) if stance.calm and notice.hold is not None else None


def _replaced(notice: Standing, newer: list[Standing]) -> Replace | None:
    if notice.occasion not in REPLACEABLE | TURNS:
        return None
    for_them = (n for n in newer if n.reaches_all_of(notice))
    by = next((n for n in for_them if n.occasion in TURNS or {n.occasion, notice.occasion} <= REPLACEABLE), None)
    return Replace(notice, by) if by is not None else None


def _first_to_go(waiting: list[Standing], stance: Stance) -> Standing | None:
    """What takes back goes first, children last; only a child that still sleeps lets others pass."""
    awake = [n for n in waiting if n.occasion is not Occasion.WAKE or n.hold_over]
    order = sorted(awake, key=lambda n: (n.occasion not in TAKES_BACK, n.occasion in CHILDREN, n.serial))
    first = next(iter(order), None)
    return first if first is not None and _may_go(first, stance) else None


def _may_go(notice: Standing, stance: Stance) -> bool:
    return not notice.paused and notice.ahead and _let_go(notice, stance)


def _let_go(notice: Standing, stance: Stance) -> bool:
    """Whether no hold keeps it; a storm ends by a person's hand only, also for those who have heard."""
    match notice.hold:
        case None:
            return True
        case Hold.AFTER:
            return notice.hold_over or stance.open_outside
        case Hold.QUIET:
            return notice.hold_over
        case Hold.PERSON:
            return stance.open_outside
        case Hold.STORM:
            return stance.released


def _stops(notice: Standing, in_the_air: Standing, stance: Stance) -> bool:
    """Whether it ends what is in the air: at once also while itself is paused or lets the inside go first.

    The withdrawal of the whole stops everything: it reaches whoever was told, and nobody else needs to hear any more.
    Nothing else stops what wakes sleepers, nor what takes back before it has been to all but a few; a child of failures
    gives way to news that reaches whom it is for. What takes back stops only what it names.
    """
    if in_the_air.stopped or not _let_go(notice, stance):
        return False
    if stance.withdrawn and notice.occasion is Occasion.WITHDRAWN:
        return True
    if not _gives_way(in_the_air, notice, stance):
        return False
    if notice.occasion in TAKES_BACK and notice.names:
        return in_the_air.notice_id in notice.names
    if not notice.reaches_all_of(in_the_air):
        return False
    return notice.occasion in STOPS_AT_ONCE or (
        notice.occasion in STOPS_THE_SLOW and in_the_air.slow and _may_go(notice, stance)
    )


def _gives_way(in_the_air: Standing, notice: Standing, stance: Stance) -> bool:
    of = stance.descents.get(in_the_air.notice_id)
    says = of.occasion if of is not None else in_the_air.occasion
    if in_the_air.occasion is Occasion.WAKE:
        return False
    if says in TAKES_BACK:  # one endpoint that is away must not keep all others from what follows
        return in_the_air.slow and in_the_air.few_left
    return in_the_air.occasion not in OF_FAILURES or notice.occasion in REPLACEABLE | TURNS
