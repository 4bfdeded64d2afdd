"""Steering an outage: let customers hear of a machine's word, or not; say whose it is."""

from typing import Annotated

import typer

from forewarn.cli import options as o
from forewarn.cli.act import quietly, tell
from forewarn.cli.names import named


def release(
    ctx: typer.Context,
    name: o.Either,
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
    """Let customers hear of what a machine reported."""
    tell(ctx.params, {"about": named(name, ctx.obj), "act": "release"})


def dismiss(
    ctx: typer.Context,
    name: o.Either,
    note: o.Note = None,
    event_id: o.EventId = None,
    as_json: o.Json = False,
) -> None:
    """Keep from customers what a machine reported.

    No customer hears of it; colleagues, who read that customers would, are told so. A later release tells customers.
    """
    quietly(ctx.params, {"about": named(name, ctx.obj), "act": "dismiss"})


def take(ctx: typer.Context, name: o.Either, event_id: o.EventId = None, as_json: o.Json = False) -> None:
    """Become its communicator: you keep its promises."""
    quietly(ctx.params, {"about": named(name, ctx.obj), "act": "take"})


def hand_over(
    ctx: typer.Context,
    name: o.Either,
    communicator: Annotated[str, typer.Option("--to", metavar="NAME", help="Who keeps its promises from now on.")],
    note: Annotated[
        str | None, typer.Option(metavar="TEXT", help="To them; it is kept in the log, no reader sees it.")
    ] = None,
    event_id: o.EventId = None,
    as_json: o.Json = False,
) -> None:
    """Make somebody else its communicator."""
    quietly(ctx.params, {"about": named(name, ctx.obj), "act": "hand_over"})
