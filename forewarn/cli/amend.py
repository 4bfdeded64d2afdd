"""Amending planned work: say what is new of it, or what was wrong; its times are moved by `shift`."""

from typing import Annotated, Literal

import typer

from forewarn.cli import options as o
from forewarn.cli.act import must_say, tell
from forewarn.cli.names import named
from forewarn.cli.takeback import taken_back
from forewarn.outage import Kind as Outage

UPDATE_EXAMPLE = 'forewarn maintenance update MNT-3 --workaround "Export your reports before."'
CORRECT_EXAMPLE = 'forewarn maintenance correct MNT-3 --symptoms "Logins fail."'
NEWS = (
    *("status", "components", "symptoms", "action", "workaround", "benefit", "reader_action", "changes_requested_by"),
    *("notice_class", "tentative", "country", "signed_by", "note"),
)
CORRECTIONS = (
    *("components", "start", "end", "expected_end", "symptoms", "cause", "action", "workaround", "benefit"),
    *("reader_action", "note", "retract"),
)


def update(
    ctx: typer.Context,
    name: o.Work,
    status: Annotated[
        Literal["verifying"] | None, typer.Option("--status", help="The work is done, and is being checked.")
    ] = None,
    components: o.Components = None,
    impact: o.ImpactNow = None,
    symptoms: o.Symptoms = None,
    action: o.Action = None,
    workaround: o.Workaround = None,
    benefit: o.Benefit = None,
    notice_class: o.NoticeClassOption = None,
    tentative: o.Tentative = None,
    reader_action: o.MustDo = None,
    action_by: o.ActionBy = None,
    action_link: o.ActionLink = None,
    changes_requested_by: o.RequestedBy = None,
    country: o.Country = None,
    zone: o.Zone = None,
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
    tell(ctx.params, {"about": named(name, Outage.MAINTENANCE)})


def correct(
    ctx: typer.Context,
    name: o.Work,
    start: Annotated[str | None, typer.Option(metavar="TIME", help=f"When the work begins: {o.START}.")] = None,
    end: Annotated[str | None, typer.Option(metavar="TIME", help=o.END)] = None,
    components: o.Components = None,
    impact: o.ImpactNow = None,
    symptoms: o.Symptoms = None,
    cause: o.Cause = None,
    action: o.Action = None,
    workaround: o.Workaround = None,
    benefit: o.Benefit = None,
    reader_action: o.MustDo = None,
    action_by: o.ActionBy = None,
    action_link: o.ActionLink = None,
    expected_end: o.ExpectedEnd = None,
    zone: o.Zone = None,
    signed_by: o.SignedBy = None,
    note: o.Note = None,
    retract: o.Retract = None,
    notices: o.Notices = None,
    yes: o.Yes = False,
    dry_run: o.DryRun = False,
    event_id: o.EventId = None,
    wait: o.Wait = False,
    as_json: o.Json = False,
) -> None:
    """Say what is right; exactly those who were told hear it."""
    must_say(ctx.params, CORRECTIONS, "what is wrong, and what is right?", CORRECT_EXAMPLE)
    tell(ctx.params, taken_back(name, Outage.MAINTENANCE, "correct", notices, retract))
