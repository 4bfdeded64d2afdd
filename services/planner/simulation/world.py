"""A world to run: its house and everything that will be said in it, all from one seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from forewarn.contracts.policy import Policy
from forewarn.notice import Channel
from services.planner.simulation.directory import directory
from services.planner.simulation.house import House, Watcher
from services.planner.simulation.incidents import announcement, incident
from services.planner.simulation.post import Post
from services.planner.simulation.script import Saying, poisson, weather
from services.planner.simulation.works import work

NIGHTS = (
    (datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)),
    (datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)),
)
"""In which clocks are changed, in New York and in Berlin: in spring and in autumn."""

ZONES = (("Europe/Berlin", "DE"), ("America/New_York", "US"), ("UTC", None))
INCIDENTS, WORKS, ANNOUNCEMENTS = 1.2, 0.8, 0.1
"""So many a day."""
LONGEST = timedelta(days=500)
"""Planned work may have been heard of so long before the first day."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is simulated: days around the nights in which clocks are changed, in a house of so many mail readers."""

    seed: int
    days: int = 90
    people: int = 20_000

    @property
    def nights(self) -> tuple[datetime, ...]:
        return NIGHTS[self.seed % len(NIGHTS)]

    @property
    def start(self) -> datetime:
        middle = self.nights[0] + (self.nights[-1] - self.nights[0]) / 2
        return (middle - timedelta(days=self.days) / 2).replace(hour=0, minute=0, second=0, microsecond=0)

    @property
    def end(self) -> datetime:
        return self.start + timedelta(days=self.days)


def house(setting: Setting, laws: Watcher) -> House:
    """A house as the seed has it; nothing is on record."""
    rng = Random(f"house {setting.seed}")
    zone, country = ZONES[setting.seed % len(ZONES)]
    policy = Policy.model_validate({"maintenance": {"zone": zone, "country": country}})
    nights = [night for night in setting.nights if setting.start <= night < setting.end]
    away = weather(rng, setting.start, setting.days, nights)
    first = setting.start - LONGEST
    posts = {c: Post(policy.delivery.per_second(c), away.closed(c), first) for c in Channel}
    return House(policy, directory(rng, setting.people), away, laws, setting.seed, posts)


def script(setting: Setting, only: str | None = None) -> list[Saying]:
    """Everything that is said, in order, or what is said of `only` one outage: each has chances of its own."""
    said = (saying for saying in _said(setting) if saying.at < setting.end and only in (None, saying.key))
    return sorted(said, key=lambda saying: (saying.at, saying.key))


def _said(setting: Setting) -> Iterator[Saying]:
    rng = Random(f"script {setting.seed}")
    for number, at in enumerate(poisson(rng, setting.start, setting.days, INCIDENTS)):
        key = f"incident {number}"
        yield from incident(Random(f"{setting.seed} {key}"), key, at)
    for number, at in enumerate(poisson(rng, setting.start, setting.days, WORKS)):
        key = f"work {number}"
        yield from work(Random(f"{setting.seed} {key}"), key, at, setting.nights)
    for number, at in enumerate(poisson(rng, setting.start, setting.days, ANNOUNCEMENTS)):
        key = f"release {number}"
        yield from announcement(Random(f"{setting.seed} {key}"), key, at)
