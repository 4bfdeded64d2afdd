"""Moments as people write and read them: on the clock of their own zone, or of one that they name; UTC inside."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from forewarn.cli.trouble import Kind, Trouble

EXAMPLES = 'Write it like "15:30", "tomorrow 09:00", "in 30m", "2026-03-01 15:30" or "2026-03-01T15:30+01:00"'
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
LENGTH = re.compile(r"(\d{1,4})\s*(m|h|d)(?:in(?:ute)?s?|ours?|rs?|ays?)?\s*")
CLOCK = re.compile(r"(?:(today|tomorrow)\s+)?([01]?\d|2[0-3]):([0-5]\d)")
DATED = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")
OVERNIGHT = timedelta(hours=12)
"""An hour of the clock that has passed today means tomorrow only when that is near: 00:30 said at 23:50."""


def zone_named(name: str) -> ZoneInfo:
    """The zone of this name in the tz database. Raises Trouble."""
    if name not in available_timezones():
        raise Trouble(Kind.USAGE, f"--zone: {name!r} is no time zone", "Write it like Europe/Berlin or UTC")
    return ZoneInfo(name)


def moment_of(text: str, now: datetime, what: str, zone: ZoneInfo | None = None) -> datetime:
    """The moment that `text` names, in UTC. A time without an offset is of the zone, the user's own if None.

    Raises Trouble with examples for what cannot be read or has passed, and for what the clock on the wall skips or
    shows twice.
    """
    words = " ".join(text.split())
    moment = _length(words.lower(), now) or _clock(words.lower(), now, what, zone) or _dated(words.upper(), what, zone)
    if moment is None:
        raise _bad(what, f"{text!r} is not a time")
    if moment <= now:
        raise _bad(what, f"{text!r} has passed: it is {said(now, now, zone=zone)}")
    return moment.astimezone(UTC)


def end_of(text: str, start: datetime, now: datetime, what: str, zone: ZoneInfo | None = None) -> datetime:
    """The moment after `start` that `text` names: "2h" counts from the start, a bare "22:00" is the first after it."""
    words = " ".join(text.lower().split())
    clock = CLOCK.fullmatch(words)
    length = None if words.startswith("in ") else _length(words, start)
    if length is not None:
        moment = length
    elif clock is not None and clock[1] is None:
        moment = _first_after(start, int(clock[2]), int(clock[3]), what, zone)
    else:
        moment = moment_of(text, now, what, zone)
    if moment <= start:
        raise _bad(what, f"{text!r} is not after the start, {said(start, now, zone=zone)}")
    return moment.astimezone(UTC)


def said(moment: datetime, now: datetime, between: str = " ", zone: ZoneInfo | None = None) -> str:
    """14:32 CET today, with the day otherwise, and with the year in another one."""
    here = moment.astimezone(zone)
    day = day_of(moment, now, zone)
    return f"{day}{between}{here:%H:%M %Z}" if day else f"{here:%H:%M %Z}"


def day_of(moment: datetime, now: datetime, zone: ZoneInfo | None = None) -> str:
    """Mon 2 Mar, with the year if that is another one; nothing if it is today."""
    here, today = moment.astimezone(zone), now.astimezone(zone)
    if here.date() == today.date():
        return ""
    year = "" if here.year == today.year else f" {here.year}"
    return f"{here:%a} {here.day} {here:%b}{year}"


def span(length: timedelta) -> str:
    """The two largest units that matter: 2 d 3 h, 1 h 5 min, 12 min, 40 s."""
    seconds = int(abs(length).total_seconds())
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes else f"{seconds} s"


def moment_or_text(text: str, now: datetime) -> str:
    """The text, or when it is a moment in ISO form, that moment in the reader's zone."""
    try:
        moment = datetime.fromisoformat(text) if text[:1].isdigit() else None
    except ValueError:
        return text
    return said(moment, now) if moment is not None and moment.tzinfo else text


def _length(words: str, now: datetime) -> datetime | None:
    rest = words.removeprefix("in ").strip()
    parts = LENGTH.findall(rest)
    if not parts or LENGTH.sub("", rest):
        return None
    return now + sum((int(count) * UNITS[unit] for count, unit in parts), timedelta())


def _clock(words: str, now: datetime, what: str, zone: ZoneInfo | None) -> datetime | None:
    match = CLOCK.fullmatch(words)
    if match is None:
        return None
    day, today = match[1], _at(_wall(now, zone), int(match[2]), int(match[3]))
    if day == "tomorrow":
        return _shown(today + timedelta(days=1), what, zone)
    moment = _shown(today, what, zone)
    if moment > now or day == "today":
        return moment
    next_day = _shown(today + timedelta(days=1), what, zone)
    if next_day - now > OVERNIGHT:
        hint = f'{words} has passed today: it is {said(now, now, zone=zone)}; for the next day write "tomorrow {words}"'
        raise _bad(what, hint)
    return next_day


def _first_after(start: datetime, hour: int, minute: int, what: str, zone: ZoneInfo | None) -> datetime:
    day = _wall(start, zone)
    that_day = _at(day, hour, minute)
    return _shown(that_day if that_day > day else that_day + timedelta(days=1), what, zone)


def _dated(words: str, what: str, zone: ZoneInfo | None) -> datetime | None:
    if not DATED.fullmatch(words):
        return None
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return None
    if not 1970 <= moment.year <= 2200:
        return None
    return moment if moment.tzinfo else _shown(moment, what, zone)


def _wall(moment: datetime, zone: ZoneInfo | None) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _at(day: datetime, hour: int, minute: int) -> datetime:
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0, fold=0)


def _shown(local: datetime, what: str, zone: ZoneInfo | None) -> datetime:
    """When the clock on the wall shows this; refuses what a clock change skips, and what it shows twice."""
    readings = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    moments = sorted(each for each in readings if _wall(each, zone) == local)
    if len(moments) == 1:
        return moments[0]
    where = zone.key if zone else "your zone"
    if not moments:
        raise _bad(what, f"{local:%H:%M} does not exist in {where} on {local:%Y-%m-%d}: the clocks change")
    either = " or ".join(f'"{each.astimezone(zone).isoformat(timespec="minutes")}"' for each in moments)
    why = f"{local:%H:%M} comes twice in {where} on {local:%Y-%m-%d}: the clocks change"
    raise Trouble(Kind.USAGE, f"{what}: {why}", f"Say which: {either}")


def _bad(what: str, why: str) -> Trouble:
    return Trouble(Kind.USAGE, f"{what}: {why}", EXAMPLES)
