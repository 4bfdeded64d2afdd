"""Incidents: open, update, resolve, show, list; what steers them is in `merge`, `steer`, `takeback`.

The options of an act are named as Event v1's fields, so that the act is read off the context.
"""

from datetime import UTC, datetime

import typer

from forewarn.cli import merge, steer, takeback
from forewarn.cli import options as o
from forewarn.cli.act import must_say, tell
from forewarn.cli.client import client
from forewarn.cli.logbook import put_log
from forewarn.cli.names import named
from forewarn.cli.show import outage
from forewarn.cli.tables import outages, put
from forewarn.cli.trouble import Kind, Trouble
from forewarn.outage import Kind as Outage

app = o.noun("Open, update, correct, resolve and look up incidents.", Outage.INCIDENT)

OPEN_EXAMPLE = 'forewarn incident open --component api --impact down --next-update "in 30m"'
UPDATE_EXAMPLE = 'forewarn incident update INC-7 --status identified --cause "A full disk."'
RESOLVE_EXAMPLE = 'forewarn incident resolve INC-7 --cause "A full disk; it is larger now."'
NEWS = (
    *("status", "components", "severity", "symptoms", "cause", "action", "workaround"),
    *("expected_end", "next_update_at", "signed_by", "note"),
)


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
    test: o.Test = None,
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
    must_say(ctx.params, NEWS, "nothing new was said", UPDATE_EXAMPLE)
    tell(ctx.params, {"about": named(name, Outage.INCIDENT)})


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
    tell(ctx.params, {"about": named(name, Outage.INCIDENT), "status": "resolved"})


app.command(epilog=o.example(takeback.CORRECT_EXAMPLE))(takeback.correct)
app.command(epilog=o.example(takeback.WITHDRAW_EXAMPLE))(takeback.withdraw)
app.command(epilog=o.example(merge.MERGE_EXAMPLE))(merge.merge)
app.command(epilog=o.example(merge.SPLIT_EXAMPLE))(merge.split)
app.command(epilog=o.example("forewarn incident release INC-7"))(steer.release)
app.command(epilog=o.example("forewarn incident dismiss INC-7"))(steer.dismiss)
app.command(epilog=o.example("forewarn incident take INC-7"))(steer.take)
app.command("hand-over", epilog=o.example("forewarn incident hand-over INC-7 --to dana"))(steer.hand_over)


@app.command(epilog=o.example("forewarn incident show INC-7 --log"))
def show(name: o.Incident, log: o.Log = False, as_json: o.Json = False) -> None:
    """Show all about an incident: facts, notices, timeline."""
    incident, here = named(name, Outage.INCIDENT), client()
    if log:
        put_log(here, incident, as_json)
        return
    view = here.outage(incident)
    put(view, as_json, lambda: outage(view, datetime.now(UTC)))


@app.command("list", epilog=o.example("forewarn incident list --all"))
def list_(every: o.All = False, as_json: o.Json = False) -> None:
    """List the open incidents."""
    rows = client().outages("incident", only_open=not every)
    now = datetime.now(UTC)
    put(rows, as_json, lambda: outages(rows, now) if rows else "No incident." if every else "No open incident.")
