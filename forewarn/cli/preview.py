"""Preview: every text, the whole audience and the times of what an event would tell; nothing is sent."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from forewarn.cli import options as o
from forewarn.cli.client import client
from forewarn.cli.files import bytes_of
from forewarn.cli.findings import Previewed, as_it_stands, beside, in_act
from forewarn.cli.names import NAME
from forewarn.cli.outlook import left_out, people, text_of, times, verdict, warnings
from forewarn.cli.tables import cell, plain, put, table
from forewarn.cli.trouble import Kind, Trouble
from forewarn.contracts.api import PreviewView
from forewarn.contracts.event import BadEvent, Event, parse_event

app = o.noun("See what would be told, to whom and when; nothing is sent.")

What = Annotated[
    str, typer.Argument(metavar="FILE|INC-n", help="An event as JSON (- reads stdin), or an incident as it stands.")
]


@app.command(epilog=o.example("forewarn preview INC-7"))
def preview(what: What, as_json: o.Json = False) -> None:
    """See what would be told, to whom and when; nothing is sent."""
    name = what.strip().upper()
    here = client()
    if NAME.fullmatch(name):
        view = here.standing(name)
        findings = as_it_stands(view)
    else:
        event = _event_in(what)
        view = here.preview(event.model_dump_json(exclude_unset=True, exclude_none=True).encode())
        findings = in_act(event, view)
    previewed = Previewed(**view.model_dump(), findings=findings)
    put(previewed, as_json, lambda: Group(drawn(view, datetime.now(UTC)), *beside(findings)))


def drawn(view: PreviewView, now: datetime, later: bool = False) -> Group:
    """Every text, then the audience by all that divides it, then the times. `later`: a schedule tells the rest."""
    return Group(*_parts(view, now, later))


def _parts(view: PreviewView, now: datetime, later: bool) -> Iterator[RenderableType]:
    yield Text(f"{plain(_of(view))}. Nothing is sent.\n", "bold")
    for text in sorted(view.texts, key=lambda text: (text.side != "outside", -text.people)):
        yield from text_of(text)
    if view.groups:
        yield from (_groups(view, now), Text())
    if view.notices:
        yield from (times(view), Text())
    else:
        yield Text("No notice is to be told now." if later else "No notice is to be told.")
    yield from verdict(view, later)
    yield from warnings(view, now)


def _of(view: PreviewView) -> str:
    of = f"{view.outage}, revision {view.revision}" if view.outage and view.revision else view.outage or "A new outage"
    return f"{of}: {people(view.people)} would be told now"


def _groups(view: PreviewView, now: datetime) -> Table:
    made = table("Side", "Voice", "Channel", "Locale", "Reads", "People", "Outcome", wrap=("Reads", "Outcome"))
    for each in view.groups:
        outcome = "told" if each.outcome == "told" else left_out(each, now)
        words = (each.side, each.voice, each.channel, each.locale, each.occasion)
        made.add_row(*map(cell, words), f"{each.people:,}", cell(outcome))
    return made


def _event_in(file: str) -> Event:
    """The event in the file, without what is unknown. Raises Trouble that names every fault."""
    try:
        return parse_event(bytes_of(file))
    except BadEvent as fault:
        raise Trouble(Kind.USAGE, f"{file}: {fault}") from None
