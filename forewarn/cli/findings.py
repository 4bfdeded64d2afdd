"""Findings of the linter, shown beside what would be told; they refuse nothing and delay nothing (M8)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

from pydantic import BaseModel
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from forewarn.cli.tables import cell, table
from forewarn.contracts.api import PreviewText, PreviewView
from forewarn.contracts.event import Event
from forewarn.linter.finding import Code, Finding, Severity
from forewarn.linter.lexicon import LOCALES
from forewarn.linter.lint import lint_facts, lint_text
from forewarn.notice import Occasion
from forewarn.outage import OF_PREFIX, Act, Facts, Kind
from forewarn.subscriber import Side

OVER = (Occasion.RESOLVED, Occasion.COMPLETED, Occasion.CANCELLED, Occasion.WITHDRAWN)
ONLY_PERSONS_KNOW = frozenset({Code.NO_BENEFIT, Code.NO_DEADLINE})
"""What no prepared text supplies: owner, symptom, next update and apology it has by itself."""


class FindingView(BaseModel):
    """One finding; `place` is a field, or `text` or `line 3` of a whole text."""

    code: Code
    severity: Severity
    place: str
    what: str
    todo: str


class Previewed(PreviewView):
    """What would be told, and what the linter says of it."""

    findings: list[FindingView]


def in_act(event: Event, view: PreviewView | None) -> list[FindingView]:
    """Of the words in the event, by field; then what the texts that customers would get lack all the same."""
    facts = event.facts(event.impacts(), ())
    known = Facts() if event.act is Act.REPORT and event.about is None else None
    kind = _kind_of(event.about, event.kind)
    stated = [
        each
        for each in lint_facts(facts, kind, known=known)
        if each.severity is Severity.BETTER or each.code in ONLY_PERSONS_KNOW
    ]
    codes = {each.code for each in stated}
    lacking = [each for each in _of_texts(view, kind) if each.severity is Severity.MISSING and each.code not in codes]
    return views_of([*stated, *lacking])


def as_it_stands(view: PreviewView) -> list[FindingView]:
    """Of the whole texts that customers would get of an outage."""
    return views_of(_of_texts(view, _kind_of(view.outage, Kind.INCIDENT)))


def views_of(findings: Iterable[Finding]) -> list[FindingView]:
    return [FindingView(**asdict(each)) for each in findings]


def table_of(findings: Iterable[FindingView]) -> Table:
    """Each with its place, its code, what is wrong and what to do."""
    made = table("Where", "Finding", "What is wrong, and what to do", wrap=("What is wrong, and what to do",))
    for each in findings:
        made.add_row(cell(each.place), cell(f"{each.code}\n{each.severity}"), cell(f"{each.what}\n{each.todo}"))
    return made


def beside(findings: Sequence[FindingView]) -> Iterator[RenderableType]:
    """The findings below what would be told; nothing where there are none."""
    if findings:
        yield Text("\nThe linter would change this; nothing waits for it:", "bold")
        yield table_of(findings)


def _of_texts(view: PreviewView | None, kind: Kind) -> Iterator[Finding]:
    """Of one text to customers in each language that we have words for: the one that most of them read."""
    texts = [text for text in view.texts if text.side == Side.OUTSIDE] if view is not None else []
    for locale in LOCALES:
        read = max((text for text in texts if text.locale == locale), key=lambda text: text.people, default=None)
        if read is not None:
            yield from _of_text(read, kind)


def _of_text(text: PreviewText, kind: Kind) -> Iterator[Finding]:
    over = True if text.occasion in OVER else None  # else its words tell
    for each in lint_text(text.text, text.locale, kind, over):
        yield Finding(each.code, each.severity, f"{each.place}, {text.locale}", each.what, each.todo)


def _kind_of(name: str | None, otherwise: Kind) -> Kind:
    return OF_PREFIX.get(name.partition("-")[0], otherwise) if name else otherwise
