"""Planned work as it happens: of every class, early and late, moved, extended, forgotten, called off."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from forewarn.component import Impact
from forewarn.outage import Act, Facts, Kind, NoticeClass, ReaderAction, Status, Tasks, Window
from services.planner.simulation.directory import COMPONENTS
from services.planner.simulation.script import DAY, HOUR, MINUTE, Saying

CLASSES = {
    None: (0.5, (0.1, 1, 3, 10, 20)),
    NoticeClass.STANDARD: (0.2, (0.02, 2, 8, 15)),
    NoticeClass.ACTION_REQUIRED: (0.12, (5, 20, 35)),
    NoticeClass.MAJOR: (0.13, (10, 30, 60)),
    NoticeClass.DISCONTINUATION: (0.05, (30, 80, 200, 380)),
}
"""How many are of each class, and so many days before they are planned, more or less."""

COUNTRIES = (None, "DE", "US", "JP")


def work(rng: Random, key: str, start: datetime, nights: Sequence[datetime]) -> Iterator[Saying]:
    """Everything that is said of a maintenance that is to begin about then, in order of time."""
    if rng.random() < 0.15:  # in a night in which clocks are changed
        start = rng.choice(nights) + rng.uniform(-3, 3) * HOUR
    start = start.replace(minute=rng.choice((0, 0, 30, 45)), second=0, microsecond=0)
    weights = [share for share, _ in CLASSES.values()]
    (of_class,) = rng.choices(list(CLASSES), weights)
    planned = start - rng.choice(CLASSES[of_class][1]) * rng.uniform(0.8, 1.3) * DAY
    window = Window(start, start + rng.choice((0.5, 1, 2, 4, 8)) * HOUR)
    facts = Facts(
        components=dict.fromkeys(rng.sample(COMPONENTS, rng.choice((1, 2))), Impact.DOWN),
        window=window,
        tentative=rng.random() < 0.2 or None,
        country=rng.choice(COUNTRIES),
        notice_class=of_class,
        reader_action=_asked(window) if of_class is NoticeClass.ACTION_REQUIRED else None,
    )
    if rng.random() < 0.04:  # a quick fix, told when it is done
        yield _of(window.end, key, replace(facts, status=Status.COMPLETED))
        return
    yield _of(planned, key, facts)
    yield from _before(rng, key, planned, window)


def _before(rng: Random, key: str, at: datetime, window: Window) -> Iterator[Saying]:
    dice, lead = rng.random(), window.start - at
    at += rng.random() * lead
    if dice < 0.1:
        yield _of(at, key, Facts(status=Status.CANCELLED))
        return
    if dice < 0.13:
        yield _of(at, key, act=Act.WITHDRAW)
        return
    if dice < 0.33:
        by = rng.choice((-1, 1, 2, 24, 48, 7 * 24)) * HOUR
        window = Window(max(window.start + by, at + MINUTE), max(window.end + by, at + HOUR))
        yield _of(at, key, Facts(window=window))
        if dice < 0.2:  # and moved back, or on
            at += rng.random() * (window.start - at)
            window = Window(window.start - by / 2, window.end - by / 2) if window.start - by / 2 > at else window
            yield _of(at, key, Facts(window=window))
    elif dice < 0.4:
        yield _of(at, key, Facts(symptoms="Pages may be slow.", tentative=False))
    yield from _course(rng, key, window)


def _course(rng: Random, key: str, window: Window) -> Iterator[Saying]:
    """On its way: begun by a person or by nobody, extended, overrun with no word, done early or late."""
    dice, lasts = rng.random(), window.end - window.start
    begun = window.start + rng.choice((-10, 0, 0, 1, 5, 40)) * MINUTE
    if dice < 0.85:
        yield _of(begun, key, Facts(status=Status.IN_PROGRESS))
    done = window.end + rng.choice((-0.5, -0.2, -0.05, 0, 0.3)) * lasts
    if dice < 0.25:  # as early as it is known
        known, more = window.start + rng.uniform(0.3, 1.1) * lasts, window.end + rng.uniform(0.2, 1.5) * lasts
        yield _of(known, key, Facts(expected_end=more))
        done = more + rng.choice((-10, 0, 30, 200)) * MINUTE
        if dice < 0.1:
            yield _of(known + (more - known) / 2, key, Facts(expected_end=more + HOUR))
            done = more + rng.choice((30, 60, 180)) * MINUTE
    elif dice < 0.4:
        done = window.end + rng.uniform(0.5, 12) * HOUR  # no word
    elif dice < 0.5:
        for number in range(1, 5):
            yield _of(max(begun, window.start) + number * lasts / 5, key, Facts(tasks=Tasks(number, 4)))
    if dice > 0.93:
        at = window.start + rng.random() * lasts
        yield _of(at, key, Facts(note="All is well.", next_update_at=at + rng.choice((20, 60, 120)) * MINUTE))
    done = max(done, begun + timedelta(minutes=5))
    if rng.random() < 0.3:
        yield _of(done - 4 * MINUTE, key, Facts(status=Status.VERIFYING))
    yield _of(done, key, Facts(status=Status.COMPLETED))


def _asked(window: Window) -> ReaderAction:
    """Of some by a time before the start, of some by one after the end."""
    by = window.start - 3 * DAY if window.start.minute else window.end + 5 * DAY
    return ReaderAction("Allow our new address.", by)


def _of(at: datetime, key: str, facts: Facts | None = None, act: Act = Act.REPORT) -> Saying:
    return Saying(at, key, facts or Facts(), act, Kind.MAINTENANCE)
