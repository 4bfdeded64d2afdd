"""Moments in every reader's zone, and durations in words (M5)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.units import format_unit

from forewarn.content import slot

PIECES = 3
"""Of a window: so each is about as long as a moment, and lines break where they should."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a locale writes moments: Babel patterns for clock and day, and how these stand in a sentence.

    A window stands in three pieces, between which a line may break; `window_over_days` if it ends on another day.
    `zones`: what its readers call a zone, where it is not the abbreviation that the zone has everywhere.
    """

    clock: str
    day: str
    day_of_another_year: str
    with_day: str
    at: str
    at_with_day: str
    window: Sequence[str]
    window_over_days: Sequence[str]
    zones: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Form:
    """One moment as it stands in one place; its offset may go unsaid while it is that of `anchor`.

    With an `end` it is the piece of that number of a window.
    """

    moment: datetime
    at: bool
    anchor: datetime | None
    end: datetime | None = None
    piece: int = 0


@dataclass(slots=True)
class Moments:
    """The time slots of one variant, each distinct form once."""

    _known: dict[Form, int] = field(default_factory=dict)

    def slot(self, form: Form) -> str:
        return slot(f"t{self._known.setdefault(form, len(self._known))}")

    def spelled(
        self, zones: Mapping[int, str], now: datetime, manner: Manner, locale: str
    ) -> dict[int, tuple[str, ...]]:
        """For each zone id the rendered moments, in the order of the slots."""
        speller = _Speller(manner, Locale.parse(locale), now)
        return {key: speller.spell(self._known, zone_of(name)) for key, name in zones.items()}


@dataclass(slots=True)
class Reading:
    """One text as it is read: its first moment carries the offset, later ones only where it differs."""

    moments: Moments
    _anchor: datetime | None = None

    def at(self, moment: datetime) -> str:
        """ "at 14:02 CET (UTC+1)", or "on Sunday 22 November at 14:02 CET (UTC+1)"."""
        return self._slot(moment, at=True)

    def clock(self, moment: datetime) -> str:
        """ "14:02 CET (UTC+1)", or "Sunday 22 November, 14:02 CET (UTC+1)"; for use after by, since, between."""
        return self._slot(moment, at=False)

    def window(self, start: datetime, end: datetime) -> str:
        """ "on Sunday 22 November from 14:00 to 16:00 CET (UTC+1)"; the day is always said: people plan by it."""
        first, last, anchor = _minute(start), _minute(end), self._anchor
        self._anchor = anchor or first
        return " ".join(self.moments.slot(Form(first, False, anchor, last, piece)) for piece in range(PIECES))

    def _slot(self, moment: datetime, *, at: bool) -> str:
        form = Form(_minute(moment), at, self._anchor)
        self._anchor = self._anchor or form.moment
        return self.moments.slot(form)


def _minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


@lru_cache(maxsize=1024)  # zoneinfo itself keeps 8, and reads a file for each of the others
def zone_of(name: str) -> tzinfo:
    """The zone of that IANA name; UTC for a name that nobody knows, since a notice must not fail for it."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


class _Speller:
    __slots__ = ("_clocks", "_days", "_locale", "_manner", "_now")

    def __init__(self, manner: Manner, locale: Locale, now: datetime) -> None:
        self._manner, self._locale, self._now = manner, locale, now
        self._clocks: dict[tuple[int, int], str] = {}
        self._days: dict[tuple[date, bool], str] = {}

    def spell(self, forms: Iterable[Form], zone: tzinfo) -> tuple[str, ...]:
        today = self._now.astimezone(zone)
        return tuple(self._spelled(form, zone, today) for form in forms)

    def _spelled(self, form: Form, zone: tzinfo, today: datetime) -> str:
        local, manner = form.moment.astimezone(zone), self._manner
        if form.end is not None:
            return self._piece(form, local, form.end.astimezone(zone), today)
        time = self._zoned(local, form.anchor)
        if local.date() == today.date():
            return manner.at.replace("{time}", time) if form.at else time
        day = self._day(local.date(), same_year=local.year == today.year)
        pattern = manner.at_with_day if form.at else manner.with_day
        return pattern.replace("{time}", time).replace("{day}", day)

    def _piece(self, form: Form, start: datetime, end: datetime, today: datetime) -> str:
        """Its zone is said once, unless the clocks change meanwhile."""
        manner = self._manner
        pieces = manner.window if start.date() == end.date() else manner.window_over_days
        changes = (start.utcoffset(), start.tzname()) != (end.utcoffset(), end.tzname())
        values = {
            "{day}": self._day(start.date(), same_year=start.year == today.year),
            "{end_day}": self._day(end.date(), same_year=end.year == today.year),
            "{start}": self._zoned(start, form.anchor) if changes else self._clock(start),
            "{end}": self._zoned(end, form.anchor),
        }
        return re.sub(r"\{\w+\}", lambda place: values[place[0]], pieces[form.piece])

    def _zoned(self, local: datetime, anchor: datetime | None) -> str:
        known = anchor is not None and anchor.astimezone(local.tzinfo).utcoffset() == local.utcoffset()
        return self._clock(local) + zone_words(local, self._manner.zones, offset_known=known)

    def _clock(self, local: datetime) -> str:
        key = (local.hour, local.minute)
        if key not in self._clocks:
            self._clocks[key] = format_time(local.time(), self._manner.clock, locale=self._locale)
        return self._clocks[key]

    def _day(self, day: date, *, same_year: bool) -> str:
        if (day, same_year) not in self._days:
            pattern = self._manner.day if same_year else self._manner.day_of_another_year
            self._days[day, same_year] = format_date(day, pattern, locale=self._locale)
        return self._days[day, same_year]


def zone_words(local: datetime, called: Mapping[str, str], *, offset_known: bool) -> str:
    """The zone behind a time: " CET (UTC+1)", " CET" once the offset is known, " (UTC-3)" without an abbreviation."""
    name, offset = local.tzname() or "", local.utcoffset() or timedelta()
    if name == "UTC":
        return " UTC"
    minutes = round(abs(offset).total_seconds() / 60)
    sign = "-" if offset < timedelta() else "+"
    behind = f" (UTC{sign}{minutes // 60}{f':{minutes % 60:02}' if minutes % 60 else ''})"
    if not (name.isascii() and name.isalpha()):
        return behind
    return f" {called.get(name, name)}" + ("" if offset_known else behind)


def in_words(start: datetime, end: datetime, locale: str) -> str | None:
    """How long in words, as the clock shows it: "2 hours 5 minutes"; None for less than a minute."""
    minutes = int(end.timestamp() // 60 - start.timestamp() // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = (("day", days), ("hour", hours), ("minute", 0 if days else minutes))
    if days < 0 or not (days or hours or minutes):
        return None
    return " ".join(format_unit(count, f"duration-{unit}", "long", locale=locale) for unit, count in parts if count)
