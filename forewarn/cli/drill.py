"""A drill: a test incident from start to end, told to the policy's guests only, and its sum."""

from typing import Annotated
from uuid import uuid4

import typer
from pydantic import BaseModel

from forewarn.cli import options as o
from forewarn.cli import rehearsal
from forewarn.cli.act import event_of, sent, wait_for
from forewarn.cli.ask import Consent, agreed, preview_of
from forewarn.cli.became import Acted
from forewarn.cli.client import Client, client
from forewarn.cli.tables import put
from forewarn.cli.trouble import Ending, Kind, Trouble
from forewarn.contracts.api import EventProgress, Sum
from forewarn.contracts.event import Event

app = o.noun("Rehearse: a test incident from start to end, told to guests only.")

NOTHING_SENT = Sum(planned=0, accepted=0, suppressed=0, failed=0, unknown=0, moved=0, open=0, accounted=0.0)
TWICE = "They are told twice: that it broke, and that it is over."

Components = Annotated[list[str], typer.Option("--component", metavar="NAME", help="What is touched; may be repeated.")]


class Drilled(BaseModel):
    """What a drill came to. `let_out`: told as guests of the policy; `not_a_guest`: everybody who is not."""

    outage: str
    opened: Sum
    resolved: Sum

    @property
    def sums(self) -> tuple[Sum, Sum]:
        return self.opened, self.resolved


@app.command(epilog=o.example("forewarn drill --component api --impact down"))
def drill(
    components: Components,
    impact: o.FirstImpact = None,
    note: o.Note = None,
    yes: o.Yes = False,
    dry_run: o.DryRun = False,
    as_json: o.Json = False,
) -> None:
    """Rehearse an incident: open it, wait until all are accounted for, resolve it.

    Only the policy's guests are told (`guests` in the policy file), and every notice says that it is a test. Everybody
    else is planned and accounted for as not_a_guest, so that the sum is the real one.
    """
    consent = Consent(yes, dry_run, as_json)
    here = client()
    given = {"components": components, "impact": impact, "note": note, "test": True, "key": uuid4().hex}
    event = event_of(given, here, None)
    if dry_run:
        rehearsal.dry_run(here, event, as_json)
        return
    agreed(preview_of(here, rehearsal.body_of(event)), consent, TWICE)
    drilled = _drilled(here, event, as_json)
    put(drilled, as_json, lambda: _lines(drilled))
    if any(each.open for each in drilled.sums):
        raise typer.Exit(Ending.REFUSED)


def _drilled(here: Client, event: Event, quiet: bool) -> Drilled:
    """Opened, waited for and resolved; an incident that could not be resolved is named."""
    first = _carried_out(here, event)
    try:
        opened = _sum(here, first, quiet)
        over = event_of({"about": first.outage, "status": "resolved", "test": True}, here, None)
        last = _carried_out(here, over.model_copy(update={"from_revision": first.revision}))
        resolved = _sum(here, last, quiet)
    except (Trouble, KeyboardInterrupt) as fault:
        what = fault.line if isinstance(fault, Trouble) else "interrupted"
        todo = f"See whether it is still open: forewarn incident resolve {first.outage} --yes"
        raise Trouble(Kind.NOT_CARRIED_OUT, what.rstrip("."), todo) from None
    return Drilled(outage=first.outage or "", opened=opened, resolved=resolved)


def _carried_out(here: Client, event: Event) -> Acted:
    """What the event did. Raises Trouble when it did nothing, or nothing is known of it."""
    acted = sent(here, event)
    if acted.state is EventProgress.CARRIED_OUT and acted.outage is not None:
        return acted
    todo = f"Ask: forewarn event show {acted.event_id}"
    raise Trouble(Kind.NOT_CARRIED_OUT, acted.reason or "nothing is known of it yet", todo)


def _sum(here: Client, acted: Acted, quiet: bool) -> Sum:
    waited = wait_for(here, acted, quiet)
    return waited.sum if waited else NOTHING_SENT


def _lines(drilled: Drilled) -> str:
    opened, resolved = map(_line, drilled.sums)
    return f"{drilled.outage} opened: {opened}.\n{drilled.outage} resolved: {resolved}."


def _line(of: Sum) -> str:
    out = of.accepted + of.unknown  # deliveries: one person may have several
    others = of.reasons.get("not_a_guest", 0)
    rest = f", {of.open:,} not accounted for" if of.open else ""
    return f"{out:,} let out, {others:,} not_a_guest, {of.planned:,} planned{rest}"
