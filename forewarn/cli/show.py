"""One outage as a page: where it stands, what is said of it, who is touched, the notices, the timeline."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from forewarn.cli.hold import state_of
from forewarn.cli.moments import moment_or_text, said, span
from forewarn.cli.standing import pauses
from forewarn.cli.tables import cell, facts, moment, percent, plain, table, told
from forewarn.contracts.api import NoticeView, OutageView

SPEAKS = {
    "word": "{}",
    "owner": "{}, by the rota of its owner",
    "default": "{}, by the default rota",
    "nothing": "nobody: no rota counts for it, and nobody has taken it",
}
BOTH = ", who responds to it too"
BEYOND = ", whom no page reaches"
IN_HEAD = ("status", "severity", "components", "unknown_components", "next_update_at", "communicator")
CUSTOMERS = {
    "held": "not released: they hear by the source's rule, or when a person releases it",
    "dismissed": "dismissed: they do not hear of it",
}


def outage(view: OutageView, now: datetime) -> Group:
    """The whole page, empty parts left out."""
    return Group(*_parts(view, now))


def _parts(view: OutageView, now: datetime) -> Iterator[RenderableType]:
    yield _head(view, now)
    if view.asks:
        yield Text(f"\nAsks for a decision: {plain(view.asks)}", "bold")
    for line in pauses(view.paused, now):
        yield Text(f"\n{line}", "bold")
    if view.accounts_without_reader:
        names = ", ".join(plain(name) for name in view.accounts_without_reader)
        yield Text(f"\nAccounts with nobody to tell: {names}", "bold")
    if view.touched:
        yield from (_title("Touched"), _touched(view))
    if view.notices:
        yield from (_title("Notices"), _notices(view.notices, now))
    if view.timeline:
        yield from (_title("Timeline"), _timeline(view, now))


def _title(text: str) -> Text:
    return Text(f"\n{text}", "bold underline")


def _head(view: OutageView, now: datetime) -> Table:
    """Name and state, then each fact on a line."""
    made = facts()
    status = "withdrawn: it never was" if view.withdrawn else view.status
    status = f"merged into {view.merged_into}" if view.merged_into else status
    state = ", ".join(word for word in (status, view.severity, "a test" if view.test else None) if word)
    made.add_row(Text(view.name, "bold"), cell(f"{state}  (revision {view.revision})"))
    for label, value in _lines(view, now):
        made.add_row(label, cell(value))
    return made


def _lines(view: OutageView, now: datetime) -> Iterator[tuple[str, str]]:
    yield "opened", said(view.opened_at, now) + (" by a person" if view.by_person else f" by {view.source}")
    if view.closed_at:
        yield "closed", f"{said(view.closed_at, now)}, after {span(view.closed_at - view.opened_at)}"
    if view.merged_into:
        yield "notices", f"of it, too: forewarn incident show {view.merged_into}"
    if view.release in CUSTOMERS:
        yield "customers", CUSTOMERS[view.release]
    if view.next_update_at:
        off = span(view.next_update_at - now)
        late = view.next_update_at < now
        yield "next update", f"{said(view.next_update_at, now)}, {'late by ' if late else 'in '}{off}"
    if view.closed_at is None:
        speaker = SPEAKS[view.communicates_by].format(view.communicator)
        yield "speaks for it", speaker + BOTH * view.responds_too + BEYOND * view.beyond_reach
    yield "deliveries", f"{told(view.sum)} told, {percent(view.sum.accounted)} accounted for"
    if view.sum.reasons:
        yield "not told", ", ".join(f"{why} {count}" for why, count in view.sum.reasons.items())
    if view.unknown_components:
        yield "unknown", f"{', '.join(view.unknown_components)}: not in the catalog, so only the inside is told"
    for name, value in view.facts.items():
        if name not in IN_HEAD and value not in (None, "", [], {}):
            yield name.replace("_", " "), _fact(value, now)


def _fact(value: Any, now: datetime) -> str:
    """A fact as text; moments in the reader's zone."""
    match value:
        case {"start": start, "end": end}:
            return f"{_fact(start, now)} to {_fact(end, now)}"
        case {"done": done, "total": total}:
            return f"{done} of {total} done"
        case dict():
            return ", ".join(f"{key} {_fact(each, now)}" for key, each in value.items() if each is not None)
        case list():
            return ", ".join(_fact(each, now) for each in value)
        case bool():
            return "yes" if value else "no"
        case str() if value[:1].isdigit():
            return moment_or_text(value, now)
        case _:
            return str(value)


def _touched(view: OutageView) -> Table:
    made = table("Component", "Impact", "Because of", wrap=("Component", "Because of"))
    for each in view.touched:
        way = " > ".join(each.path[:-1]) if len(each.path) > 1 else "named"
        name = f"{each.component} ({each.public_name})" if each.public_name else each.component
        made.add_row(cell(name), cell(each.impact), cell(way))
    return made


def _notices(notices: list[NoticeView], now: datetime) -> Table:
    """Under its occasion stands a notice's id, for `notice cancel` and `correct --notice`, and its parent's."""
    made = table("Notice", "Side", "Channel", "State", "First sent", "Told", wrap=("Channel", "State", "Told"))
    for each in notices:
        name = Text(f"{plain(each.occasion)}\n").append(plain(each.id), "dim")
        if each.parent:
            name.append(f"\nof {plain(each.parent)}", "dim")
        state = cell(state_of(each, now), "bold red" if each.promise == "missed" else "")
        at = moment(each.first_at or each.released_at, now)
        made.add_row(name, cell(each.side), cell(each.channel), state, at, Text(told(each.sum)))
    return made


def _timeline(view: OutageView, now: datetime) -> Table:
    made = table("When", "Rev", "Who", "What", wrap=("Who", "What"))
    for entry in view.timeline:
        who = entry.author or ("a person" if entry.by_person else view.source)
        what = entry.what if entry.told else f"{entry.what} (not told)"
        made.add_row(moment(entry.at, now), str(entry.revision), cell(who), cell(what))
    return made
