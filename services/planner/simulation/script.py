"""What happens in a simulated house: who says what of which outage and when, and what is away meanwhile."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from forewarn.notice import Channel
from forewarn.outage import Act, Facts, Kind
from services.planner.simulation.house import Weather
from services.planner.simulation.spans import Span

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Saying:
    """Somebody says something of the outage with this key; a machine by its source. `last_notice`: an act names the
    newest notice to customers only."""

    at: datetime
    key: str
    facts: Facts = field(default_factory=Facts)
    act: Act = Act.REPORT
    kind: Kind = Kind.INCIDENT
    source: str | None = None
    alert: bool = False
    last_notice: bool = False


def poisson(rng: Random, start: datetime, days: float, a_day: float) -> list[datetime]:
    """Moments that come whenever they like, so many a day."""
    out, at = list[datetime](), start
    while True:
        at += timedelta(days=rng.expovariate(a_day))
        if at >= start + timedelta(days=days):
            return out
        out.append(at)


def weather(rng: Random, start: datetime, days: int, nights: Sequence[datetime]) -> Weather:
    """The clock is away for two hours every ten days or so, half of the times with the whole planner, and once in a
    night in which clocks are changed; providers take nothing for 5 to 90 min now and then; a person pauses at times."""
    dead, hung = list[Span](), list[Span]()
    for at in [*poisson(rng, start, days, 0.1), *rng.sample(list(nights), min(1, len(nights)))]:
        span = Span(at, at + rng.uniform(0.8, 1.2) * 2 * HOUR)
        (dead if rng.random() < 0.5 else hung).append(span)
    faults = {
        channel: _sorted(Span(at, at + rng.uniform(5, 90) * MINUTE) for at in poisson(rng, start, days, 0.25))
        for channel in Channel
    }
    everything = [Span(at, at + rng.uniform(2, 60) * MINUTE) for at in poisson(rng, start, days, 0.03)]
    pauses = {
        channel: _sorted(
            [*everything, *(Span(at, at + rng.uniform(2, 60) * MINUTE) for at in poisson(rng, start, days, 0.03))]
        )
        for channel in Channel
    }
    return Weather(_sorted(dead), _sorted([*dead, *hung]), faults, pauses)


def _sorted(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(sorted(spans, key=lambda span: span.start))
