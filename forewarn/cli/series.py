"""The windows of a series: those that are work of their own by their names, and the next ones (T10)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rich.console import RenderableType
from rich.text import Text

from forewarn.cli.moments import day_of, said
from forewarn.cli.tables import NEW_LINE, cell, plain, table
from forewarn.contracts.schedule_api import OccurrenceView, ScheduleView


def series(view: ScheduleView, zone: ZoneInfo, now: datetime) -> Iterator[RenderableType]:
    """How it recurs, and each window with what becomes of it."""
    yield Text(plain(f"It recurs by {view.recurrence}. Each window is told as work of its own; nobody is told of all."))
    if not view.occurrences:
        yield Text("No window is to come.")
        return
    made = table("From", "Until", "Name", "State", wrap=("State",))
    for each in view.occurrences:
        times = (Text(NEW_LINE.join(whens(at, zone, now))) for at in (each.start, each.end))
        made.add_row(*times, cell(each.name, "bold"), _state(each, zone, now))
    yield made
    asked = [each.name for each in view.occurrences if each.name and each.tentative and each.status == "scheduled"]
    if asked:
        yield Text(
            plain(f"Will it be used, and for what? forewarn maintenance confirm {asked[0]}, or cancel {asked[0]}")
        )


def whens(moment: datetime, zone: ZoneInfo, now: datetime) -> list[str]:
    """The day, the time in the zone, the time in UTC."""
    here, utc = moment.astimezone(zone), moment.astimezone(UTC)
    lines = [day_of(moment, now, zone) or "today", f"{here:%H:%M %Z}"]
    if here.utcoffset():
        lines.append(f"{utc:%H:%M} UTC" if utc.date() == here.date() else f"{utc:%a %H:%M} UTC")
    return lines


def zone_of(name: str) -> ZoneInfo:
    """The organiser's zone; one that this machine does not know is read as UTC."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _state(each: OccurrenceView, zone: ZoneInfo, now: datetime) -> Text:
    if each.name is None:
        when = f"gets a name {said(each.opens_at, now, zone=zone)}" if each.opens_at and each.opens_at > now else "soon"
        return Text(when, "dim")
    return cell(f"{each.status}, tentative" if each.tentative and each.status == "scheduled" else each.status)
