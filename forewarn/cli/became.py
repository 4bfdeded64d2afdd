"""What became of an act, in one line: the same for events, replays and the acts of persons."""

from datetime import UTC, datetime

import typer
from pydantic import Field

from forewarn.cli.findings import FindingView
from forewarn.cli.hold import hold_of
from forewarn.cli.tables import plain, put, told
from forewarn.cli.trouble import Ending
from forewarn.contracts.api import EventProgress, EventState, NoticeView, Sum
from forewarn.contracts.event import Event
from forewarn.outage import Act, Kind, Status

VERBS = {"opened": "opened", "revised": "updated", "repeat": "already says so", "stale": "knows newer facts"}
ACTS = {
    Act.RELEASE: "released: customers are told",
    Act.DISMISS: "dismissed: customers are not told",
    Act.TAKE: "taken: you are its communicator",
    Act.HAND_OVER: "handed over",
    Act.CORRECT: "corrected",
    Act.WITHDRAW: "withdrawn",
}
DEEDS = {Status.IN_PROGRESS: "started", Status.COMPLETED: "completed", Status.CANCELLED: "cancelled"}
UNCHANGED = ("repeat", "stale")


class Acted(EventState):
    """What became of an act; `sum` and what is `held` by a rule only when it was waited for. `done`: it in a word.

    `findings`: what the linter says of the words in it. `postponed`: where readers are promised another next update
    than it named.
    """

    act: Act | None = None
    done: str | None = Field(None, exclude=True)
    sum: Sum | None = None
    held: list[NoticeView] = Field(default_factory=list)
    findings: list[FindingView] = Field(default_factory=list)
    postponed: list[str] = Field(default_factory=list)


def deed_of(event: Event) -> str | None:
    """What it does, in a word, where that says more than that it opened or updated something."""
    if event.act is Act.MERGE:
        return f"took in {event.about}"
    if event.act is Act.SPLIT:
        return f"split off from {event.about}"
    if event.act is not Act.REPORT:
        return None
    if event.about is None:
        return {Kind.MAINTENANCE: "planned", Kind.ANNOUNCEMENT: "announced"}.get(event.kind)
    if event.window is not None or event.tentative is False:
        return "moved" if event.window else "confirmed"
    return event.status and DEEDS.get(event.status)


def answer(acted: Acted, as_json: bool) -> None:
    """One line for what became of it; a failed act ends the verb as refused."""
    put(acted, as_json, lambda: plain(line_of(acted)))
    if acted.state is EventProgress.FAILED:
        raise typer.Exit(Ending.REFUSED)


def line_of(acted: Acted) -> str:
    match acted.state:
        case EventProgress.CARRIED_OUT:
            return "\n".join([_done(acted), *acted.postponed, *_told(acted)])
        case EventProgress.FAILED:
            show = f"See it: forewarn failed show {acted.event_id}"
            return f"Not carried out: {acted.reason}. Nobody was told. {show}"
        case EventProgress.PENDING:
            why = f" ({acted.reason})" if acted.reason else ""
            return f"Taken, but not known yet what became of it{why}. Ask: forewarn event show {acted.event_id}"


def _done(acted: Acted) -> str:
    done = VERBS.get(acted.verdict or "", acted.verdict or "carried out")
    if acted.verdict not in UNCHANGED:
        done = (acted.act and ACTS.get(acted.act)) or acted.done or done
    why = f": {acted.reason}" if acted.reason else ""
    return f"{acted.outage or acted.event_id} {done} (revision {acted.revision}){why}."


def _told(acted: Acted) -> list[str]:
    if acted.sum is None:
        return []
    now = datetime.now(UTC)
    held = [f"Not told yet, {each.side} by {each.channel}: {hold_of(each, now)}." for each in acted.held]
    return [f"Told so far: {told(acted.sum)}.", *held]
