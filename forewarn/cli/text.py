"""Texts: what they lack, and what should not be in them, before anybody reads them."""

from collections.abc import Sequence
from typing import Annotated, Literal

import typer
from pydantic import BaseModel
from rich.console import RenderableType

from forewarn.cli import options as o
from forewarn.cli.files import bytes_of
from forewarn.cli.findings import FindingView, table_of, views_of
from forewarn.cli.tables import plain, put
from forewarn.cli.trouble import Ending, Kind, Trouble
from forewarn.contracts.event import BadEvent, parse_event
from forewarn.linter.finding import Finding
from forewarn.linter.lexicon import language_of
from forewarn.linter.lint import lint_facts, lint_text, prose_of
from forewarn.outage import Act, Facts
from forewarn.outage import Kind as Outage

app = o.noun("Check what you want to say, before anybody reads it.")

File = Annotated[str, typer.Argument(metavar="FILE", help="An event or its facts as JSON; - reads stdin.")]
Whole = Annotated[bool, typer.Option("--whole", help="The file is a whole text, as readers get it.")]
Locale = Annotated[Literal["en", "de"] | None, typer.Option("--locale", help="Its language; else its words tell.")]
OfKind = Annotated[
    Literal["incident", "maintenance", "announcement"] | None,
    typer.Option("--kind", help="With --whole: what it is about; else its words tell."),
]
Allow = Annotated[
    list[str] | None, typer.Option("--allow", metavar="WORD", help="A word that your readers know; may be repeated.")
]


class Linted(BaseModel):
    """What was found, in the language that was read."""

    file: str
    locale: str
    findings: list[FindingView]


@app.command(epilog=o.example("forewarn text check event.json"))
def check(
    file: File,
    whole: Whole = False,
    kind: OfKind = None,
    locale: Locale = None,
    allow: Allow = None,
    as_json: o.Json = False,
) -> None:
    """Name what a text lacks and what should not be in it; asks no server.

    Ends with 0 if nothing was found, with 1 if something was.
    """
    if kind and not whole:
        raise Trouble(Kind.USAGE, "--kind is for --whole: an event says itself what it is", "Leave it out")
    allowed = allow or []
    linted = _of_text(file, kind, locale, allowed) if whole else _of_event(file, locale, allowed)
    put(linted, as_json, lambda: _drawn(linted))
    if linted.findings:
        raise typer.Exit(Ending.REFUSED)


def _of_event(file: str, locale: str | None, allowed: Sequence[str]) -> Linted:
    """What is missing is asked only of what opens an outage: what else is on record, the file cannot say."""
    try:
        event = parse_event(bytes_of(file))
    except BadEvent as fault:
        raise Trouble(Kind.USAGE, f"{file}: {fault}") from None
    facts = event.facts(event.impacts(), ())
    opens = event.act is Act.REPORT and event.about is None
    spoken = locale or language_of(prose_of(facts).values())
    return _linted(file, spoken, lint_facts(facts, event.kind, spoken, Facts() if opens else None, allowed))


def _of_text(file: str, kind: str | None, locale: str | None, allowed: Sequence[str]) -> Linted:
    try:
        text = bytes_of(file).decode()
    except UnicodeDecodeError:
        raise Trouble(Kind.USAGE, f"{file}: is no text in UTF-8") from None
    if not text.strip():
        raise Trouble(Kind.USAGE, f"{file}: is empty")
    spoken = locale or language_of([text])
    return _linted(file, spoken, lint_text(text, spoken, Outage(kind) if kind else None, allowed=allowed))


def _linted(file: str, locale: str, found: Sequence[Finding]) -> Linted:
    return Linted(file=file, locale=locale, findings=views_of(found))


def _drawn(linted: Linted) -> RenderableType:
    if not linted.findings:
        return plain(f"{linted.file}: nothing found")
    return table_of(linted.findings)
