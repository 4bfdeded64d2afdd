"""Taking back: correct what was wrong, or withdraw what never was; exactly those who were told hear it."""

from collections.abc import Iterable

import typer

from forewarn.cli import options as o
from forewarn.cli.act import must_say, tell
from forewarn.cli.names import named, notice_named
from forewarn.outage import Kind as Outage

CORRECT_EXAMPLE = 'forewarn incident correct INC-7 --retract cause --note "It was no attack."'
WITHDRAW_EXAMPLE = 'forewarn incident withdraw INC-7 --note "A false alarm."'
FIELDS = {
    o.Fact.EXPECTED_END: "expected_end",
    o.Fact.NEXT_UPDATE: "next_update_at",
    o.Fact.READER_ACTION: "reader_action",
}
CORRECTIONS = (
    *("status", "components", "severity", "symptoms", "cause", "action", "workaround"),
    *("expected_end", "next_update_at", "note", "retract"),
)


def correct(
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
    tell(ctx.params, taken_back(name, Outage.INCIDENT, "correct", notices, retract))


def withdraw(
    ctx: typer.Context,
    name: o.Either,
    note: o.Note = None,
    signed_by: o.SignedBy = None,
    notices: o.Notices = None,
    yes: o.Yes = False,
    dry_run: o.DryRun = False,
    event_id: o.EventId = None,
    wait: o.Wait = False,
    as_json: o.Json = False,
) -> None:
    """Take it back: it never was. With --notice only what that notice said."""
    tell(ctx.params, taken_back(name, ctx.obj, "withdraw", notices))


def taken_back(
    name: str, kind: Outage, act: str, notices: Iterable[str] | None, retract: Iterable[o.Fact] | None = None
) -> dict[str, object]:
    """The act, what it is about, and of which notices; the facts that it unsays by their names in Event v1."""
    told = [notice_named(each) for each in notices or ()]
    unsaid = [FIELDS.get(fact, fact.value) for fact in retract or ()]
    return {"about": named(name, kind), "act": act, "notices": told, "retract": unsaid}
