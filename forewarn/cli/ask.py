"""The question before anybody is told: what is shown, what is asked, and who may answer."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import typer
from rich.console import RenderableType
from rich.text import Text

from forewarn.cli.client import Client
from forewarn.cli.findings import FindingView, beside
from forewarn.cli.outlook import outlook, people
from forewarn.cli.tables import console
from forewarn.cli.timetable import timetable
from forewarn.cli.trouble import Kind, Trouble
from forewarn.contracts.api import PreviewView
from forewarn.contracts.schedule_api import ScheduleView

AWAY = (Kind.UNREACHABLE, Kind.UNAVAILABLE, Kind.ODD_ANSWER)
"""Troubles of the desk that say nothing about the act: it can be told all the same."""


@dataclass(frozen=True, slots=True)
class Consent:
    """How a verb may go on: unasked with `yes`, never with `dry_run`, else by an answer on a terminal."""

    yes: bool
    dry_run: bool
    quiet: bool

    def __post_init__(self) -> None:
        if not (self.yes or self.dry_run or sys.stdin.isatty()):
            raise nobody_to_ask("Add --yes to tell them all the same, or --dry-run to see what would be told")

    @property
    def shows(self) -> bool:
        """Whether the outlook is shown: always, unless a program reads the answer and nobody is asked."""
        return not (self.quiet and self.yes)


def consent_in(given: Mapping[str, object]) -> Consent:
    """The consent that the options of a verb give. Raises Trouble when there is none and nobody to ask."""
    return Consent(bool(given["yes"]), bool(given["dry_run"]), bool(given["as_json"]))


def preview_of(client: Client, event: bytes) -> PreviewView | None:
    """What the event would tell; None, and a line about it, when the desk cannot say.

    Raises Trouble when the event would be refused.
    """
    try:
        return client.preview(event)
    except Trouble as trouble:
        if trouble.kind not in AWAY:
            raise
        console(to_errors=True).print(Text(f"No preview can be had. {trouble.line}", "bold red"))
        return None


def agreed(
    view: PreviewView | None,
    consent: Consent,
    more: str = "",
    schedule: ScheduleView | None = None,
    findings: Sequence[FindingView] = (),
) -> None:
    """Show what would be told, on stderr, and what the linter says of it, and ask. Raises Trouble unless the answer is
    yes."""
    if consent.shows and (view is not None or findings):
        console(to_errors=True).print(*_shown(view, more, schedule), *beside(findings), sep="\n")
    if not consent.yes and not says_yes(_question(view, schedule)):
        raise Trouble(Kind.DECLINED, "the answer was not y, so nobody was told")


def _shown(view: PreviewView | None, more: str, schedule: ScheduleView | None) -> Iterator[RenderableType]:
    if view is None:
        return
    now = datetime.now(UTC)
    yield outlook(view, now, later=schedule is not None)
    if schedule is not None:
        yield timetable(schedule, now)
    if more:
        yield Text(more)


def _question(view: PreviewView | None, schedule: ScheduleView | None) -> str:
    if view is None:
        return "Tell an unknown number of people?"
    if schedule is None:
        return f"Tell {people(view.people)}?"
    return f"Tell {people(view.people)} now, and go by this schedule?" if view.people else "Go by this schedule?"


def nobody_to_ask(todo: str) -> Trouble:
    """The end of a verb that may not go on unasked, and finds no terminal to ask on."""
    return Trouble(Kind.USAGE, "nobody is there to say yes: stdin is no terminal", todo)


def says_yes(question: str) -> bool:
    """Whether the answer on the terminal is y or yes; nothing, Ctrl-D and all else is no."""
    typer.echo(f"{question} [y/N] ", nl=False, err=True)
    answer = sys.stdin.readline()
    if not answer.endswith("\n"):  # Ctrl-D leaves the cursor behind the question
        typer.echo(err=True)
    return answer.strip().lower() in ("y", "yes")
