"""Incidents: open, update, resolve, show, list; what steers them is in `steer` and `takeback`.

The options of an act are named as Event v1's fields, so that the act is read off the context.
"""

from datetime import UTC, datetime
from typing import Annotated

import typer

from forewarn.cli import options as o
from forewarn.cli import steer, takeback
from forewarn.cli.act import tell
from forewarn.cli.client import client
from forewarn.cli.logbook import logbook
from forewarn.cli.names import incident_named
from forewarn.cli.show import outage
from forewarn.cli.tables import outages, put
from forewarn.cli.trouble import Kind, Trouble

app = o.noun("Open, update, correct, resolve and look up incidents.")

OPEN_EXAMPLE = 'forewarn incident open --component api --impact down --next-update "in 30m"'
UPDATE_EXAMPLE = 'forewarn incident update INC-7 --status identified --cause "A full disk."'
RESOLVE_EXAMPLE = 'forewarn incident resolve INC-7 --cause "A full disk; it is larger now."'
NEWS = (
    *("status", "components", "severity", "symptoms", "cause", "action", "workaround"),
    *("expected_end", "next_update_at", "signed_by", "note"),
)
Test = Annotated[bool, typer.Option("--test", help="A test: only the policy's guests are told, and that it is one.")]


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
    yes: o.Yes = False,
    dry_run: o.DryRun = False,
    event_id: o.EventId = None,
    wait: o.Wait = False,
    as_json: o.Json = False,
) -> None:
    """Open an incident; whoever is touched is told at once."""
    if not components:
        raise Trouble(Kind.USAGE, "what is touched?", "Say it with --component NAME, as often as needed")
    tell(ctx.params, {})


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
    yes: o.Yes = False,
    dry_run: o.DryRun = False,
    event_id: o.EventId = None,
    wait: o.Wait = False,
    as_json: o.Json = False,
) -> None:
    """Say what is new; whoever was told is told that too."""
    if impact and not components:
        raise Trouble(Kind.USAGE, "--impact says nothing without --component", "Name what is touched like that")
    if not any(ctx.params[field] for field in NEWS):
        raise Trouble(Kind.USAGE, "nothing new was said", f"Say it like: {UPDATE_EXAMPLE}")
    tell(ctx.params, {"about": incident_named(name)})


@app.command(epilog=o.example(RESOLVE_EXAMPLE))
def resolve(
    ctx: typer.Context,
    name: o.Incident,
    cause: o.Cause = None,
    note: o.Note = None,
    signed_by: o.SignedBy = None,
    yes: o.Yes = False,
    dry_run: o.DryRun = False,
    event_id: o.EventId = None,
    wait: o.Wait = False,
    as_json: o.Json = False,
) -> None:
    """Say that it is over; everybody who was told hears it."""
    tell(ctx.params, {"about": incident_named(name), "status": "resolved"})


app.command(epilog=o.example(takeback.CORRECT_EXAMPLE))(takeback.correct)
app.command(epilog=o.example(takeback.WITHDRAW_EXAMPLE))(takeback.withdraw)
app.command(epilog=o.example("forewarn incident release INC-7"))(steer.release)
app.command(epilog=o.example("forewarn incident dismiss INC-7"))(steer.dismiss)
app.command(epilog=o.example("forewarn incident take INC-7"))(steer.take)


@app.command(epilog=o.example("forewarn incident show INC-7 --log"))
def show(
    name: o.Incident,
    log: Annotated[bool, typer.Option("--log", help="Who did what, when, having seen which revision.")] = False,
    as_json: o.Json = False,
) -> None:
    """Show all about an incident: facts, notices, timeline."""
    incident, here, now = incident_named(name), client(), datetime.now(UTC)
    if log:
        acts = here.log(incident)
        put(acts, as_json, lambda: logbook(acts, now) if acts else f"Nobody acted on {incident} yet.")
    else:
        view = here.outage(incident)
        put(view, as_json, lambda: outage(view, now))


@app.command("list", epilog=o.example("forewarn incident list --all"))
def list_(
    every: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    as_json: o.Json = False,
) -> None:
    """List the open incidents."""
    rows = client().outages("incident", only_open=not every)
    now = datetime.now(UTC)
    put(rows, as_json, lambda: outages(rows, now) if rows else "No incident." if every else "No open incident.")
