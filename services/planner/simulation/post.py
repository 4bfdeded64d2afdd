"""The provider of a channel: it takes its cap a second, the urgent lane first, and at times nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from forewarn.notice import Lane
from services.planner.simulation.spans import Span, edge, span_at

LANES = list(Lane)
"""In the order in which they are worked off."""

BATCH = 500
"""People of a batch, as far as it matters here: so many at most are called though nobody of them was told yet."""


@dataclass(slots=True, eq=False)
class Flight:
    """The people of a notice on a channel, of the outage with this key.

    `first_rank` of them leave first; `away` are endpoints that answer at `back_at` only; `failing` end unreached;
    `moved` are left to a child.
    """

    key: str
    lane: Lane
    ready_at: datetime
    total: int
    first_rank: int = 0
    away: int = 0
    back_at: datetime | None = None
    failing: int = 0
    moved: int = 0
    done: float = 0.0
    last_at: datetime | None = None
    called_at: datetime | None = None
    came_back: bool = False
    pulled: bool = False

    @property
    def calls(self) -> int:
        """So many are called, and end at once."""
        return self.total - self.away - self.moved

    @property
    def called(self) -> bool:
        """Everybody was called once."""
        return self.done >= self.calls

    @property
    def open(self) -> int:
        """Without a letter."""
        if self.pulled:
            return 0
        return self.calls - int(self.done) + (0 if self.came_back else self.away)

    @property
    def uncalled(self) -> int:
        """In batches where nobody was told yet."""
        return 0 if self.pulled else (self.calls - int(self.done)) // BATCH * BATCH

    @property
    def failed(self) -> int:
        return self.failing if self.called else 0

    def comes_back(self, now: datetime) -> None:
        """Whoever was away is told."""
        if not self.pulled:
            self.came_back, self.last_at = True, now


@dataclass(slots=True)
class Post:
    """Works off the flights of a channel. `closed`: when it takes nothing, or we give it nothing."""

    per_second: float
    closed: Sequence[Span]
    now: datetime
    flights: list[Flight] = field(default_factory=list)

    def take(self, flight: Flight) -> None:
        self.flights.append(flight)
        self.flights.sort(key=lambda each: LANES.index(each.lane))  # stable: in a lane, who came first

    def drop(self, flight: Flight) -> None:
        """Nobody more of it is called."""
        if flight in self.flights:
            self.flights.remove(flight)

    def ahead(self, now: datetime, of: Flight | None = None) -> int:
        """How many of other flights are to be called before whatever urgent one comes now, as `promises.AHEAD`."""
        urgent = (each for each in self.flights if each.lane is Lane.URGENT and each.ready_at <= now)
        return sum(each.uncalled for each in urgent if each is not of)

    def until(self, moment: datetime) -> list[Flight]:
        """Go on until then; the flights of which everybody was called meanwhile."""
        landed = list[Flight]()
        while self.now < moment:
            end = min(moment, self._change() or moment)
            head = self._head()
            if head is not None:
                self._call(head, end)
                if head.called:
                    self.flights.remove(head)
                    landed.append(head)
            self.now = end
        return landed

    def next_at(self) -> datetime | None:
        """When something changes, if nothing comes in before; None: nobody waits to be called."""
        return self._change() if self.flights else None

    def _change(self) -> datetime | None:
        shut = span_at(self.closed, self.now)
        if shut is not None:
            return shut.end
        moments = [each.ready_at for each in self.flights if each.ready_at > self.now]
        head, closing = self._head(), edge(self.closed, self.now)
        if head is not None:
            left = timedelta(seconds=(head.calls - head.done) / self.per_second)
            moments.append(self.now + max(left, timedelta(milliseconds=1)))
        return min((*moments, *([closing] if closing else ())), default=None)

    def _head(self) -> Flight | None:
        if span_at(self.closed, self.now) is not None:
            return None
        return next((each for each in self.flights if each.ready_at <= self.now), None)

    def _call(self, flight: Flight, end: datetime) -> None:
        flight.done += (end - self.now).total_seconds() * self.per_second
        if flight.calls - flight.done < 0.5:
            flight.done, flight.called_at = flight.calls, end
        if flight.calls:
            flight.last_at = end
