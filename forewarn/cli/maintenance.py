"""Planned work: plan, show, list; the verbs that change it are in `amend`, `shift`, `underway`, `takeback`, `steer`.

The options of an act are named as Event v1's fields, so that the act is read off the context.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from forewarn.cli import amend, shift, steer, takeback, underway
from forewarn.cli import options as o
from forewarn.cli.act import tell
from forewarn.cli.client import Client, client
from forewarn.cli.logbook import put_log
from forewarn.cli.names import named
from forewarn.cli.show import outage
from forewarn.cli.tables import console, put, works
from forewarn.cli.timetable import timetable
from forewarn.cli.trouble import Kind, Trouble
from forewarn.contracts.api import OutageView
from forewarn.contracts.schedule_api import ScheduleView
from forewarn.outage import Kind as Outage

app = o.noun("Plan, move, carry out and look up planned work.", Outage.MAINTENANCE)

PLAN_EXAMPLE = 'forewarn maintenance plan --components api --start "tomorrow 20:00" --end 2h'


class Planned(OutageView):
    """All about planned work; `schedule` is None when the desk did not say."""

    schedule: ScheduleView | None = None


@app.command(epilog=o.example(PLAN_EXAMPLE))
def plan(
    ctx: typer.Context,
    start: Annotated[str, typer.Option(metavar="TIME", help=f"When the work begins: {o.START}.")],
    end: Annotated[str, typer.Option(metavar="TIME", help=o.END)],
    components: o.Components = None,
    impact: o.FirstImpact = None,
    symptoms: o.Symptoms = None,
    workaround: o.Workaround = None,
    benefit: o.Benefit = None,
    notice_class: o.NoticeClassOption = None,
    recurrence: o.Repeat = None,
    tentative: o.Tentative = None,
    reader_action: o.MustDo = None,
    action_by: o.ActionBy = None,
    action_link: o.ActionLink = None,
    changes_requested_by: o.RequestedBy = None,
    country: o.Country = None,
    zone: o.Zone = None,
    signed_by: o.SignedBy = None,
    note: o.Note = None,
    test: o.Test = None,
    yes: o.Yes = False,
    dry_run: o.DryRun = False,
    event_id: o.EventId = None,
    wait: o.Wait = False,
    as_json: o.Json = False,
) -> None:
    """Plan work; whoever it touches is told in good time.

    With --dry-run: which notice would go out when, to how many, and what falls short of the notice that is due.

    With --repeat it is a series, told to nobody itself: three weeks ahead or more (two before its first notice) each
    window becomes work of its own, tentative, with a name of its own to confirm or to cancel.
    """
    if not components:
        raise Trouble(Kind.USAGE, "what is touched?", "Say it with --components NAME,NAME")
    tell(ctx.params, {"kind": Outage.MAINTENANCE, "status": "scheduled"})


app.command(epilog=o.example("forewarn maintenance confirm MNT-3"))(shift.confirm)
app.command(epilog=o.example('forewarn maintenance delay MNT-3 --start "2026-12-15 20:00"'))(shift.delay)
app.command(epilog=o.example(shift.EXTEND_EXAMPLE))(shift.extend)
app.command(epilog=o.example(shift.CANCEL_EXAMPLE))(shift.cancel)
app.command(epilog=o.example("forewarn maintenance start MNT-3"))(underway.start)
app.command(epilog=o.example("forewarn maintenance progress MNT-3 --done 3 --total 5"))(underway.progress)
app.command(epilog=o.example("forewarn maintenance complete MNT-3"))(underway.complete)
app.command(epilog=o.example(amend.UPDATE_EXAMPLE))(amend.update)
app.command(epilog=o.example(amend.CORRECT_EXAMPLE))(amend.correct)
app.command(epilog=o.example('forewarn maintenance withdraw MNT-3 --note "Sent by mistake."'))(takeback.withdraw)
app.command(epilog=o.example("forewarn maintenance release MNT-3"))(steer.release)
app.command(epilog=o.example("forewarn maintenance dismiss MNT-3"))(steer.dismiss)
app.command(epilog=o.example("forewarn maintenance take MNT-3"))(steer.take)
app.command("hand-over", epilog=o.example("forewarn maintenance hand-over MNT-3 --to dana"))(steer.hand_over)


@app.command(epilog=o.example("forewarn maintenance show MNT-3"))
def show(name: o.Work, log: o.Log = False, as_json: o.Json = False) -> None:
    """Show all about planned work, and what goes out when; of a series, its windows."""
    work, here = named(name, Outage.MAINTENANCE), client()
    if log:
        put_log(here, work, as_json)
        return
    view = Planned(**here.outage(work).model_dump(), schedule=_schedule(here, work))
    put(view, as_json, lambda: Group(*_page(view, datetime.now(UTC))))


@app.command("list", epilog=o.example("forewarn maintenance list --all"))
def list_(every: o.All = False, as_json: o.Json = False) -> None:
    """List the planned work that is not over, the next one first."""
    rows = client().outages("maintenance", only_open=not every)
    now = datetime.now(UTC)
    put(rows, as_json, lambda: works(rows, now) if rows else "No work was planned." if every else "No work is planned.")


def _page(view: Planned, now: datetime) -> Iterator[RenderableType]:
    yield outage(view, now)
    if view.schedule is not None:
        yield timetable(view.schedule, now)


def _schedule(here: Client, work: str) -> ScheduleView | None:
    """What goes out when; None, and a line about it, when the desk cannot say: the page is worth showing without."""
    try:
        return here.schedule(work)
    except Trouble as trouble:
        console(to_errors=True).print(Text(f"No schedule can be had. {trouble.line}", "bold red"))
        return None
