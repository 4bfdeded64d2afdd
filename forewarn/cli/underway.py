"""Work under way: start it, say how far it is, complete it."""

from typing import Annotated

import typer

from forewarn.cli import options as o
from forewarn.cli.act import tell
from forewarn.cli.names import named
from forewarn.cli.trouble import Kind, Trouble
from forewarn.outage import Kind as Outage


def start(
    ctx: typer.Context,
    name: o.Work,
    note: o.Note = None,
    signed_by: o.SignedBy = None,
    yes: o.Yes = False,
    dry_run: o.DryRun = False,
    event_id: o.EventId = None,
    wait: o.Wait = False,
    as_json: o.Json = False,
) -> None:
    """Say that the work has begun."""
    tell(ctx.params, {"about": named(name, Outage.MAINTENANCE), "status": "in_progress"})


def progress(
    ctx: typer.Context,
    name: o.Work,
    done: Annotated[int, typer.Option(min=0, help="So many tasks are done.")],
    total: Annotated[int, typer.Option(min=1, help="Of so many.")],
    action: o.Action = None,
    note: o.Note = None,
    signed_by: o.SignedBy = None,
    yes: o.Yes = False,
    dry_run: o.DryRun = False,
    event_id: o.EventId = None,
    wait: o.Wait = False,
    as_json: o.Json = False,
) -> None:
    """Say how far the work is."""
    if done > total:
        raise Trouble(Kind.USAGE, f"--done {done} is more than --total {total}", "Give both as they stand now")
    tell(ctx.params, {"about": named(name, Outage.MAINTENANCE), "tasks": {"done": done, "total": total}})


def complete(
    ctx: typer.Context,
    name: o.Work,
    note: o.Note = None,
    signed_by: o.SignedBy = None,
    yes: o.Yes = False,
    dry_run: o.DryRun = False,
    event_id: o.EventId = None,
    wait: o.Wait = False,
    as_json: o.Json = False,
) -> None:
    """Say that the work is over; everybody who was told hears it. It must have begun: by its time, or by `start`."""
    tell(ctx.params, {"about": named(name, Outage.MAINTENANCE), "status": "completed"})
