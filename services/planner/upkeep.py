"""What planned work wants on a channel: the rungs whose time has come, and what a revision brings about (T1 to T7)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from forewarn.notice import CHILDREN, Channel, Lane, Occasion, lane_of
from forewarn.outage import BEGUN, OVER, Facts, Outage, Status, Window
from forewarn.subscriber import Side
from services.planner.gate import TAKES_BACK, TURNS
from services.planner.rungs import Before, Fate, Placed, Work, placed, rungs
from services.planner.schedule import TAKEN_BACK_BY, Planned, Promised, Revision, Wanted, taken_back

SOON = timedelta(hours=1)
"""A reminder so shortly before the start, or the deadline, does not wait behind a million others (DESIGN 3, lanes)."""

TO_NOBODY_NEW = TAKES_BACK | {Occasion.CANCELLED}

Way = tuple[Side, Channel]


@dataclass(frozen=True, slots=True)
class Told:
    """What was told on one way: the slots of rungs, and the facts of the newest notice; None if nobody was told."""

    slots: Collection[str] = ()
    facts: Facts | None = None


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Planned work before its planner. `known_since`: when it was heard of, or moved to where it is.

    `drains`: how long a notice takes on each way, as people read time.
    """

    outage: Outage
    work: Work
    before: Before
    known_since: datetime
    now: datetime
    drains: Mapping[Way, timedelta] = field(default_factory=dict)
    told: Mapping[Way, Told] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ended:
    """A rung that is over, and the slot of the notice that tells it; none if nobody is told of it any more."""

    placed: Placed
    by: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """What one way wants now, what became of its rungs, and when the next is due."""

    wanted: tuple[Wanted, ...] = ()
    ended: tuple[Ended, ...] = ()
    due_at: datetime | None = None


def step(
    upkeep: Upkeep,
    way: Way,
    planned: Iterable[Planned],
    unseen: Sequence[Revision],
    promised: Iterable[Promised] = (),
) -> Step:
    """What a revision brings about is told at once, and tells for the rungs that are due with it."""
    side = way[0]
    own = [p for p in planned if (p.side, p.channel) == way and p.occasion not in CHILDREN]
    heard = any(p.released for p in own)
    back = tuple(taken_back(side, unseen)) if heard else ()
    if upkeep.outage.withdrawn:
        return Step(back)
    over = upkeep.outage.facts.status in OVER
    found = () if over else placed_on(upkeep, way)
    news = _news(upkeep, way, own, unseen, found, heard=heard)
    if over:
        return Step((*back, *news), _left(upkeep, way, news))
    now = [each for each in found if each.fate is Fate.NOW]
    told = news or tuple(_of_rung(upkeep, side, each) for each in now)
    by = told[-1].slot if told else None
    if not told and back and any(p.in_the_air for p in own):
        told = (_for_the_rest(upkeep, way, own, unseen),)
    alone = _heard_alone(own)
    if not told and not any(p.waiting and (p.minimums is None or alone) for p in own):
        owed = [p for p in promised if (p.side, p.channel) == way]
        due_at = (min(p.due_at for p in owed).isoformat() for _ in owed[:1])
        told = tuple(Wanted(side, Occasion.HOLDING, _slot(slot, alone), minimums=alone) for slot in due_at)
    ended = tuple(
        Ended(each, None if each.fate is Fate.LAPSED else by) for each in found if each.fate is not Fate.WAITS
    )
    waits = (each.rung.leaves for each in found if each.fate is Fate.WAITS)
    return Step((*back, *told), ended, min(waits, default=None))


def _for_the_rest(upkeep: Upkeep, way: Way, own: Sequence[Planned], unseen: Sequence[Revision]) -> Wanted:
    """What is taken back stops the notice in the air: whoever it did not reach is told by another (T17)."""
    acts = [revision for revision in unseen if revision.act in TAKEN_BACK_BY]
    occasion = Occasion.FIRST
    if any(revision.notices for revision in acts):
        occasion = Occasion.PROGRESS if upkeep.work.started else Occasion.REMINDER
    only = _heard_alone(own)
    slot = _slot(str(acts[-1].revision), only)
    return Wanted(way[0], occasion, slot, lane=_lane(Occasion.REMINDER, way[0]), minimums=only)


def placed_on(upkeep: Upkeep, way: Way) -> tuple[Placed, ...]:
    """Every rung of a way that was not told, and what becomes of it now.

    A way that joins, with its first webhook, hears at once where it stands. What others were told by then is not late.
    """
    told = upkeep.told.get(way, Told())
    wanted = rungs(upkeep.work, upkeep.before, upkeep.drains.get(way, timedelta(0)), upkeep.now)
    found = placed(wanted, told.slots, upkeep.known_since, upkeep.now)
    if told.slots or told.facts is not None:
        return found
    by_others = {slot for other, known in upkeep.told.items() if other[0] is way[0] for slot in known.slots}
    return tuple(replace(each, late=each.late and each.rung.slot not in by_others) for each in found)


def window_of(facts: Facts) -> tuple[Window, datetime] | None:
    """The window, and the end expected now; a stated end before the start is none."""
    if facts.window is None:
        return None
    later = facts.expected_end is not None and facts.expected_end > facts.window.start
    return facts.window, facts.expected_end if later and facts.expected_end is not None else facts.window.end


def _left(upkeep: Upkeep, way: Way, news: Sequence[Wanted]) -> tuple[Ended, ...]:
    """What was due before the work was over, and no clock has told: its end tells for it, if that is told."""
    at = min(upkeep.now, upkeep.outage.closed_at or upkeep.now)
    work = replace(upkeep.work, started=upkeep.outage.facts.status is Status.COMPLETED)
    fate, by = (Fate.COMPRESSED, news[-1].slot) if news else (Fate.LAPSED, None)
    due = (each for each in placed_on(replace(upkeep, work=work, now=at), way) if each.fate is not Fate.WAITS)
    return tuple(Ended(replace(each, fate=fate), by) for each in due)


def _of_rung(upkeep: Upkeep, side: Side, each: Placed) -> Wanted:
    """Colleagues hear what any customer hears (W3)."""
    minimums = each.rung.minimums if side is Side.OUTSIDE else None
    occasion, lane = each.rung.occasion, lane_of(each.rung.occasion, side)
    if lane is Lane.BULK and each.rung.until - upkeep.now <= SOON:
        lane = Lane.NORMAL
    return Wanted(side, occasion, each.rung.slot, lane=lane, minimums=minimums)


def _slot(said: str, minimums: tuple[str, ...] | None) -> str:
    """A notice is one row for all channels: one for some accounts is another than one for everybody elsewhere."""
    return said if minimums is None else "~".join((said, *minimums))


def _heard_alone(own: Iterable[Planned], due: Iterable[Placed] = ()) -> tuple[str, ...] | None:
    """The minimums of the accounts that alone have heard of it, or hear now; None where everybody has, or nobody."""
    heard = {p.minimums for p in own if p.occasion not in TO_NOBODY_NEW}
    to = heard | {each.rung.minimums for each in due if each.fate is not Fate.WAITS}
    if not heard or None in to:
        return None
    return tuple(sorted({each for minimums in to for each in minimums or ()}))


def _news(
    upkeep: Upkeep,
    way: Way,
    own: Sequence[Planned],
    unseen: Sequence[Revision],
    found: Sequence[Placed],
    *,
    heard: bool,
) -> tuple[Wanted, ...]:
    """What nobody heard of yet needs no news: its next rung tells the facts of then. But an end is told once (W6).

    As long as only accounts with a minimum of their own have heard, news of what is to come is for them alone.
    """
    news = [revision for revision in unseen if revision.newsworthy and revision.act not in TAKEN_BACK_BY]
    status = upkeep.outage.facts.status
    turning = any(p.waiting and p.occasion in TURNS for p in own)
    unheard = own == [] or _heard_alone(own) is not None
    if not news or not (heard or turning or (status is Status.COMPLETED and unheard)):
        return ()
    told = upkeep.told.get(way, Told())
    occasion = _occasion(upkeep, told.facts)
    if turning and occasion not in TURNS:
        occasion = Occasion.DELAYED  # a turn that nobody heard is not true any more: only a turn replaces it
    if occasion is Occasion.PROGRESS and _only_begins(upkeep, told):
        return ()
    starts = any(each.fate is Fate.NOW and each.rung.occasion is Occasion.STARTING for each in found)
    if occasion is Occasion.PROGRESS and starts:
        return ()  # that it has begun is told by the rung of the start
    ahead = occasion in (Occasion.REMINDER, Occasion.DELAYED)
    only = _heard_alone(own, found) if ahead else None
    slot = _slot(str(news[-1].revision), only)
    return (Wanted(way[0], occasion, slot, lane=_lane(occasion, way[0]), minimums=only),)


def _only_begins(upkeep: Upkeep, told: Told) -> bool:
    """Whether a person says no more than that it has begun, and its readers know that it was to begin now."""
    if told.facts is None or told.facts.status in BEGUN:
        return False
    same = replace(told.facts, status=upkeep.outage.facts.status) == upkeep.outage.facts
    return same and f"start@{upkeep.work.window.start.isoformat()}" in told.slots


def _occasion(upkeep: Upkeep, told: Facts | None) -> Occasion:
    """Why the readers are told now."""
    facts = upkeep.outage.facts
    if facts.status is Status.CANCELLED:
        return Occasion.CANCELLED
    if facts.status in OVER:
        return Occasion.COMPLETED
    before, is_now = window_of(told) if told is not None else None, window_of(facts)
    if before is not None and is_now is not None and before != is_now:
        moved = before[0].start != is_now[0].start or not upkeep.work.started
        return Occasion.DELAYED if moved else Occasion.OVERRUN
    return Occasion.PROGRESS if upkeep.work.started else Occasion.REMINDER


def _lane(occasion: Occasion, side: Side) -> Lane:
    """News of what is to come does not wait behind a million reminders."""
    lane = lane_of(occasion, side)
    return Lane.NORMAL if lane is Lane.BULK else lane
