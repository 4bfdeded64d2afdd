"""Tellings that try every text of planned work and of announcements: with all facts, and with hardly any."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from forewarn.component import Impact
from forewarn.notice import Occasion
from forewarn.outage import Facts, NoticeClass, Status, Tasks, Window
from forewarn.subscriber import Side
from services.planner.telling import PlannedWork, Telling
from services.planner.templates import OF_WORK, PLANNED
from services.planner.which_text import file_of

HOUR = timedelta(hours=1)
_ON_THE_WAY = tuple(occasion for occasion in OF_WORK if occasion not in (Occasion.COMPLETED, Occasion.CANCELLED))
_FULL = Facts(version="4", whats_new="w", benefit="b", notice_class=NoticeClass.MAJOR, changes_requested_by=("r",))
_SAID = Facts(
    status=Status.CANCELLED,
    components={"a": Impact.MOMENTARY, "z": Impact.DOWN},
    whats_new="t",
    benefit="t",
    version="3",
)


def tried_plans(bare: Telling, rich: Telling) -> Iterator[tuple[Telling, bool]]:
    """What customers read of it, told and not; what colleagues read wherever it stands."""
    for telling, told in (*_works(bare, rich), *_announced(bare, rich)):
        yield replace(telling, side=Side.OUTSIDE), told
    for telling in _inside(bare, rich):
        yield replace(telling, side=Side.INSIDE), True


def tried_layouts(rich: Telling) -> Iterator[tuple[Telling, bool]]:
    """What a channel's layout must be able to set: planned, late, over, announced."""
    for status, hours in ((Status.SCHEDULED, 1), (Status.IN_PROGRESS, -9), (Status.COMPLETED, -9)):
        yield _planned(rich, _FULL, _work(rich, status, hours)), True


def _works(bare: Telling, rich: Telling) -> Iterator[tuple[Telling, bool]]:
    """Of each stage every text that it may be told in, once."""
    for stage in _stages(bare, rich):
        tellings = [(replace(stage, occasion=occasion), True) for occasion in (*_ON_THE_WAY, *PLANNED)]
        yield from {file_of(*each): each for each in (*tellings, (stage, False))}.values()
    for told in (True, False):
        yield replace(_planned(rich, _FULL, _work(rich, Status.SCHEDULED, 1)), withdrawn=True), told


def _inside(bare: Telling, rich: Telling) -> Iterator[Telling]:
    yield from _stages(bare, rich)
    work = _planned(rich, _FULL, _work(rich, Status.SCHEDULED, 1))
    for telling in (work, replace(work, work=None, outage="ANN-1")):
        yield replace(telling, occasion=Occasion.CORRECTION)
        yield replace(telling, withdrawn=True)


def _stages(bare: Telling, rich: Telling) -> Iterator[Telling]:
    """Ahead, under way, late and over; with much and with little to say."""
    much = replace(_work(rich, Status.SCHEDULED, 1), tentative=True, short_notice=True, tasks=Tasks(1, 2))
    much = replace(much, minimums=("1bd", "8w"))
    plan = _work(bare, Status.SCHEDULED, 1)
    yield _planned(bare, Facts(), replace(plan, tentative=True, recurs=True))
    yield _planned(bare, Facts(), replace(plan, settled=True))
    yield _planned(bare, Facts(), replace(_work(bare, Status.CANCELLED, 1), recurs=True))
    full = _planned(rich, _FULL, much)
    yield _planned(bare, Facts(), replace(plan, was=_shifted(plan.window, HOUR), late=True, minimums=("1y",)))
    yield full
    yield replace(full, said=replace(_SAID, window=much.was), touched=rich.touched[2:])
    going = replace(_work(rich, Status.IN_PROGRESS, -1), tasks=Tasks(1, 2))
    yield _planned(rich, _FULL, going)
    yield _planned(bare, Facts(), replace(_work(bare, Status.VERIFYING, -1), end=bare.now + 3 * HOUR))
    yield _planned(rich, _FULL, replace(going, was=None, end=bare.now + 3 * HOUR, was_end=bare.now + 2 * HOUR))
    yield _planned(rich, _FULL, replace(going, was=None, end=bare.now + HOUR, was_end=bare.now + 2 * HOUR))
    yield _planned(bare, Facts(), _work(bare, Status.SCHEDULED, -9))
    yield replace(_planned(rich, _FULL, _work(rich, Status.IN_PROGRESS, -9)), promised_at=None)
    yield _planned(rich, _FULL, _work(rich, Status.COMPLETED, -9))
    yield _planned(bare, Facts(), _work(bare, Status.CANCELLED, 1))


def _announced(bare: Telling, rich: Telling) -> Iterator[tuple[Telling, bool]]:
    for telling in (
        replace(bare, outage="ANN-1"),
        replace(bare, outage="ANN-1", observed=Facts(version="4")),
        replace(bare, outage="ANN-1", observed=Facts(whats_new="w" * 200)),
        _with(replace(rich, outage="ANN-1"), _FULL),
    ):
        for occasion in (Occasion.UPDATE, Occasion.CORRECTION, Occasion.WITHDRAWN):
            yield replace(telling, occasion=occasion, said=_SAID), True
        yield telling, False
        for told in (True, False):
            yield replace(telling, withdrawn=True), told


def _work(telling: Telling, status: Status, hours: int) -> PlannedWork:
    """Two hours of work that begins so many hours from now."""
    window = _shifted(Window(telling.now, telling.now + 2 * HOUR), hours * HOUR)
    return PlannedWork(window, window.end, status, was=_shifted(window, -HOUR))


def _shifted(window: Window, by: timedelta) -> Window:
    return Window(window.start + by, window.end + by)


def _planned(telling: Telling, facts: Facts, work: PlannedWork) -> Telling:
    return replace(_with(telling, facts), outage="MNT-1", work=work, said=_SAID)


def _with(telling: Telling, facts: Facts) -> Telling:
    return replace(telling, stated=facts.laid_over(telling.stated), observed=facts.laid_over(telling.observed))
