"""Moments as people write and read them: in their own zone; UTC inside."""

import re
from datetime import UTC, datetime, timedelta

from forewarn.cli.trouble import Kind, Trouble

EXAMPLES = 'Write it like "15:30", "tomorrow 09:00", "in 30m", "in 1h 30m" or "2026-03-01T15:30+01:00"'
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
LENGTH = re.compile(r"(\d{1,4})\s*(m|h|d)(?:in(?:ute)?s?|ours?|rs?|ays?)?\s*")
CLOCK = re.compile(r"(?:(today|tomorrow)\s+)?([01]?\d|2[0-3]):([0-5]\d)")
DATED = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")
OVERNIGHT = timedelta(hours=12)
"""An hour of the clock that has passed today means tomorrow only when that is near: 00:30 said at 23:50."""


def moment_of(text: str, now: datetime, what: str) -> datetime:
    """The moment that `text` names, in UTC. A time without a zone is the user's own.

    Raises Trouble with examples for what cannot be read, has passed, or does not exist (a skipped hour).
    """
    words = " ".join(text.split())
    moment = _length(words.lower(), now) or _clock(words.lower(), now, what) or _dated(words, what)
    if moment is None:
        raise _bad(what, f"{text!r} is not a time")
    if moment <= now:
        raise _bad(what, f"{text!r} has passed: it is {said(now, now)}")
    return moment.astimezone(UTC)


def said(moment: datetime, now: datetime, between: str = " ") -> str:
    """14:32 CET today, with the day otherwise, and with the year in another one."""
    here, today = moment.astimezone(), now.astimezone()
    if here.date() == today.date():
        return f"{here:%H:%M %Z}"
    year = "" if here.year == today.year else f" {here.year}"
    return f"{here:%a} {here.day} {here:%b}{year}{between}{here:%H:%M %Z}"


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


def _clock(words: str, now: datetime, what: str) -> datetime | None:
    match = CLOCK.fullmatch(words)
    if match is None:
        return None
    day, hour, minute = match[1], int(match[2]), int(match[3])
    today = now.astimezone().replace(tzinfo=None, hour=hour, minute=minute, second=0, microsecond=0)
    if day == "tomorrow":
        return _own(today + timedelta(days=1), what)
    moment = _own(today, what)
    if moment > now or day == "today":
        return moment
    next_day = _own(today + timedelta(days=1), what)
    if next_day - now > OVERNIGHT:
        hint = f'{words} has passed today: it is {said(now, now)}; for the next day write "tomorrow {words}"'
        raise _bad(what, hint)
    return next_day


def _dated(words: str, what: str) -> datetime | None:
    if not DATED.fullmatch(words):
        return None
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return None
    return moment if moment.tzinfo else _own(moment, what)


def _own(local: datetime, what: str) -> datetime:
    """A time of the wall in the user's zone, with that zone; refuses the hour that a clock change skips."""
    moment = local.astimezone()
    if moment.astimezone(UTC).astimezone().replace(tzinfo=None) != local:
        raise _bad(what, f"{local:%H:%M} does not exist in your zone on {local:%Y-%m-%d}: the clocks change")
    return moment


def _bad(what: str, why: str) -> Trouble:
    return Trouble(Kind.USAGE, f"{what}: {why}", EXAMPLES)
