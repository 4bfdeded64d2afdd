"""Merging and splitting: two incidents that are one, one incident that is two."""

from typing import Annotated

import typer

from forewarn.cli import options as o
from forewarn.cli.act import must_say, tell
from forewarn.cli.names import named
from forewarn.outage import Kind as Outage

MERGE_EXAMPLE = "forewarn incident merge INC-8 --into INC-7"
SPLIT_EXAMPLE = "forewarn incident split INC-7 --component api"


def merge(
    ctx: typer.Context,
    name: o.Incident,
    into: Annotated[str, typer.Option(metavar="INC-n", help="The incident that it becomes part of.")],
    note: o.Note = None,
    signed_by: o.SignedBy = None,
    yes: o.Yes = False,
    dry_run: o.DryRun = False,
    event_id: o.EventId = None,
    wait: o.Wait = False,
    as_json: o.Json = False,
) -> None:
    """Make it part of another one: all it touches, and whoever was told of it, hear of that one."""
    tell(ctx.params, {"about": named(name, Outage.INCIDENT), "into": named(into, Outage.INCIDENT), "act": "merge"})


def split(
    ctx: typer.Context,
    name: o.Incident,
    components: o.Components = None,
    note: o.Note = None,
    yes: o.Yes = False,
    dry_run: o.DryRun = False,
    event_id: o.EventId = None,
    wait: o.Wait = False,
    as_json: o.Json = False,
) -> None:
    """Give some of what it touches an incident of its own."""
    must_say(ctx.params, ("components",), "what leaves?", SPLIT_EXAMPLE)
    tell(ctx.params, {"about": named(name, Outage.INCIDENT), "act": "split"})
