"""Incidents as they happen: by persons diligent and absent, by machines that flap, with mistakes taken back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from forewarn.component import Impact
from forewarn.outage import Act, Facts, Kind, Severity, Status
from services.planner.simulation.directory import COMPONENTS
from services.planner.simulation.script import HOUR, MINUTE, Saying

SEVERITIES = (Severity.MINOR, Severity.MAJOR, Severity.MAJOR, Severity.CRITICAL)
NATIVE, ALERTS = "probe", "alertmanager"


def incident(rng: Random, key: str, at: datetime) -> Iterator[Saying]:
    """Everything that is said of one, in order of time."""
    yield from (_by_person if rng.random() < 0.5 else _by_machine)(rng, key, at)


def announcement(rng: Random, key: str, at: datetime) -> Iterator[Saying]:
    """A release, in one line."""
    facts = Facts(components={rng.choice(COMPONENTS): Impact.MOMENTARY}, version="2.1", whats_new="It is faster.")
    yield Saying(at, key, facts, kind=Kind.ANNOUNCEMENT)


def _by_person(rng: Random, key: str, at: datetime) -> Iterator[Saying]:
    facts = _touched(rng)
    end = at + rng.lognormvariate(0, 1.1) * 1.5 * HOUR
    if rng.random() < 0.05:  # over when it is told
        yield Saying(at, key, replace(facts, status=Status.RESOLVED))
        return
    yield Saying(at, key, replace(facts, next_update_at=_promised(rng, at)))
    if rng.random() < 0.04:
        yield Saying(at + rng.uniform(1, 40) * MINUTE, key, act=Act.WITHDRAW)
        return
    yield from _words(rng, key, at, end)
    yield Saying(end, key, Facts(status=Status.RESOLVED))
    if rng.random() < 0.1:  # it was not over
        again = end + rng.uniform(2, 60) * MINUTE
        yield Saying(again, key, Facts(status=Status.INVESTIGATING))
        yield Saying(again + rng.uniform(0.2, 3) * HOUR, key, Facts(status=Status.RESOLVED))


def _words(rng: Random, key: str, at: datetime, end: datetime) -> Iterator[Saying]:
    """Updates: somebody diligent has one every half hour, somebody absent none at all, most forget one at times."""
    every = rng.choice((25 * MINUTE, 50 * MINUTE, 2 * HOUR, 12 * HOUR))
    number = 0
    while (at := at + rng.uniform(0.3, 1.4) * every) < end:
        number += 1
        said = Facts(cause=f"Cause {number}.", next_update_at=_promised(rng, at))
        dice = rng.random()
        if dice < 0.08:
            yield Saying(at, key, Facts(cause=f"No, it is {number}."), act=Act.CORRECT, last_notice=dice < 0.04)
        elif dice < 0.1:
            yield Saying(at, key, act=Act.WITHDRAW, last_notice=True)
        elif dice < 0.2:
            yield Saying(at, key, replace(said, components=dict.fromkeys(rng.sample(COMPONENTS, 2), Impact.DOWN)))
        else:
            yield Saying(at, key, said)
        if dice > 0.9:  # and at once once more
            yield Saying(at + rng.uniform(1, 90) * timedelta(seconds=1), key, Facts(action=f"Action {number}."))


def _by_machine(rng: Random, key: str, at: datetime) -> Iterator[Saying]:
    source = rng.choice((NATIVE, ALERTS, ALERTS))
    alert = source == ALERTS
    facts = _touched(rng)
    end = at
    for _ in range(rng.choice((1, 1, 1, 2, 4))):  # flapping
        yield Saying(at, key, facts, source=source, alert=alert)
        end = at + rng.lognormvariate(0, 1.2) * 20 * MINUTE
        yield Saying(end, key, Facts(status=Status.RESOLVED), source=source, alert=alert)
        at = end + rng.uniform(1, 14) * MINUTE
    dice, then = rng.random(), end - rng.random() * (end - at) / 2
    if dice < 0.4:
        yield Saying(then, key, act=Act.RELEASE)
    elif dice < 0.55:
        yield Saying(then, key, act=Act.DISMISS)
    if dice > 0.7:
        yield Saying(then, key, Facts(cause="A full disk.", next_update_at=_promised(rng, then)))
    yield Saying(end + rng.expovariate(1 / 3) * HOUR, key, Facts(status=Status.RESOLVED))
    if dice > 0.95:
        yield Saying(then + MINUTE, key, act=Act.WITHDRAW)


def _touched(rng: Random) -> Facts:
    components = rng.sample(COMPONENTS, rng.choice((1, 1, 1, 2)))
    impact = rng.choice((Impact.MOMENTARY, Impact.DEGRADED, Impact.DOWN, Impact.DOWN))
    return Facts(severity=rng.choice(SEVERITIES), components=dict.fromkeys(components, impact), symptoms="Slow.")


def _promised(rng: Random, at: datetime) -> datetime | None:
    """Half of the time a person names it: in a minute, in an hour, tomorrow."""
    return at + rng.choice((2, 10, 20, 30, 45, 60, 90, 240, 1200)) * MINUTE if rng.random() < 0.5 else None
