"""Status: the whole system at a glance, once or every second."""

import time
from collections.abc import Iterator
from typing import Annotated

import typer
from rich.console import Group
from rich.live import Live
from rich.text import Text

from forewarn.cli import options as o
from forewarn.cli.client import Client, client
from forewarn.cli.glance import glance
from forewarn.cli.tables import console, json_of, put
from forewarn.cli.trouble import Trouble
from forewarn.contracts.api import StatusView

app = o.noun("See what is open, owed and failed.")

SECONDS = 1.0


@app.command(epilog=o.example("forewarn status --watch"))
def status(
    watch: Annotated[bool, typer.Option("--watch", help="Redraw every second until Ctrl-C.")] = False,
    as_json: o.Json = False,
) -> None:
    """See what is open, owed and failed."""
    here = client()
    first = here.status()
    if not watch:
        put(first, as_json, lambda: glance(first))
        return
    try:
        _stream(here, first) if as_json else _redraw(here, first)
    except KeyboardInterrupt:
        return


def _views(here: Client, first: StatusView) -> Iterator[StatusView | Trouble]:
    """One view a second; a desk that goes away meanwhile is shown as such, and asked again."""
    yield first
    while True:
        time.sleep(SECONDS)
        try:
            yield here.status()
        except Trouble as trouble:
            yield trouble


def _stream(here: Client, first: StatusView) -> None:
    for view in _views(here, first):
        typer.echo(view.json if isinstance(view, Trouble) else json_of(view))


def _redraw(here: Client, first: StatusView) -> None:
    """In place on a terminal, one below the other elsewhere; the last view stays when the desk goes away."""
    screen, last = console(), first
    with Live(console=screen, auto_refresh=False) as live:
        for view in _views(here, first):
            last = last if isinstance(view, Trouble) else view
            drawn = Group(glance(last), Text(view.line, "bold red")) if isinstance(view, Trouble) else glance(last)
            if screen.is_terminal:
                live.update(drawn, refresh=True)
            else:
                screen.print(drawn)
