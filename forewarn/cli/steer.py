"""Steering an outage: let customers hear of a machine's word, or not; say whose it is."""

from typing import Annotated

import typer

from forewarn.cli import options as o
from forewarn.cli.act import quietly, tell
from forewarn.cli.client import client
from forewarn.cli.names import named
from forewarn.cli.trouble import Kind, Trouble
from forewarn.contracts.policy_communication import unreached


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
    anyway: Annotated[bool, typer.Option("--anyway", help="Also to somebody whom no page reaches.")] = False,
    event_id: o.EventId = None,
    as_json: o.Json = False,
) -> None:
    """Make somebody else its communicator; they are paged that it is theirs."""
    about = named(name, ctx.obj)
    if not anyway:
        _must_be_reached(communicator)
    quietly(ctx.params, {"about": about, "act": "hand_over"})


def _must_be_reached(communicator: str) -> None:
    """Raises Trouble if the policy in force knows no way to them; a desk that does not answer says nothing of it."""
    try:
        said = client().policy().effective.get("communication") or {}
    except Trouble:
        return
    why = unreached(communicator, said.get("reach") or {})
    if why is not None:
        raise Trouble(Kind.NOT_CARRIED_OUT, why, "Mend the name; with --anyway it is theirs, and others are paged")
