"""Which text tells a notice to its readers: the occasion's own while it is true, else where the outage stands."""

from typing import assert_never

from forewarn.notice import CHILDREN, Occasion
from forewarn.outage import Kind, Status
from services.planner.telling import Stage, Telling
from services.planner.templates import ANNOUNCEMENT, PLANNED, TELLABLE, TELLABLE_OF_WORK

_TAKES_BACK = (Occasion.CORRECTION, Occasion.WITHDRAWN)
_TOLD_WHILE = {
    Occasion.REMINDER: (Stage.AHEAD,),
    Occasion.DELAYED: (Stage.AHEAD,),
    Occasion.STARTING: (Stage.AHEAD, Stage.UNDER_WAY),
    Occasion.PROGRESS: (Stage.UNDER_WAY,),
    Occasion.OVERRUN: (Stage.AHEAD, Stage.UNDER_WAY, Stage.LATE),
    Occasion.HOLDING: (Stage.UNDER_WAY, Stage.LATE),
}
"""Where planned work stands while the occasion's own text is true."""
_TEXT_WHILE = {
    Stage.AHEAD: Occasion.REMINDER,
    Stage.UNDER_WAY: Occasion.PROGRESS,
    Stage.LATE: Occasion.OVERRUN,
}


def tellable(telling: Telling) -> bool:
    """Whether there are words for its occasion."""
    return telling.occasion in (TELLABLE_OF_WORK if telling.work else TELLABLE)


def file_of(telling: Telling, told: bool) -> str:
    """The text that says it. Of work that keeps its window only another end can be told: before it begins, too."""
    occasion, work = text_of(telling, told), telling.work
    if telling.kind is Kind.ANNOUNCEMENT:
        return ANNOUNCEMENT
    if occasion is Occasion.DELAYED and work and work.was is None and work.was_end is not None:
        return Occasion.OVERRUN
    return PLANNED.get(occasion, occasion) if work else occasion


def text_of(telling: Telling, told: bool) -> Occasion:
    """As what it is told: a mistake as one, else by its kind."""
    if telling.withdrawn:
        return Occasion.WITHDRAWN
    if told and telling.occasion in _TAKES_BACK:
        return telling.occasion
    match telling.kind:
        case Kind.INCIDENT:
            return _of_incident(telling, told)
        case Kind.MAINTENANCE:
            return _of_work(telling, told)
        case Kind.ANNOUNCEMENT:
            return Occasion.UPDATE if told and telling.occasion is not Occasion.FIRST else Occasion.FIRST
        case _:
            assert_never(telling.kind)


def _of_incident(telling: Telling, told: bool) -> Occasion:
    """Last words once it is over, first ones for whoever was not told, else the occasion's.

    Children read where it stands by then.
    """
    if telling.status is Status.RESOLVED:
        return Occasion.RESOLVED
    if not told:
        return Occasion.FIRST
    return Occasion.UPDATE if telling.occasion in CHILDREN else telling.occasion


def _of_work(telling: Telling, told: bool) -> Occasion:
    """The occasion's words for whoever was told, as long as they are true; else where the work stands.

    What readers must do is asked of them on its way, too (M10).
    """
    stage, work = telling.stage, telling.work
    unmoved = telling.occasion is Occasion.DELAYED and work and work.was is None and work.was_end is None
    asks = telling.occasion is Occasion.REMINDER and telling.asks_first
    if told and not unmoved and (asks or stage in _TOLD_WHILE.get(telling.occasion, ())):
        return telling.occasion
    if stage in _TEXT_WHILE:
        return _TEXT_WHILE[stage]
    return Occasion.CANCELLED if telling.status is Status.CANCELLED else Occasion.COMPLETED
