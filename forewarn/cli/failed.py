"""What failed: events, kept with their reason, and people whom a notice could not reach; replay or dismiss them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Group
from rich.table import Table
from rich.text import Text

from forewarn.cli import options as o
from forewarn.cli.became import Acted, line_of
from forewarn.cli.client import Client, client
from forewarn.cli.follow import state_of
from forewarn.cli.replaying import tell_again
from forewarn.cli.tables import cell, facts, moment, plain, put, table
from forewarn.cli.trouble import Ending, Kind, Trouble
from forewarn.contracts.api import DismissAsk, EventProgress, FailedView
from forewarn.contracts.event import faults_of

app = o.noun(
    "Look at events that could not be carried out; replay or dismiss them, or tell again whom a notice failed."
)

FailedId = Annotated[str, typer.Argument(metavar="ID", help="The failed event's id.")]
OneOfThem = Annotated[str | None, typer.Argument(metavar="[ID]", help="The failed event's id.")]
Every = Annotated[bool, typer.Option("--all", help="Every event that was neither replayed nor dismissed yet.")]


@app.command("list", epilog=o.example("forewarn failed list"))
def list_(as_json: o.Json = False) -> None:
    """List the events that could not be carried out."""
    rows = client().failed()
    put(rows, as_json, lambda: _listed(rows) if rows else "No event failed.")


@app.command(epilog=o.example("forewarn failed show 4f1c2a"))
def show(failed_id: FailedId, as_json: o.Json = False) -> None:
    """Show a failed event: the reason, and what was sent."""
    view = client().failed_one(failed_id)
    put(view, as_json, lambda: _drawn(view))


@app.command(epilog=o.example("forewarn failed replay --all"))
def replay(
    failed_id: OneOfThem = None,
    every: Every = False,
    notice: Annotated[
        str | None, typer.Option("--notice", metavar="ID", help="Tell again whom this notice failed to reach.")
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="With --notice: why; kept.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="With --notice: tell them without asking; for scripts.")] = False,
    as_json: o.Json = False,
) -> None:
    """Try a failed event, or what a notice failed to tell, again, once the reason is gone."""
    if [failed_id is not None, every, notice is not None].count(True) != 1:
        todo = "Name its ID, or say --all: `forewarn failed list` shows them; or name a notice by --notice"
        raise Trouble(Kind.USAGE, "which one?", todo)
    if notice is not None:
        tell_again(notice, reason, yes, as_json)
        return
    here = client()
    due = [here.failed_one(failed_id)] if failed_id else [each for each in here.failed() if _can_be_replayed(each)]
    done = [_replayed(here, each) for each in due]
    put(done if every else done[0], as_json, lambda: "\n".join(map(_line, done)) or "No event to replay.")
    if any(each.state is EventProgress.FAILED for each in done):
        raise typer.Exit(Ending.REFUSED)


@app.command(epilog=o.example('forewarn failed dismiss 4f1c2a --reason "A typing error; sent anew."'))
def dismiss(reason: o.Reason, failed_id: OneOfThem = None, every: Every = False, as_json: o.Json = False) -> None:
    """Say that nothing more is to be done about a failed event; it leaves the list, and is asked after no more."""
    if (failed_id is not None) == every:
        raise Trouble(Kind.USAGE, "which one?", "Name its ID, or say --all: `forewarn failed list` shows them")
    ask, here = _dismissal(reason), client()
    done = [here.dismiss(each, ask) for each in ([failed_id] if failed_id else [row.id for row in here.failed()])]
    lines = [plain(f"{each.failed_id}: dismissed by {each.dismissed_by}: {each.dismissed_why}") for each in done]
    put(done if every else done[0], as_json, lambda: "\n".join(lines) or "No event to dismiss.")


def _dismissal(reason: str) -> DismissAsk:
    try:
        return DismissAsk(reason=reason)
    except ValidationError as fault:
        raise Trouble(Kind.USAGE, faults_of(fault)) from None


def _can_be_replayed(failed: FailedView) -> bool:
    return failed.replayed_at is None and failed.forgotten_at is None


def _replayed(here: Client, failed: FailedView) -> Acted:
    taken = here.replay(failed.id)
    return Acted.model_validate(state_of(here, taken.event_id, tries_before=failed.tries).model_dump())


def _line(acted: Acted) -> str:
    return plain(f"{acted.event_id}: {line_of(acted)}")


def _listed(rows: Sequence[FailedView]) -> Table:
    now = datetime.now(UTC)
    made = table(
        "When", "Source", "Tries", "Replayed", "Why it failed, and its id", wrap=("Source", "Why it failed, and its id")
    )
    for row in rows:
        why = Text(f"{plain(row.reason)}\n").append(plain(row.id), "dim")
        made.add_row(moment(row.at, now), cell(row.source), str(row.tries), moment(row.replayed_at, now), why)
    return made


def _drawn(view: FailedView) -> Group:
    now = datetime.now(UTC)
    made = facts()
    made.add_row("id", cell(view.id))
    made.add_row("failed", moment(view.at, now))
    made.add_row("why", cell(view.reason, "bold"))
    made.add_row("from", cell(", ".join(word for word in (view.source, view.author, view.role) if word)))
    made.add_row("format", cell(view.format))
    made.add_row("tries", str(view.tries))
    made.add_row("replayed", moment(view.replayed_at, now))
    if view.dismissed_at:
        made.add_row("dismissed", moment(view.dismissed_at, now))
        made.add_row("by", cell(f"{view.dismissed_by}: {view.dismissed_why}"))
    body = "(forgotten: it is kept for seven days)" if view.forgotten_at else plain(view.body) if view.body else ""
    return Group(made, "\nAs it came:", Text(body or "(not text)"))
