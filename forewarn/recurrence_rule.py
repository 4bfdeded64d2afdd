"""An RRULE (RFC 5545, 3.3.10) taken apart: its parts, if they are sound and go together, or what is wrong with it."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY")
NUMBERS = {
    "INTERVAL": range(1, 1001),
    "COUNT": range(1, 10_001),
    "BYMONTH": range(1, 13),
    "BYWEEKNO": range(1, 54),
    "BYYEARDAY": range(1, 367),
    "BYMONTHDAY": range(1, 32),
    "BYHOUR": range(24),
    "BYMINUTE": range(60),
    "BYSECOND": range(60),
    "BYSETPOS": range(1, 367),
}
LISTS = {name for name in NUMBERS if name.startswith("BY")}
FROM_THE_END = {"BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYSETPOS"}  # -1 is the last
GO_WITH = {
    "BYWEEKNO": {"YEARLY"},
    "BYYEARDAY": {"YEARLY", "HOURLY"},
    "BYMONTHDAY": {"YEARLY", "MONTHLY", "DAILY", "HOURLY"},
    "BYSETPOS": {"YEARLY", "MONTHLY", "WEEKLY"},
}
"""Of what frequency these parts may be; a BYSETPOS of days and hours would only be a way never to happen."""
WEEKDAY = re.compile(r"([+-]?[1-9]\d?)?(MO|TU|WE|TH|FR|SA|SU)")


class BadRule(ValueError):
    """What is wrong with a rule of recurrence, in words for whoever wrote it."""


def rule_of(text: str) -> str:
    """The rule as it is kept: in capitals, without its name; BadRule if it is none."""
    return ";".join(f"{name}={value}" for name, value in parts_of(text).items())


def parts_of(rule: str) -> dict[str, str]:
    """The parts of a rule by name, each of them sound and fit for the others; BadRule otherwise."""
    parts: dict[str, str] = {}
    for part in rule.strip().upper().removeprefix("RRULE:").split(";"):
        name, _, value = part.partition("=")
        if name in parts:
            raise BadRule(f"{name} is there twice")
        _check(name, value)
        parts[name] = value
    _check_together(parts)
    return parts


def _check(name: str, value: str) -> None:
    match name:
        case "FREQ" if value in ("SECONDLY", "MINUTELY"):
            raise BadRule(f"FREQ={value} is finer than HOURLY")
        case "FREQ":
            sound = value in FREQUENCIES
        case "WKST":
            sound = WEEKDAY.fullmatch(value) is not None and len(value) == 2
        case "BYDAY":
            sound = all(WEEKDAY.fullmatch(day) for day in value.split(","))
        case "UNTIL":
            sound = re.fullmatch(r"\d{8}(T\d{6}Z?)?", value, re.ASCII) is not None
        case _ if name in NUMBERS:
            numbers = value.split(",") if name in LISTS else [value]
            sound = all(_is_number(name, number) for number in numbers)
        case _:
            raise BadRule(f"{name or 'an empty part'} is no part of a rule")
    if not sound:
        raise BadRule(f"{name}={value} is not understood")


def _is_number(name: str, text: str) -> bool:
    sign = "[+-]?" if name in FROM_THE_END else ""
    return re.fullmatch(rf"{sign}\d{{1,5}}", text, re.ASCII) is not None and abs(int(text)) in NUMBERS[name]


def _check_together(parts: dict[str, str]) -> None:
    frequency = parts.get("FREQ")
    if frequency is None:
        raise BadRule("FREQ is missing: one of " + ", ".join(FREQUENCIES))
    if "COUNT" in parts and "UNTIL" in parts:
        raise BadRule("COUNT and UNTIL together: one of them ends it")
    for name, frequencies in GO_WITH.items():
        if name in parts and frequency not in frequencies:
            raise BadRule(f"{name} does not go with FREQ={frequency}")
    for name in ("BYMINUTE", "BYSECOND"):
        if len({int(number) for number in parts.get(name, "0").split(",")}) > 1:
            raise BadRule(f"{name}={parts[name]} asks for more than one window an hour")
    if "BYSETPOS" in parts and not parts.keys() & (LISTS - {"BYSETPOS"} | {"BYDAY"}):
        raise BadRule("BYSETPOS picks from other BY parts, and there is none")
    _check_numbered_weekdays(parts)


def _check_numbered_weekdays(parts: dict[str, str]) -> None:
    numbers = [int(number) for number in re.findall(r"\d+", parts.get("BYDAY", ""))]
    if numbers and (parts["FREQ"] not in ("YEARLY", "MONTHLY") or "BYWEEKNO" in parts):
        raise BadRule(f"BYDAY={parts['BYDAY']}: numbered weekdays go with FREQ=MONTHLY or YEARLY, without BYWEEKNO")
    most = 53 if parts["FREQ"] == "YEARLY" and "BYMONTH" not in parts else 5
    if any(number > most for number in numbers):  # dateutil would look for it beyond the year's end
        raise BadRule(f"BYDAY={parts['BYDAY']}: there are {most} of a weekday at most")


def until_of(value: str, zone: ZoneInfo) -> datetime:
    """The last wall-clock time that UNTIL lets pass: in UTC if it ends with Z; a day alone is that whole day."""
    try:
        if len(value) == 8:
            return datetime.strptime(value, "%Y%m%d") + timedelta(days=1, microseconds=-1)  # noqa: DTZ007
        at = datetime.strptime(value[:15], "%Y%m%dT%H%M%S")  # noqa: DTZ007
        return at.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) if value.endswith("Z") else at
    except (ValueError, OverflowError) as error:
        raise BadRule(f"UNTIL={value} is no date") from error
