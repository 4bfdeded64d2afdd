"""The whole system at a glance: what is open, what is owed, what failed, and how it runs."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from forewarn.cli.moments import said
from forewarn.cli.tables import outages, plain
from forewarn.contracts.api import StatusView

MODES = {
    "sandbox": "sandbox: nothing leaves for real people",
    "guests": "guests: only listed addresses are sent to",
    "live": "live",
}


def glance(view: StatusView) -> Group:
    """How it runs, what is open, then each thing that somebody should look at."""
    return Group(*_parts(view))


def _parts(view: StatusView) -> Iterator[RenderableType]:
    yield from (Text(line, "dim") for line in _running(view))
    if view.outages:
        yield Text()
        yield outages(view.outages, view.now)
    concerns = list(_concerns(view))
    yield from (Text(concern, "bold red") for concern in concerns)
    if not concerns:
        yield Text(
            "Nothing is owed, no event failed." if view.outages else "All quiet: nothing is open, owed or failed."
        )


def _running(view: StatusView) -> Iterator[str]:
    yield f"{said(view.now, view.now)}, mode {MODES.get(view.mode, plain(view.mode))}"
    if view.clock_factor != 1:
        yield f"The clock runs {view.clock_factor:g} times as fast"


def _concerns(view: StatusView) -> Iterator[str]:
    """Each thing that somebody should look at, in one line."""
    owed = {name: count for name, count in view.owed.items() if count}
    if owed:
        yield "Owed: " + ", ".join(f"{plain(name)} {count}" for name, count in owed.items())
    if view.failed_events:
        noun = "event" if view.failed_events == 1 else "events"
        yield f"{view.failed_events} failed {noun}: see `forewarn failed list`"
    if view.snapshot_age_seconds is None:
        yield "No control snapshot stands, so nothing is being sent"
