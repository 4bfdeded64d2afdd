"""Tables and cells that read well at 80 columns, without colour, and with whatever a source wrote in them."""

from collections.abc import Callable, Sequence
from datetime import datetime

import orjson
import typer
from pydantic import BaseModel
from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from forewarn.cli.moments import said, span
from forewarn.contracts.api import OutageRow, Sum

NOTHING = "-"
NEW_LINE = "\n"
Value = BaseModel | Sequence[BaseModel]


def console(to_errors: bool = False) -> Console:
    """A console that prints what it is given: no markup, no guessing."""
    return Console(stderr=to_errors, markup=False, emoji=False, highlight=False)


def put(value: Value, as_json: bool, draw: Callable[[], RenderableType]) -> None:
    """Print the value: as one JSON document, or drawn."""
    if as_json:
        typer.echo(json_of(value))
        return
    drawn = draw()
    if isinstance(drawn, str):
        typer.echo(drawn)
    else:
        console().print(drawn)


def json_of(value: Value) -> str:
    """The value as JSON on one line."""
    if isinstance(value, BaseModel):
        return value.model_dump_json()
    return orjson.dumps([item.model_dump(mode="json") for item in value]).decode()


def plain(text: str) -> str:
    """The text without what could steer a terminal; new lines and tabs stay."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)


def cell(text: str | None, style: str = "") -> Text:
    return Text(plain(text) if text else NOTHING, style)


def table(*columns: str, wrap: Sequence[str] = ()) -> Table:
    """A table no wider than the window: only the columns in `wrap` give way, and nothing is cut off."""
    made = Table(box=box.SIMPLE, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for column in columns:
        made.add_column(column, no_wrap=column not in wrap, overflow="fold")
    return made


def facts() -> Table:
    """A label and its value on each line, without a frame."""
    made = Table.grid(padding=(0, 2))
    made.add_column(no_wrap=True)
    made.add_column(overflow="fold")
    return made


def moment(at: datetime | None, now: datetime) -> Text:
    return cell(said(at, now) if at else None)


def percent(share: float) -> str:
    """Rounded, but 100 % means all."""
    return f"{round(share * 100) if share >= 1 else min(99, round(share * 100))} %"


def told(of: Sum) -> str:
    """How many were told: 7 of 9 (78 %)."""
    count = of.accepted + of.unknown
    return f"{count} of {of.planned} ({percent(count / of.planned)})" if of.planned else "nobody yet"


def components_of(row: OutageRow) -> Text:
    """The components, those that the catalog does not know marked: only the inside hears of them."""
    names = [plain(name) for name in row.components]
    unknown = [f"{plain(name)}{NEW_LINE}(inside only)" for name in row.unknown_components]
    return Text("\n".join(names + unknown) or NOTHING)


def next_update(row: OutageRow, now: datetime) -> Text:
    """The promised moment, and how far off it is."""
    at = row.next_update_at
    if at is None:
        return Text(NOTHING)
    late = at < now
    return Text(
        f"{said(at, now, between=NEW_LINE)}\n{'late by' if late else 'in'} {span(at - now)}", "bold red" if late else ""
    )


def works(rows: Sequence[OutageRow], now: datetime) -> Table:
    """One line for each planned work, the next one first; those without a window at the end."""
    made = table("Name", "Status", "Components", "From", "Until", "Accounted", wrap=("Components",))
    for row in sorted(rows, key=lambda row: (row.window is None, row.window and row.window.start)):
        name = Text(NEW_LINE.join([row.name, *_marks(row)]), "bold")
        status = cell(f"{row.status or NOTHING}{NEW_LINE}(tentative)" if row.tentative else row.status)
        ends = row.expected_end or (row.window.end if row.window else None)
        share = percent(row.sum.accounted) if row.sum.planned else NOTHING
        times = (_in_two(row.window.start if row.window else None, now), _in_two(ends, now))
        made.add_row(name, status, components_of(row), *times, Text(share))
    return made


def _marks(row: OutageRow) -> list[str]:
    """What its name says of planned work beside itself."""
    of = f"(of {row.series})" if row.series else "(series)" if row.recurrence else ""
    return [mark for mark in (of, "(test)" if row.test else "") if mark]


def _in_two(at: datetime | None, now: datetime) -> Text:
    return Text(said(at, now, between=NEW_LINE) if at else NOTHING)


def outages(rows: Sequence[OutageRow], now: datetime) -> Table:
    """One line an outage."""
    made = table("Name", "Status", "Severity", "Components", "Accounted", "Next update", wrap=("Components",))
    for row in rows:
        name = Text(row.name + ("\n(test)" if row.test else ""), "bold")
        share = percent(row.sum.accounted) if row.sum.planned else NOTHING
        cells = (cell(row.status), cell(row.severity), components_of(row), Text(share), next_update(row, now))
        made.add_row(name, *cells)
    return made
