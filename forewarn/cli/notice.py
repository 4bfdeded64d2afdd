"""Notices: cancel one, so that nobody more is told by it."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Annotated

import typer
from pydantic import ValidationError

from forewarn.cli import options as o
from forewarn.cli.ask import nobody_to_ask, says_yes
from forewarn.cli.client import Client, client
from forewarn.cli.names import notice_named
from forewarn.cli.outlook import people
from forewarn.cli.tables import plain, put
from forewarn.cli.trouble import Kind, Trouble
from forewarn.contracts.api import CancelAsk, CancelView, NoticeView, OutageRow
from forewarn.contracts.event import faults_of

app = o.noun("Cancel a notice, so that nobody more is told by it.")

LOOKED_AT = 50
"""So many outages, the open and the newest first, are searched for the notice, only to say how many it reaches."""

NoticeId = Annotated[str, typer.Argument(metavar="ID", help="Its id, as `forewarn incident show INC-7` lists it.")]
Yes = Annotated[bool, typer.Option("--yes", help="Cancel it without asking; for scripts.")]


@dataclass(frozen=True, slots=True)
class Found:
    """A notice on all its channels, and the outage it is of."""

    outage: str
    ways: tuple[NoticeView, ...]


@app.callback()
def notice() -> None:
    """Cancel a notice, so that nobody more is told by it."""


@app.command(epilog=o.example('forewarn notice cancel 9f2c01aa6b7d4e80 --reason "Wrong link."'))
def cancel(notice_id: NoticeId, reason: o.Reason, yes: Yes = False, as_json: o.Json = False) -> None:
    """Stop telling whoever was not told yet by this notice; whoever was told stays told."""
    name, ask = notice_named(notice_id), _ask(reason)
    if not (yes or sys.stdin.isatty()):
        raise nobody_to_ask("Add --yes to cancel it all the same")
    here = client()
    if not yes and not says_yes(f"Stop {_whom(here, name)}?"):
        raise Trouble(Kind.DECLINED, "the answer was not y, so the notice goes on")
    view = here.cancel(name, ask)
    put(view, as_json, lambda: plain(_line(view)))


def _ask(reason: str) -> CancelAsk:
    try:
        return CancelAsk(reason=reason)
    except ValidationError as fault:
        raise Trouble(Kind.USAGE, faults_of(fault)) from None


def _whom(here: Client, name: str) -> str:
    """Whom it has not told yet, counted if the desk can say; of several channels as deliveries, not as people."""
    try:
        found = next(searched(here, name), None)
        left = _left(here, found) if found is not None else {}
    except Trouble:
        left = {}
    match list(left.items()):
        case []:
            return "telling an unknown number of people not told yet"
        case [(_, count)]:
            return f"telling the {people(count)} not told yet"
        case several:
            return "what was not delivered yet: " + ", ".join(f"{count:,} by {way}" for way, count in several)


def searched(here: Client, name: str) -> Iterator[Found]:
    """The notice on its channels, if it is of one of the outages that are looked at."""

    def newest_open_first(row: OutageRow) -> tuple[bool, float]:
        return not row.open, -row.opened_at.timestamp()

    rows = sorted(here.outages(None, only_open=False), key=newest_open_first)
    for row in islice(rows, LOOKED_AT):
        ways = tuple(each for each in here.outage(row.name).notices if each.id == name)
        if ways:
            yield Found(row.name, ways)


def _left(here: Client, found: Found) -> dict[str, int]:
    """By channel, open positions of what is in the air; of what has not left, whom it stands to tell."""
    left = {each.channel: each.sum.open for each in found.ways}
    unsent = {(each.side, each.occasion, each.channel) for each in found.ways if each.state in ("held", "waiting")}
    for each in here.standing(found.outage).notices if unsent else ():
        if (each.side, each.occasion, each.channel) in unsent:
            left[each.channel] += each.people
    return left


def _line(view: CancelView) -> str:
    ways = [view, *view.also]
    told = [people(way.sum.accepted + way.sum.unknown) for way in ways]
    if view.also:
        told = [f"{count} by {way.channel}" for count, way in zip(told, ways, strict=True)]
    what = f"Notice {view.id} ({view.side}, {view.occasion}, {' and '.join(way.channel for way in ways)}) is cancelled"
    return f"{what}: {' and '.join(told)} had been told, nobody more is."
