"""Incidents: open, update, resolve, show, list.

The options of an act are named as Event v1's fields, so that the act is read off the context.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

import typer

from forewarn.cli import options as o
from forewarn.cli.act import carry_out, event_of
from forewarn.cli.client import client
from forewarn.cli.names import incident_named
from forewarn.cli.show import outage
from forewarn.cli.tables import outages, put
from forewarn.cli.trouble import Kind, Trouble

app = o.noun("Open, update, resolve and look up incidents.")

OPEN_EXAMPLE = 'forewarn incident open --component api --impact down --next-update "in 30m"'
UPDATE_EXAMPLE = 'forewarn incident update INC-7 --status identified --cause "A full disk."'
RESOLVE_EXAMPLE = 'forewarn incident resolve INC-7 --cause "A full disk; it is larger now."'
NEWS = (
    *("status", "components", "severity", "symptoms", "cause", "action", "workaround"),
    *("expected_end", "next_update_at", "signed_by", "note"),
)
Test = Annotated[bool, typer.Option("--test", help="A test: every notice says that it is one.")]


@app.command("open", epilog=o.example(OPEN_EXAMPLE))
def open_(
    ctx: typer.Context,
    components: o.Components = None,
    impact: o.FirstImpact = None,
    severity: o.SeverityOption = None,
    symptoms: o.Symptoms = None,
    cause: o.Cause = None,
    action: o.Action = None,
    workaround: o.Workaround = None,
    expected_end: o.ExpectedEnd = None,
    next_update_at: o.NextUpdate = None,
    signed_by: o.SignedBy = None,
    note: o.Note = None,
    test: Test = False,
    event_id: o.EventId = None,
    wait: o.Wait = False,
    as_json: o.Json = False,
) -> None:
    """Open an incident; whoever is touched is told at once."""
    if not components:
        raise Trouble(Kind.USAGE, "what is touched?", "Say it with --component NAME, as often as needed")
    _act(ctx.params, {})


@app.command(epilog=o.example(UPDATE_EXAMPLE))
def update(
    ctx: typer.Context,
    name: o.Incident,
    status: o.StatusOption = None,
    components: o.Components = None,
    impact: o.ImpactNow = None,
    severity: o.SeverityOption = None,
    symptoms: o.Symptoms = None,
    cause: o.Cause = None,
    action: o.Action = None,
    workaround: o.Workaround = None,
    expected_end: o.ExpectedEnd = None,
    next_update_at: o.NextUpdate = None,
    signed_by: o.SignedBy = None,
    note: o.Note = None,
    event_id: o.EventId = None,
    wait: o.Wait = False,
    as_json: o.Json = False,
) -> None:
    """Say what is new about an incident; whoever was told is told that too."""
    if impact and not components:
        raise Trouble(Kind.USAGE, "--impact says nothing without --component", "Name what is touched like that")
    if not any(ctx.params[field] for field in NEWS):
        raise Trouble(Kind.USAGE, "nothing new was said", f"Say it like: {UPDATE_EXAMPLE}")
    _act(ctx.params, {"about": incident_named(name)})


@app.command(epilog=o.example(RESOLVE_EXAMPLE))
def resolve(
    ctx: typer.Context,
    name: o.Incident,
    cause: o.Cause = None,
    note: o.Note = None,
    signed_by: o.SignedBy = None,
    event_id: o.EventId = None,
    wait: o.Wait = False,
    as_json: o.Json = False,
) -> None:
    """Say that an incident is over; everybody who was told hears it."""
    _act(ctx.params, {"about": incident_named(name), "status": "resolved"})


@app.command(epilog=o.example("forewarn incident show INC-7"))
def show(name: o.Incident, as_json: o.Json = False) -> None:
    """Show everything about an incident: facts, who is touched, notices, timeline."""
    view = client().outage(incident_named(name))
    put(view, as_json, lambda: outage(view, datetime.now(UTC)))


@app.command("list", epilog=o.example("forewarn incident list --all"))
def list_(
    every: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    as_json: o.Json = False,
) -> None:
    """List the open incidents."""
    rows = client().outages("incident", only_open=not every)
    now = datetime.now(UTC)
    put(rows, as_json, lambda: outages(rows, now) if rows else "No incident." if every else "No open incident.")


def _act(given: Mapping[str, object], fixed: Mapping[str, object]) -> None:
    here = client()
    event = event_of({**given, **fixed}, here, _text(given["event_id"]))
    if not fixed:  # a new incident is a signal of its own
        event = event.model_copy(update={"key": event.event_id})
    carry_out(here, event, wait=bool(given["wait"]), as_json=bool(given["as_json"]))


def _text(given: object) -> str | None:
    return str(given) if given else None
