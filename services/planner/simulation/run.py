"""The run: from one moment when something is due to the next, with the real planner and no clock on the wall."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count

from forewarn.notice import Channel, ChannelState
from services.planner.compose import Composer
from services.planner.plan import Planner
from services.planner.simulation.agenda import looks
from services.planner.simulation.house import House
from services.planner.simulation.laws import Laws
from services.planner.simulation.page import MemoryPage
from services.planner.simulation.post import Flight
from services.planner.simulation.record import Case, Letter
from services.planner.simulation.said import settle, take
from services.planner.simulation.script import Saying
from services.planner.simulation.world import Setting

PULL = timedelta(seconds=12)
"""As `pull_seconds` of the planner's settings."""
SETTLES = timedelta(seconds=0.2)
"""From the last answer of a provider until a plan knows of it."""
AFTERWARDS = timedelta(days=2)
"""So long it goes on when nobody says anything any more."""

Then = Callable[[datetime], None]
Progress = Callable[[float], None]


class Mute(Composer):
    """No words: what is told, to whom and when does not depend on them."""

    def __init__(self) -> None:
        self.locales = frozenset()


@dataclass(slots=True)
class Run:
    """One world from its first word to its end."""

    setting: Setting
    house: House
    laws: Laws
    _heap: list[tuple[datetime, int, Then]] = field(default_factory=list)
    _number: Iterator[int] = field(default_factory=count)
    _looks: dict[str, datetime] = field(default_factory=dict)
    _wakes: dict[Channel, datetime] = field(default_factory=dict)
    _ahead: dict[Channel, int] = field(default_factory=dict)
    _composer: Composer = field(default_factory=Mute)

    def go(self, sayings: list[Saying], progress: Progress = lambda part: None) -> None:
        """Until everything that was said has been told, and what was promised came due."""
        for saying in sayings:
            self._at(saying.at, partial(self._say, saying))
        for channel, spans in self.house.weather.pauses.items():
            for span in spans:
                self._at(self.house.ticks_after(span.end), partial(self._resumed, channel))
        end, first = self.setting.end + AFTERWARDS, self.setting.start
        while self._heap and self._heap[0][0] <= end:
            now, _, then = heappop(self._heap)
            self._deliver(now)
            then(now)
            self._deliver(now)
            progress((now - first) / (end - first))
        self.laws.judged(self.house, self.setting.end)

    def _at(self, moment: datetime, then: Then) -> None:
        heappush(self._heap, (moment, next(self._number), then))

    def _say(self, saying: Saying, now: datetime) -> None:
        case = take(self.house, saying, now)
        if case is not None:
            message = timedelta(seconds=self.house.chance(saying.key, now).uniform(0.02, 0.3))
            self._at(self.house.up_after(now + message), partial(self._plan, case))

    # -- what is planned --------------------------------------------------------------------------------
    def _plan(self, case: Case, now: datetime) -> None:
        """The way of an actor and of the clock alike: plan, and see when to look again."""
        alive = self.house.up_after(now)
        if alive > now:
            self._at(alive, partial(self._plan, case))
            return
        self.house.plans += 1
        Planner(partial(self._book, case, now), self._composer, self.house.policy).plan(case.outage.id or 0)
        if case.before_end is not None:
            self.laws.closes(self.house, case, case.before_end, now)
            case.before_end = None
        self._look_later(case, now)

    @contextmanager
    def _book(self, case: Case, now: datetime, outage_id: int) -> Iterator[MemoryPage]:
        yield MemoryPage(self.house, case, now)

    def _look_later(self, case: Case, now: datetime) -> None:
        at = self._next_look(case, now)
        if at is not None:
            self._looks[case.key] = at
            self._at(at, partial(self._look, case, at))

    def _next_look(self, case: Case, now: datetime) -> datetime | None:
        moment = min((each for each in looks(self.house, case, now) if each > now), default=None)
        return self.house.ticks_after(moment) if moment is not None else None

    def _look_sooner(self, now: datetime) -> None:
        """Where more are to be called first than before, holding notices leave earlier."""
        before, self._ahead = self._ahead, {channel: post.ahead(now) for channel, post in self.house.posts.items()}
        if all(people <= before.get(channel, 0) for channel, people in self._ahead.items()):
            return
        for case in self.house.cases.values():
            at, asked = self._next_look(case, now), self._looks.get(case.key, now)
            if at is not None and (asked <= now or at < asked):
                self._looks[case.key] = at
                self._at(at, partial(self._look, case, at))

    def _look(self, case: Case, asked: datetime, now: datetime) -> None:
        """The clock's round, as far as it concerns this outage; an older look has been replaced by another."""
        if self._looks.get(case.key) != asked:
            return
        calm, policy = case.outage.calm_since, self.house.policy
        if calm is not None and case.source_lives and now >= calm + timedelta(minutes=policy.episodes.settle_minutes):
            settle(self.house, case, now)
        lasts = timedelta(hours=policy.delivery.expires_hours)
        for letter in list(case.live):
            if letter.state is ChannelState.RELEASED and letter.released_at and now >= letter.released_at + lasts:
                self.house.stop(case, letter, now)
        self._plan(case, now)

    def _resumed(self, channel: Channel, now: datetime) -> None:
        for case in self.house.cases.values():
            if any(letter.waits and letter.channel is channel for letter in case.live):
                self._plan(case, now)

    # -- what is told -----------------------------------------------------------------------------------
    def _deliver(self, now: datetime) -> None:
        """What the providers took until now, and what is to come of it."""
        for channel, post in self.house.posts.items():
            for flight in post.until(now):
                self._landed(flight, now)
            at = post.next_at()
            if at is not None and self._wakes.get(channel) != at:
                self._wakes[channel] = at
                self._at(at, lambda now: None)
        for case, letter in self.house.stopped:
            self._at(self.house.ticks_after(now + PULL), partial(self._pull, case, letter))
        self.house.stopped.clear()
        self._look_sooner(now)

    def _landed(self, flight: Flight, now: datetime) -> None:
        case = self.house.cases[flight.key]
        self._at(self.house.up_after(now + SETTLES), partial(self._plan, case))
        if flight.away and flight.back_at is not None:
            self._at(max(flight.back_at, now), partial(self._back, flight, case))

    def _back(self, flight: Flight, case: Case, now: datetime) -> None:
        flight.comes_back(now)
        self._at(self.house.up_after(now + SETTLES), partial(self._plan, case))

    def _pull(self, case: Case, letter: Letter, now: datetime) -> None:
        if letter.flight is not None:
            letter.flight.pulled = True
        self._plan(case, now)
