"""The windows of recurring work, by an RRULE in the organiser's zone (T10)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, datetime
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from forewarn.outage import Window
from forewarn.recurrence_rule import BadRule, parts_of, until_of
from forewarn.wallclock import moment_of

SAME_CALENDAR = 400  # years, after which dates and weekdays are the same again


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A first window, and the rule by which it comes again at the same wall-clock time in its zone.

    Each window lasts as long as the first in real time, as RFC 5545 has it (3.8.5.3), also while clocks change. A
    wall-clock time that is skipped is the first moment after the gap, where the RFC (3.3.5) moves it on by the gap's
    length: only so windows keep their order; two that meet there are one. A time that comes twice is the first.

    `rule` may not ask for more than one window an hour, and the first window must be one of its own; else BadRule.
    """

    rule: str
    first: Window
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if self.first.end <= self.first.start:
            raise BadRule("the first window must end after it starts")
        wall = next(self._walls(), None)
        if wall is None:
            raise BadRule(f"{self.rule} does not happen at all from {self._first_wall} on")
        if wall != self._first_wall:
            raise BadRule(f"the first window, {self._first_wall}, is none of {self.rule}: that would be {wall}")

    def windows(self, after: datetime, before: datetime, at_most: int) -> tuple[Window, ...]:
        """Those that end after the one moment and start before the other, in order, in UTC, up to a number of them.

        Costs 11 µs for each since the first.
        """
        lasts = self.first.end - self.first.start
        wanted = (start for start in takewhile(lambda start: start < before, self._starts()) if start + lasts > after)
        return tuple(Window(start, start + lasts) for start in islice(wanted, at_most))

    @property
    def _first_wall(self) -> datetime:
        return self.first.start.astimezone(self.zone).replace(tzinfo=None, microsecond=0)

    def _starts(self) -> Iterator[datetime]:
        last = None
        for wall in self._walls():
            start = moment_of(wall, self.zone)
            if start != last:
                yield start
            last = start

    def _walls(self) -> Iterator[datetime]:
        """Wall-clock times of the rule, naive.

        dateutil looks for one until the year 9999, 36 s for a 30th of February by the hour. It is given a year near
        its end with the same calendar, where the worst takes 1.3 s.
        """
        first = self._first_wall
        shift = (MAXYEAR - first.year) // SAME_CALENDAR * SAME_CALENDAR
        parts = parts_of(self.rule)
        until = until_of(parts.pop("UNTIL"), self.zone) if "UNTIL" in parts else None
        rule = ";".join(f"{name}={value}" for name, value in parts.items())
        try:
            for wall in rrulestr(rule, dtstart=first.replace(year=first.year + shift)):
                wall = wall.replace(year=wall.year - shift)
                if until and wall > until:
                    return
                yield wall
        except ValueError as error:
            raise BadRule(f"{self.rule}: {error}") from error
