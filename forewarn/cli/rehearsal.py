"""A rehearsal: what an event would tell now, and of planned work what goes out when; nothing is sent."""

from datetime import UTC, datetime

from pydantic import BaseModel
from rich.console import Group
from rich.text import Text

from forewarn.cli.client import Client
from forewarn.cli.findings import FindingView, Previewed, beside, in_act
from forewarn.cli.preview import drawn
from forewarn.cli.tables import console, put
from forewarn.cli.timetable import timetable
from forewarn.cli.trouble import Kind, Trouble
from forewarn.contracts.api import PreviewView
from forewarn.contracts.event import Event
from forewarn.contracts.schedule_api import ScheduleView


class Rehearsed(BaseModel):
    """What a plan would do: whom it tells now, and what goes out later; and what the linter says of it."""

    preview: PreviewView
    schedule: ScheduleView
    findings: list[FindingView]


def body_of(event: Event) -> bytes:
    """The event as it travels: only what was said."""
    return event.model_dump_json(exclude_unset=True).encode()


def dry_run(client: Client, event: Event, as_json: bool) -> None:
    """Print every text, the audience and the times; of what sets a window, the schedule that it makes too."""
    now, view = datetime.now(UTC), client.preview(body_of(event))
    findings = in_act(event, view)
    if event.window is None:
        previewed = Previewed(**view.model_dump(), findings=findings)
        put(previewed, as_json, lambda: Group(drawn(view, now), *beside(findings)))
        return
    rehearsed = Rehearsed(preview=view, schedule=client.rehearsal(body_of(event)), findings=findings)
    shown = drawn(view, now, later=True), timetable(rehearsed.schedule, now), *beside(findings)
    put(rehearsed, as_json, lambda: Group(*shown))


def schedule_of(client: Client, event: Event) -> ScheduleView | None:
    """The schedule that the event makes, if it sets a window; None, and a line about it, when the desk cannot say.

    Raises Trouble when the event would be refused.
    """
    if event.window is None:
        return None
    try:
        return client.rehearsal(body_of(event))
    except Trouble as trouble:
        if trouble.kind is Kind.NOT_CARRIED_OUT:
            raise
        console(to_errors=True).print(Text(f"No schedule can be had. {trouble.line}", "bold red"))
        return None
