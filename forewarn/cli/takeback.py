"""Taking back: correct what was wrong, or withdraw what never was; exactly those who were told hear it."""

from collections.abc import Iterable

import typer

from forewarn.cli import options as o
from forewarn.cli.act import tell
from forewarn.cli.names import incident_named, notice_named
from forewarn.cli.trouble import Kind, Trouble

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
    if impact and not components:
        raise Trouble(Kind.USAGE, "--impact says nothing without --component", "Name what is touched like that")
    if not any(ctx.params[field] for field in CORRECTIONS):
        raise Trouble(Kind.USAGE, "what is wrong, and what is right?", f"Say it like: {CORRECT_EXAMPLE}")
    taken_back = [FIELDS.get(fact, fact.value) for fact in retract or ()]
    tell(ctx.params, _about(name, "correct", notices) | {"retract": taken_back})


def withdraw(
    ctx: typer.Context,
    name: o.Incident,
    note: o.Note = None,
    signed_by: o.SignedBy = None,
    notices: o.Notices = None,
    yes: o.Yes = False,
    dry_run: o.DryRun = False,
    event_id: o.EventId = None,
    wait: o.Wait = False,
    as_json: o.Json = False,
) -> None:
    """Take an incident back: it never was. With --notice only what that notice said."""
    tell(ctx.params, _about(name, "withdraw", notices))


def _about(name: str, act: str, notices: Iterable[str] | None) -> dict[str, object]:
    return {"about": incident_named(name), "act": act, "notices": [notice_named(each) for each in notices or ()]}
