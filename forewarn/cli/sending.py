"""Sending: pause it and resume it, everywhere, on one channel or of one incident, and see what stands."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Group
from rich.text import Text

from forewarn.cli import options as o
from forewarn.cli.client import client
from forewarn.cli.names import outage_named
from forewarn.cli.standing import mode_of, pauses, what_of
from forewarn.cli.tables import put
from forewarn.cli.trouble import Kind, Trouble
from forewarn.contracts.api import PauseAsk, ResumeAsk, SendingView
from forewarn.contracts.event import faults_of
from forewarn.notice import Channel

app = o.noun("Pause all sending, one channel or one incident; resume it.")

OnChannel = Annotated[Channel | None, typer.Option("--channel", help="Only this channel (every one if not said).")]
OfIncident = Annotated[
    str | None, typer.Option("--incident", metavar="NAME", help="Only INC-7, or MNT-3 (every one if not said).")
]
Ask = TypeVar("Ask", PauseAsk, ResumeAsk)


@app.command(epilog=o.example('forewarn sending pause --channel email --reason "Wrong link in a mail."'))
def pause(reason: o.Reason, channel: OnChannel = None, incident: OfIncident = None, as_json: o.Json = False) -> None:
    """Stop all sending within 2 s, or only a channel's or an incident's; nothing is lost."""
    ask = _ask(PauseAsk, channel, incident, reason)
    view = client().pause(ask)
    what = what_of(ask.channel, ask.incident)
    scope = "EVERYTHING is paused: nothing is sent of any incident, on any channel" if what == "everything" else ""
    put(view, as_json, lambda: _drawn(view, scope or f"{what} is paused"))


@app.command(epilog=o.example('forewarn sending resume --channel email --reason "The link is right."'))
def resume(reason: o.Reason, channel: OnChannel = None, incident: OfIncident = None, as_json: o.Json = False) -> None:
    """Lift the pause of exactly this channel and incident; what waited is sent."""
    ask = _ask(ResumeAsk, channel, incident, reason)
    view = client().resume(ask)
    what = what_of(ask.channel, ask.incident)
    put(view, as_json, lambda: _drawn(view, f"The pause of {what} is lifted"))


@app.command(epilog=o.example("forewarn sending show"))
def show(as_json: o.Json = False) -> None:
    """Show the delivery mode and the pauses that stand."""
    view = client().sending()
    put(view, as_json, lambda: _drawn(view))


def _ask(shape: type[Ask], channel: Channel | None, incident: str | None, reason: str) -> Ask:
    name = outage_named(f"INC-{incident}" if incident.isdecimal() else incident) if incident else None
    try:
        return shape.model_validate({"channel": channel, "incident": name, "reason": reason})
    except ValidationError as fault:
        raise Trouble(Kind.USAGE, faults_of(fault)) from None


def _drawn(view: SendingView, done: str = "") -> Group:
    return Group(*_lines(view, done))


def _lines(view: SendingView, done: str) -> Iterator[Text]:
    if done:
        yield Text(f"{done}.", "bold")
    lines = list(pauses(view.paused, datetime.now(UTC)))
    yield from (Text(line, "bold red") for line in lines)
    if not lines:
        yield Text("Nothing is paused.")
    yield Text(f"Delivery mode {mode_of(view.mode)}.")
