"""The timetable of planned work: which notice goes out when, to how many, and what becomes of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.text import Text

from forewarn.cli.moments import day_of, said, span
from forewarn.cli.series import series, whens, zone_of
from forewarn.cli.tables import NEW_LINE, NOTHING, cell, plain, table
from forewarn.contracts.schedule_api import RungView, ScheduleView


def timetable(view: ScheduleView, now: datetime) -> Group:
    """The notices in the order of their moments, by the organiser's clock; below, what falls short."""
    return Group(*_parts(view, now))


def _parts(view: ScheduleView, now: datetime) -> Iterator[RenderableType]:
    zone = zone_of(view.zone)
    of = f"Schedule of {view.outage}" if view.outage else "Schedule"
    yield Text(plain(f"\n{of}, by the clock of {zone.key}"), "bold underline")
    yield from series(view, zone, now) if view.recurrence else [_notices(view.rungs, zone, now)]
    yield from (Text(plain(f"Short of what is asked: {breach}"), "bold red") for breach in view.breaches)
    for country in view.unknown_countries:
        yield Text(plain(f"No holidays are known of {country}: there Monday to Friday are business days."), "bold red")


def _notices(rungs: list[RungView], zone: ZoneInfo, now: datetime) -> RenderableType:
    """A line for each side and channel; the moment and the occasion of several stand at the first of them."""
    if not rungs:
        return Text("No notice is on it.")
    made = table("When", "Notice", "Side", "Channel", "People", "Takes", "Outcome", wrap=("Outcome",))
    ordered = sorted(rungs, key=lambda each: (each.moment, each.occasion))
    for (moment, occasion), found in groupby(ordered, key=lambda each: (each.moment, each.occasion)):
        ways = list(found)
        names = _spread([occasion.replace("_", " ")], len(ways))
        for when, name, each in zip(_spread(whens(moment, zone, now), len(ways)), names, ways, strict=True):
            words = (Text(when), Text(plain(name)), cell(each.side), cell(each.channel))
            made.add_row(*words, *_numbers(each), _outcome(each, zone, now))
    return made


def _spread(lines: list[str], rows: int) -> list[str]:
    """The lines over so many rows; the last row takes what is left of them."""
    over = [*lines[: rows - 1], NEW_LINE.join(lines[rows - 1 :])]
    return over + [""] * (rows - len(over))


def _numbers(rung: RungView) -> tuple[Text, Text]:
    """How many hear of it, and how long it takes to tell them."""
    people = Text(f"{rung.audience:,}" if rung.audience is not None else NOTHING)
    seconds = rung.drain_seconds
    return people, Text(span(timedelta(seconds=max(1, round(seconds)))) if seconds and rung.audience else NOTHING)


def _outcome(rung: RungView, zone: ZoneInfo, now: datetime) -> Text:
    """What becomes of it, and what is to be known of that."""
    short = "short notice" if rung.short_notice else ""
    alone = f"for accounts with a minimum of {rung.minimum}" if rung.minimum and rung.side == "outside" else ""
    clashes = f"{rung.clashes:,} hear of other work that day" if rung.clashes else ""
    words = ", ".join(word for word in (_fate(rung, zone, now), alone, short, clashes) if word)
    return Text(words, "bold" if short or clashes or rung.fate == "lapsed" else "")


def _fate(rung: RungView, zone: ZoneInfo, now: datetime) -> str:
    match rung.fate:
        case "waits" if rung.leaves_at > rung.moment:
            return "once it has begun, and is so far"
        case "waits" if day_of(rung.leaves_at, rung.moment, zone):
            return f"leaves {said(rung.leaves_at, now, zone=zone)}"
        case "waits":
            return f"leaves {rung.leaves_at.astimezone(zone):%H:%M}"
        case "now":
            return "leaves now"
        case "compressed":
            return "told with a later one"
        case "lapsed":
            return "too late to be told"
        case _:
            return rung.fate
