"""Shifting planned work: confirm it, delay it, extend it, cancel it; all who were told hear it at once."""

from datetime import datetime, timedelta
from typing import Annotated

import typer
from pydantic import ValidationError

from forewarn.cli import options as o
from forewarn.cli.act import must_say, tell
from forewarn.cli.ask import AWAY, consent_in
from forewarn.cli.client import Client, client
from forewarn.cli.names import named
from forewarn.cli.times import clock_of
from forewarn.cli.trouble import Kind, Trouble
from forewarn.contracts.api import OutageView
from forewarn.contracts.event import EventWindow
from forewarn.outage import BEGUN
from forewarn.outage import Kind as Outage

EXTEND_EXAMPLE = 'forewarn maintenance extend MNT-3 --until "in 1h"'
CANCEL_EXAMPLE = 'forewarn maintenance cancel MNT-3 --reason "The new switch came broken."'


def confirm(
    ctx: typer.Context,
    name: o.Work,
    benefit: o.Benefit = None,
    symptoms: o.Symptoms = None,
    note: o.Note = None,
    signed_by: o.SignedBy = None,
    yes: o.Yes = False,
    dry_run: o.DryRun = False,
    event_id: o.EventId = None,
    wait: o.Wait = False,
    as_json: o.Json = False,
) -> None:
    """Say that tentative work is certain now; of a window of a series, that it is used, and for what."""
    tell(ctx.params, {"about": named(name, Outage.MAINTENANCE), "tentative": False})


def delay(
    ctx: typer.Context,
    name: o.Work,
    starts: Annotated[str, typer.Option("--start", metavar="TIME", help=f"When the work begins now: {o.START}.")],
    ends: Annotated[
        str | None, typer.Option("--end", metavar="TIME", help=f"{o.END} Not said: it takes as long as before.")
    ] = None,
    recurrence: o.Repeat = None,
    note: o.Why = None,
    zone: o.Zone = None,
    signed_by: o.SignedBy = None,
    yes: o.Yes = False,
    dry_run: o.DryRun = False,
    event_id: o.EventId = None,
    wait: o.Wait = False,
    as_json: o.Json = False,
) -> None:
    """Move work that has not begun to another time, later or earlier.

    A series goes on from there by its rule, or by another one. Those of its windows that have a name already stay as
    they are: the answer names them.
    """
    consent_in(ctx.params)
    work, here = named(name, Outage.MAINTENANCE), client()
    clock = clock_of(here, zone)
    start = clock.read(starts, "--start")
    end = clock.after(start, ends, "--end") if ends else None
    tell(ctx.params, {"about": work, **_moved(_seen(here, work, needed=end is None), work, start, end)})


def extend(
    ctx: typer.Context,
    name: o.Work,
    until: Annotated[
        str | None, typer.Option(metavar="TIME", help=f"When the work is over by what you know now: {o.TIME}.")
    ] = None,
    next_update_at: o.NextUpdate = None,
    note: o.Why = None,
    zone: o.Zone = None,
    signed_by: o.SignedBy = None,
    yes: o.Yes = False,
    dry_run: o.DryRun = False,
    event_id: o.EventId = None,
    wait: o.Wait = False,
    as_json: o.Json = False,
) -> None:
    """Say that work takes longer, or when readers hear more."""
    must_say(
        ctx.params, ("until", "next_update_at"), "no new end: give --until TIME, or --next-update TIME", EXTEND_EXAMPLE
    )
    tell(ctx.params, {"about": named(name, Outage.MAINTENANCE)})


def cancel(
    ctx: typer.Context,
    name: o.Work,
    note: Annotated[str, typer.Option("--reason", "--note", metavar="TEXT", help="Why; readers are told it.")],
    signed_by: o.SignedBy = None,
    yes: o.Yes = False,
    dry_run: o.DryRun = False,
    event_id: o.EventId = None,
    wait: o.Wait = False,
    as_json: o.Json = False,
) -> None:
    """Call work off: it does not take place. Of a series: no more windows; those that have a name already stay."""
    tell(ctx.params, {"about": named(name, Outage.MAINTENANCE), "status": "cancelled"})


def _seen(here: Client, work: str, needed: bool) -> OutageView | None:
    """The work as it stands; None if the desk is away and what it knows is not needed."""
    try:
        return here.outage(work)
    except Trouble as trouble:
        if needed or trouble.kind not in AWAY:
            raise
        return None


def _moved(seen: OutageView | None, work: str, start: datetime, end: datetime | None) -> dict[str, object]:
    """The window, and the expected end if there was one: it moves along. Raises Trouble for what cannot be moved."""
    if seen is None:
        return {"window": {"start": start, "end": end}}
    if not seen.open:
        todo = "Plan it anew: `forewarn maintenance plan`"
        raise Trouble(Kind.NOT_CARRIED_OUT, f"{work} is over ({seen.status})", todo)
    if seen.status in BEGUN:
        todo = f"Say how long it takes: forewarn maintenance extend {work} --until TIME"
        raise Trouble(Kind.NOT_CARRIED_OUT, f"{work} has begun, so its start is past", todo)
    finish = end or start + _length(seen)
    window: dict[str, object] = {"window": {"start": start, "end": finish}}
    return window | ({"expected_end": finish} if seen.facts.get("expected_end") else {})


def _length(seen: OutageView) -> timedelta:
    """How long it takes by the plan on record."""
    try:
        window = EventWindow.model_validate(seen.facts.get("window"))
    except ValidationError:
        what = f"how long {seen.name} takes is not on record"
        raise Trouble(Kind.NOT_CARRIED_OUT, what, "Say when it is over: --end TIME") from None
    return window.end - window.start
