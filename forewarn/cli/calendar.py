"""Calendar: what is planned, by the organiser's clock, and what falls on the same day (T9, W10)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel
from rich.console import Group, RenderableType
from rich.text import Text

from forewarn.cli import options as o
from forewarn.cli.client import client
from forewarn.cli.series import whens, zone_of
from forewarn.cli.tables import NEW_LINE, NOTHING, cell, plain, put, table
from forewarn.cli.trouble import Kind, Trouble
from forewarn.contracts.schedule_api import CalendarEntryView, CalendarView

app = o.noun("See what is planned, and what falls on the same day.")

Days = Annotated[int, typer.Option(metavar="N", min=1, max=366, help="How many days ahead.")]
Ics = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write the customers' calendar, a year ahead, to this file (.ics).")
]


class Written(BaseModel):
    """A file that was written, and how many entries it has."""

    file: str
    entries: int


@app.command(epilog=o.example("forewarn calendar --days 30"))
def calendar(days: Days = 90, ics: Ics = None, as_json: o.Json = False) -> None:
    """See what is planned, and what falls on the same day."""
    if ics is not None:
        written = _written(ics, client().calendar_feed())
        put(written, as_json, lambda: plain(f"{written.file} holds {written.entries} entries."))
        return
    view = client().calendar(days)
    put(view, as_json, lambda: Group(*_page(view, days)))


def _written(file: Path, feed: bytes) -> Written:
    try:
        file.write_bytes(feed)
    except OSError as fault:
        raise Trouble(Kind.USAGE, f"{file} cannot be written: {fault.strerror}", "Name another file") from None
    return Written(file=str(file), entries=feed.count(b"BEGIN:VEVENT"))


def _page(view: CalendarView, days: int) -> Iterator[RenderableType]:
    if not view.entries:
        yield Text(f"Nothing is planned for the next {days} days.")
        return
    zone = zone_of(view.zone)
    yield Text(f"Planned for the next {days} days, by the clock of {zone.key}", "bold underline")
    made = table("From", "Until", "Name", "Components", "To be known", wrap=("Components", "To be known"))
    for each in view.entries:
        times = (Text(NEW_LINE.join(whens(at, zone, view.now))) for at in (each.start, each.end))
        components = Text(NEW_LINE.join(map(plain, each.components)) or NOTHING)
        made.add_row(*times, _name(each), components, _notes(each))
    yield made


def _name(each: CalendarEntryView) -> Text:
    """A window of a series has no name of its own before it is near."""
    if each.name is None:
        return Text(f"of {each.series}", "dim")
    return Text(each.name + (f"{NEW_LINE}(of {each.series})" if each.series else ""), "bold")


def _notes(each: CalendarEntryView) -> Text:
    state = "tentative" if each.tentative else (each.status or "").replace("_", " ")
    same = f"same day as {', '.join(each.same_day)}" if each.same_day else ""
    return cell(", ".join(word for word in (state, same) if word), "bold red" if same else "")
