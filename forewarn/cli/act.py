"""An act on an outage: shown and asked first, made once, sent, followed, and answered in one line."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from uuid import uuid4

from pydantic import ValidationError
from rich.progress import BarColumn, Progress, TextColumn

from forewarn.cli.ask import agreed, consent_in, preview_of
from forewarn.cli.became import UNCHANGED, Acted, answer, deed_of
from forewarn.cli.client import PASSING, Client, client
from forewarn.cli.findings import FindingView, in_act
from forewarn.cli.follow import Waited, state_of, until_accounted
from forewarn.cli.outlook import postponed
from forewarn.cli.rehearsal import body_of, dry_run, schedule_of
from forewarn.cli.tables import console
from forewarn.cli.times import clock_of, timed
from forewarn.cli.trouble import Kind, Trouble
from forewarn.contracts.api import PreviewView, Sum
from forewarn.contracts.event import Event, faults_of
from forewarn.outage import Act


def must_say(given: Mapping[str, object], fields: Iterable[str], what: str, example: str) -> None:
    """Raises Trouble for a verb that says nothing in these fields, or an impact of nothing."""
    if given.get("impact") and not given["components"]:
        raise Trouble(Kind.USAGE, "--impact says nothing without --component", "Name what is touched like that")
    if not any(given.get(field) for field in fields):
        raise Trouble(Kind.USAGE, what, f"Say it like: {example}")


def tell(given: Mapping[str, object], fixed: Mapping[str, object]) -> None:
    """The act that the options describe: shown, asked about, and only then sent."""
    consent = consent_in(given)
    here = client()
    event = event_of({**given, **fixed}, here, _text(given["event_id"]))
    if event.about is None:  # a new incident is a signal of its own
        event = event.model_copy(update={"key": event.event_id})
    if consent.dry_run:
        dry_run(here, event, consent.quiet)
        return
    outlook = preview_of(here, body_of(event))
    schedule = schedule_of(here, event) if outlook is not None and consent.shows else None
    findings = in_act(event, outlook)
    agreed(outlook, consent, schedule=schedule, findings=findings)
    wait = bool(given["wait"]) and worth_a_wait(outlook)
    late = list(postponed(outlook, datetime.now(UTC))) if outlook is not None else []
    carry_out(here, seen_in(event, outlook), wait, consent.quiet, findings, late)


def quietly(given: Mapping[str, object], fixed: Mapping[str, object]) -> None:
    """An act that tells nobody: sent without a question, from the revision that stands."""
    here = client()
    event = event_of({**given, **fixed}, here, _text(given["event_id"]))
    try:
        seen = here.outage(event.about or "")
        if event.act is Act.DISMISS and seen.release == "released":
            todo = f"Take it back: forewarn {seen.kind} withdraw {seen.name}"
            raise Trouble(Kind.NOT_CARRIED_OUT, f"customers have heard of {seen.name} already", todo)
        event = event.model_copy(update={"from_revision": seen.revision})
    except Trouble as trouble:
        if trouble.kind in (Kind.NOT_FOUND, Kind.NOT_CARRIED_OUT):
            raise
    carry_out(here, event, wait=False, as_json=bool(given["as_json"]))


def event_of(given: Mapping[str, object], client: Client, event_id: str | None) -> Event:
    """Event v1 from what was given by its field names; an id is made here, once.

    Raises Trouble that names every faulty field.
    """
    said = {name: given[name] for name in Event.model_fields if given.get(name) not in (None, [], ())}
    said |= timed(given, lambda: clock_of(client, given.get("zone")))
    try:
        return Event.model_validate({**said, "event_id": event_id or uuid4().hex})
    except ValidationError as fault:
        raise Trouble(Kind.USAGE, faults_of(fault)) from None


def worth_a_wait(outlook: PreviewView | None) -> bool:
    """Not when nothing is to be told, nor when a pause keeps back all of it."""
    if outlook is None:
        return True
    return outlook.people > 0 if outlook.paused else bool(outlook.notices)


def seen_in(event: Event, view: PreviewView | None) -> Event:
    """The event with the revision that was shown; a new incident has none."""
    if event.about is None or view is None or view.revision is None:
        return event
    return event.model_copy(update={"from_revision": view.revision})


def carry_out(
    client: Client,
    event: Event,
    wait: bool,
    as_json: bool,
    findings: Sequence[FindingView] = (),
    late: Sequence[str] = (),
) -> None:
    """Send the event and say what became of it, what the linter found in it, and where more is promised later."""
    acted = sent(client, event).model_copy(update={"findings": list(findings), "postponed": list(late)})
    if wait and (waited := wait_for(client, acted, quiet=as_json)) is not None:
        acted = acted.model_copy(update={"sum": waited.sum, "held": list(waited.held)})
    answer(acted, as_json)


def sent(client: Client, event: Event) -> Acted:
    """What became of the event. Raises Trouble with the way to repeat it when the door did not answer."""
    try:
        accepted = client.send(body_of(event))
    except Trouble as trouble:
        if trouble.kind not in PASSING:
            raise
        todo = f"{trouble.todo}. Repeat the act with --event-id {event.event_id}: it is carried out once"
        raise Trouble(trouble.kind, trouble.what, todo, trouble.where, trouble.status) from None
    state = state_of(client, accepted.event_id).model_dump()
    return Acted.model_validate({**state, "act": event.act, "done": deed_of(event)})


def wait_for(client: Client, acted: Acted, quiet: bool) -> Waited | None:
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


def _text(given: object) -> str | None:
    return str(given) if given else None
