"""Steering a machine's incident: let customers hear of it, do not, or take it over."""

import typer

from forewarn.cli import options as o
from forewarn.cli.act import quietly, tell
from forewarn.cli.names import incident_named


def release(
    ctx: typer.Context,
    name: o.Incident,
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
    """Let customers hear of an incident that a machine reported."""
    tell(ctx.params, {"about": incident_named(name), "act": "release"})


def dismiss(
    ctx: typer.Context,
    name: o.Incident,
    note: o.Note = None,
    event_id: o.EventId = None,
    as_json: o.Json = False,
) -> None:
    """Keep a machine's incident from customers.

    No customer hears of it; colleagues, who read that customers would, are told so. A later release tells customers.
    """
    quietly(ctx.params, {"about": incident_named(name), "act": "dismiss"})


def take(ctx: typer.Context, name: o.Incident, event_id: o.EventId = None, as_json: o.Json = False) -> None:
    """Become an incident's communicator: you keep its promises."""
    quietly(ctx.params, {"about": incident_named(name), "act": "take"})
