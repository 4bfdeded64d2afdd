"""An act on an incident: made once, sent, followed, and answered in one line."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

import typer
from pydantic import ValidationError
from rich.progress import BarColumn, Progress, TextColumn

from forewarn.cli.client import PASSING, Client
from forewarn.cli.follow import state_of, until_accounted
from forewarn.cli.moments import moment_of
from forewarn.cli.tables import console, plain, put, told
from forewarn.cli.trouble import Ending, Kind, Trouble
from forewarn.contracts.api import EventProgress, EventState, Sum
from forewarn.contracts.event import Event, faults_of

VERBS = {"opened": "opened", "revised": "updated", "repeat": "already says so", "stale": "knows newer facts"}
TIMES = {"expected_end": "--expected-end", "next_update_at": "--next-update"}
UNCHANGED = ("repeat", "stale")


class Acted(EventState):
    """What became of an act; `sum` only when it was waited for."""

    sum: Sum | None = None


def event_of(given: Mapping[str, object], client: Client, event_id: str | None) -> Event:
    """Event v1 from what was given by its field names; an id is made here, once.

    Raises Trouble that names every faulty field.
    """
    said = {name: given[name] for name in Event.model_fields if given.get(name) not in (None, [], False)}
    times = {name: str(said[name]) for name in TIMES if name in said}
    now = _their_now(client) if times else datetime.now(UTC)
    moments = {name: moment_of(text, now, TIMES[name]) for name, text in times.items()}
    try:
        return Event.model_validate({**said, **moments, "event_id": event_id or uuid4().hex})
    except ValidationError as fault:
        raise Trouble(Kind.USAGE, faults_of(fault)) from None


def carry_out(client: Client, event: Event, wait: bool, as_json: bool) -> None:
    """Send the event and say what became of it."""
    assert event.event_id is not None
    try:
        accepted = client.send(event.model_dump_json(exclude_unset=True).encode())
    except Trouble as trouble:
        if trouble.kind not in PASSING:
            raise
        todo = f"{trouble.todo}. Repeat the act with --event-id {event.event_id}: it is carried out once"
        raise Trouble(trouble.kind, trouble.what, todo, trouble.where, trouble.status) from None
    acted = Acted.model_validate(state_of(client, accepted.event_id).model_dump())
    if wait:
        acted = acted.model_copy(update={"sum": _waited(client, acted, quiet=as_json)})
    answer(acted, as_json)


def answer(acted: Acted, as_json: bool) -> None:
    """One line for what became of it; a failed act ends the verb as refused."""
    put(acted, as_json, lambda: plain(line_of(acted)))
    if acted.state is EventProgress.FAILED:
        raise typer.Exit(Ending.REFUSED)


def line_of(acted: Acted) -> str:
    match acted.state:
        case EventProgress.CARRIED_OUT:
            done = VERBS.get(acted.verdict or "", acted.verdict or "carried out")
            why = f": {acted.reason}" if acted.reason else ""
            sum_line = f"\nTold so far: {told(acted.sum)}." if acted.sum else ""
            return f"{acted.outage or acted.event_id} {done} (revision {acted.revision}){why}.{sum_line}"
        case EventProgress.FAILED:
            show = f"See it: forewarn failed show {acted.event_id}"
            return f"Not carried out: {acted.reason}. Nobody was told. {show}"
        case EventProgress.PENDING:
            why = f" ({acted.reason})" if acted.reason else ""
            return f"Taken, but not known yet what became of it{why}. Ask: forewarn event show {acted.event_id}"


def _waited(client: Client, acted: Acted, quiet: bool) -> Sum | None:
    """The sum of this revision once accounted for; None when there is nothing to wait for."""
    if acted.outage is None or acted.revision is None or acted.verdict in UNCHANGED:
        return None
    columns = (TextColumn("told"), BarColumn(), TextColumn("{task.completed:.0f} of {task.total:.0f} accounted for"))
    screen = console(to_errors=True)
    with Progress(*columns, console=screen, transient=True, disable=quiet or not screen.is_terminal) as bar:
        task = bar.add_task("told", total=0)

        def shown(so_far: Sum) -> None:
            bar.update(task, total=so_far.planned, completed=so_far.planned - so_far.open)

        return until_accounted(client, acted.outage, acted.revision, shown)


def _their_now(client: Client) -> datetime:
    """The system's own now: a sandbox's clock may run fast, and this machine's may be wrong."""
    try:
        return client.status().now
    except Trouble:
        return datetime.now(UTC)
