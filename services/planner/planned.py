"""What a text may say of planned work: its times, how they changed, how far it is; only what the record holds (M9)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from forewarn.lead import Lead, lead_from
from forewarn.outage import Status, Tasks, Window
from services.planner.moments import in_words
from services.planner.telling import PlannedWork, Stage, Telling


class Moved(StrEnum):
    """How a window lies to the one that was told before; `other`: it begins at the same time."""

    LATER = "later"
    EARLIER = "earlier"
    OTHER = "other"


class Course(StrEnum):
    """How the expected end lies to the plan and to what was told last; `unknown`: no end is known that is to come."""

    UNKNOWN = "unknown"
    AS_PLANNED = "as_planned"
    LONGER = "longer"
    STILL_LONGER = "still_longer"
    SOONER = "sooner"


@dataclass(frozen=True, slots=True)
class Planned:
    """Planned work as the texts of a locale have it.

    `was`: when it was to be by what its readers were told. In words are `lasts` (how long the window is), `passed`
    (how much of it has gone by) and `overran` (how much later than planned it was over). `begun`: somebody said so.
    `expected_end` is still to come; `told_end` is the end that its readers know of, else the planned one.
    `minimums`: only customers with one of these minimum notices hear it.
    """

    stage: Stage
    window: Window
    lasts: str | None
    begun: bool
    tentative: bool
    recurs: bool
    settled: bool
    short_notice: bool
    late: bool
    was: Window | None
    moved: Moved
    course: Course
    expected_end: datetime | None
    told_end: datetime
    tasks: Tasks | None
    passed: str | None
    overran: str | None
    minimums: tuple[Lead, ...] = ()

    @property
    def longer(self) -> bool:
        """Whether it is known to take longer than planned."""
        return self.expected_end is not None and minute(self.expected_end) > minute(self.window.end)

    @property
    def off_plan(self) -> bool:
        """Whether it is expected to end at another time than planned."""
        return self.expected_end is not None and minute(self.expected_end) != minute(self.window.end)

    @property
    def back(self) -> bool:
        """Whether it was told to end sooner than planned, and does so less, or not at all."""
        end = self.expected_end
        return self.course is Course.AS_PLANNED and end is not None and minute(end) > minute(self.told_end)


def planned(telling: Telling, locale: str, told: bool) -> Planned | None:
    """Of a telling of planned work, None for any other; `told`: whether its readers were."""
    work = telling.work
    if work is None:
        return None
    window, now = work.window, telling.now
    was_end = _was_end(work) if told else None
    over_at = telling.closed_at or now
    return Planned(
        stage=work.stage(telling.status, now),
        window=window,
        lasts=in_words(window.start, window.end, locale),
        begun=telling.status not in (Status.SCHEDULED, Status.CANCELLED),
        tentative=work.tentative,
        recurs=work.recurs,
        settled=work.settled and told,
        short_notice=work.short_notice,
        late=work.late,
        was=work.was if told else None,
        moved=_moved(work),
        course=_course(work, was_end or window.end, now),
        expected_end=work.end if work.end > now else None,
        told_end=was_end or window.end,
        tasks=work.tasks if work.tasks and work.tasks.done <= work.tasks.total else None,
        passed=in_words(window.start, now, locale) if now < window.end else None,
        overran=in_words(window.end, over_at, locale) if over_at > window.end else None,
        minimums=tuple(map(lead_from, work.minimums)),
    )


def _was_end(work: PlannedWork) -> datetime | None:
    """Another end that was told of the same window; a window that moved has its end with it."""
    if work.was is not None or work.was_end is None:
        return None
    return work.was_end if minute(work.was_end) != minute(work.end) else None


def _moved(work: PlannedWork) -> Moved:
    before, here = (work.was or work.window).start, work.window.start
    if minute(before) == minute(here):
        return Moved.OTHER
    return Moved.LATER if here > before else Moved.EARLIER


def _course(work: PlannedWork, told_end: datetime, now: datetime) -> Course:
    end, plan, told = minute(work.end), minute(work.window.end), minute(told_end)
    if work.end <= now:
        return Course.UNKNOWN
    if end < told:
        return Course.SOONER
    if end <= plan:
        return Course.AS_PLANNED
    return Course.STILL_LONGER if plan < told < end else Course.LONGER


def minute(moment: datetime) -> int:
    """What readers can tell apart: minutes."""
    return int(moment.timestamp() // 60)
