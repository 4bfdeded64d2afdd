"""Deliveries: who was sent what about an outage, when, and how it ended."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from forewarn.cli import options as o
from forewarn.cli.client import client
from forewarn.cli.names import outage_named
from forewarn.cli.tables import cell, moment, plain, put, table
from forewarn.contracts.api import DeliveryView

app = o.noun("See who was sent what about an outage.")


@app.command(epilog=o.example("forewarn deliveries INC-7 --to ana@example.com"))
def deliveries(
    name: o.Name,
    to: Annotated[
        str | None, typer.Option("--to", metavar="SUBSCRIBER", help="Only to them, with the text they got.")
    ] = None,
    as_json: o.Json = False,
) -> None:
    """See who was sent what about an outage, when, and how it ended."""
    outage = outage_named(name)
    rows = client().deliveries(outage, to)
    whom = f" to {to}" if to else ""
    put(rows, as_json, lambda: drawn(rows) if rows else f"Nothing was sent about {outage}{whom}.")


def drawn(rows: Sequence[DeliveryView]) -> Group:
    """The list, then each text that came with it."""
    now = datetime.now(UTC)
    texts = [_text(row, now) for row in rows if row.text]
    return Group(listed(rows, now), *texts)


def listed(rows: Sequence[DeliveryView], now: datetime) -> Table:
    made = table("When", "Subscriber", "Channel", "Occasion", "Outcome", wrap=("Subscriber", "Outcome"))
    for row in rows:
        outcome = f"{row.state} ({row.reason})" if row.reason else row.state
        cells = (cell(row.subscriber), cell(row.channel), cell(row.occasion), cell(outcome))
        made.add_row(moment(row.at, now), *cells)
    return made


def _text(row: DeliveryView, now: datetime) -> RenderableType:
    at = moment(row.at, now).plain
    head = Text(f"\n{row.occasion} by {row.channel}, {at}: {plain(row.subject or '')}", "bold")
    return Group(head, Padding(Text(plain(row.text or "")), (0, 0, 0, 2), expand=False))
