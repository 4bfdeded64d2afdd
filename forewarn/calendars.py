"""Business days: which days countries work, and the moment some of them before another (T11)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from holidays import HolidayBase, country_holidays

from forewarn.wallclock import moment_of, wall_of

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The business days that these countries have in common: no public holiday and no weekend in any of them.

    Countries by two capital letters (ISO 3166). Days that are free in a part of a country only are business days.
    Without a country, and for one that is unknown, Monday to Friday.
    """

    countries: frozenset[str] = frozenset()

    @classmethod
    def of(cls, *countries: str | None) -> "Calendar":
        """Of the countries that are set: the organiser's, the account's."""
        return cls(frozenset(country for country in countries if country))

    @property
    def unknown(self) -> tuple[str, ...]:
        """The countries whose holidays nobody told us, in order; a plan that rests on them says so."""
        return tuple(sorted(country for country in self.countries if _known(country) is None))

    def is_business_day(self, day: date) -> bool:
        return not any(day.toordinal() in _days_off(country, day.year) for country in self.countries or {""})

    def business_days_before(self, moment: datetime, days: int, zone: ZoneInfo) -> datetime:
        """The moment so many business days earlier, at the same wall-clock time in the (organiser's) zone, in UTC.

        A moment on a day off counts as the midnight that ends the days off: what happens on Saturday at 23:00 is told
        a business day before on Friday at 00:00, not at 23:00, when nothing is left of that business day. Only so
        what is delayed is never due to be told earlier than before. No business days before is the moment itself.
        Clocks that change in between: `forewarn.wallclock`.
        """
        if days < 0:
            raise ValueError(f"business days before: 0 or more, not {days}")
        if days == 0:
            return moment.astimezone(UTC)
        wall = self._next_at_work(wall_of(moment, zone))
        for _ in range(days):
            wall = self._business_day_before(wall)
        return moment_of(wall, zone)

    def _next_at_work(self, wall: datetime) -> datetime:
        while not self.is_business_day(wall):
            wall = datetime.combine(wall.date() + DAY, time.min)
        return wall

    def _business_day_before(self, wall: datetime) -> datetime:
        wall -= DAY
        while not self.is_business_day(wall):
            wall -= DAY
        return wall


@lru_cache(maxsize=1024)  # 4 ms for each to find, and 10 kB to keep
def _days_off(country: str, year: int) -> frozenset[int]:
    """The year's days off, as ordinals; the library's own object fills itself when it is asked, not safe in threads."""
    known = _known(country, year)
    days = map(date.fromordinal, range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1))
    return frozenset(day.toordinal() for day in days if not (known.is_working_day(day) if known else day.weekday() < 5))


def _known(country: str, year: int | None = None) -> HolidayBase | None:
    """What the library knows of a country: holidays, weekends, weekends at work; None if it does not know it."""
    try:
        return country_holidays(country, years=year)
    except NotImplementedError:
        return None
