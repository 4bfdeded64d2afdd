"""Announce: tell of a release in one line, from a pipeline or by hand."""

from typing import Annotated

import typer

from forewarn.cli import options as o
from forewarn.cli.act import tell
from forewarn.cli.trouble import Kind, Trouble
from forewarn.outage import Kind as Outage

app = o.noun("Tell of a release in one line, from a pipeline or by hand.", Outage.ANNOUNCEMENT)

EXAMPLE = 'forewarn announce --version 2.4 --benefit "Faster reports." --components web'


@app.command(epilog=o.example(EXAMPLE))
def announce(
    ctx: typer.Context,
    version: Annotated[str, typer.Option(metavar="TEXT", help="What is released, e.g. 2.4.")],
    benefit: Annotated[str, typer.Option(metavar="TEXT", help="What it is good for: what readers gain by it.")],
    whats_new: Annotated[
        str | None, typer.Option("--whats-new", metavar="TEXT", help="What is new in it, in your words.")
    ] = None,
    components: o.Components = None,
    reader_action: o.MustDo = None,
    action_by: o.ActionBy = None,
    action_link: o.ActionLink = None,
    changes_requested_by: o.RequestedBy = None,
    zone: o.Zone = None,
    signed_by: o.SignedBy = None,
    note: o.Note = None,
    test: o.Test = None,
    yes: o.Yes = False,
    dry_run: o.DryRun = False,
    event_id: Annotated[
        str | None, typer.Option(metavar="ID", help="The same id counts once, however often the pipeline runs.")
    ] = None,
    wait: o.Wait = False,
    as_json: o.Json = False,
) -> None:
    """Tell of a release.

    A pipeline adds --yes, as nobody is there to ask, and an --event-id of its own, so that a run that is repeated tells
    nobody twice. Ends with 0 if the announcement was taken, 1 if it was refused or failed, 2 for wrong usage, 3 if
    Forewarn cannot be reached: then run it again.
    """
    if not components:
        raise Trouble(
            Kind.USAGE, "whose release is it? Customers are told by what they use", "Add --components NAME,NAME"
        )
    tell(ctx.params, {"kind": Outage.ANNOUNCEMENT})
