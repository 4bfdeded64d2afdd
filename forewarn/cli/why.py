"""Why: whether a subscriber is told of an outage, and by which paths and rules."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from forewarn.cli import options as o
from forewarn.cli.client import client
from forewarn.cli.deliveries import listed
from forewarn.cli.names import outage_named
from forewarn.cli.tables import plain, put
from forewarn.contracts.api import WhyView

app = o.noun("Ask why somebody is told of an outage, or is not.")


@app.command(epilog=o.example("forewarn why ana@example.com INC-7"))
def why(
    subscriber: Annotated[str, typer.Argument(metavar="SUBSCRIBER", help="Whom you ask about.")],
    name: o.Name,
    as_json: o.Json = False,
) -> None:
    """Ask why somebody is told of an outage, or is not."""
    view = client().why(outage_named(name), subscriber)
    put(view, as_json, lambda: Group(*_parts(view)))


def _parts(view: WhyView) -> Iterator[RenderableType]:
    who = view.name if view.name == view.subscriber else f"{view.name} ({view.subscriber})"
    how = f", on the {view.side}" + (f", in the voice for {view.voice}" if view.voice else "")
    by = f", by {' and '.join(view.channels)}" if len(view.channels) > 1 else ""
    verdict = f"is told of {view.outage}{how}{by}." if view.included else f"is not told of {view.outage}."
    yield Text(plain(f"{who} {verdict}"), "bold")
    yield from _listed("Because" if view.included else "Could have been, because", view.paths)
    yield from _listed("Rules that apply" if view.included else "Ruled out, because", view.rules)
    if view.deliveries:
        yield Text("\nSent so far:")
        yield listed(view.deliveries, datetime.now(UTC))


def _listed(title: str, lines: list[str]) -> Iterator[RenderableType]:
    if lines:
        yield Text(f"\n{title}:")
        yield from (Padding(Text(f"- {plain(line)}"), (0, 0, 0, 2), expand=False) for line in lines)
