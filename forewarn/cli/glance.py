"""The whole system at a glance: what is open, what is owed, what failed, and how it runs."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from forewarn.cli.moments import said, span
from forewarn.cli.standing import mode_of, pauses
from forewarn.cli.tables import outages, plain
from forewarn.contracts.api import StatusView


def glance(view: StatusView) -> Group:
    """How it runs, what is open, then each thing that somebody should look at."""
    return Group(*_parts(view))


def _parts(view: StatusView) -> Iterator[RenderableType]:
    yield from (Text(line, "dim") for line in _running(view))
    if view.outages:
        yield Text()
        yield outages(view.outages, view.now)
        yield from (Text(line) for line in _next_promise(view))
    concerns = list(_concerns(view))
    yield from (Text(concern, "bold red") for concern in concerns)
    if not concerns:
        yield Text(
            "Nothing is owed, no event failed." if view.outages else "All quiet: nothing is open, owed or failed."
        )


def _running(view: StatusView) -> Iterator[str]:
    yield f"{said(view.now, view.now)}, mode {mode_of(view.mode)}"
    if view.clock_factor != 1:
        yield f"The clock runs {view.clock_factor:g} times as fast"


def _next_promise(view: StatusView) -> Iterator[str]:
    """The promise that is due first, if it is not late already: the table calls that."""
    due = [(row.next_update_at, row.name) for row in view.outages if row.open and row.next_update_at]
    coming = sorted((at, name) for at, name in due if at >= view.now)
    for at, name in coming[:1]:
        yield f"Next promise: {plain(name)} at {said(at, view.now)}, in {span(at - view.now)}"


def _concerns(view: StatusView) -> Iterator[str]:
    """Each thing that somebody should look at, in one line."""
    yield from pauses(view.paused, view.now)
    yield from (f"{plain(row.name)} asks for a decision: {plain(row.asks)}" for row in view.outages if row.asks)
    owed = {name: count for name, count in view.owed.items() if count}
    if owed:
        yield "Owed: " + ", ".join(f"{plain(name)} {count}" for name, count in owed.items())
    if view.failed_events:
        noun = "event" if view.failed_events == 1 else "events"
        yield f"{view.failed_events} failed {noun}: see `forewarn failed list`"
    if view.snapshot_age_seconds is None:
        yield "No control snapshot stands, so nothing is being sent"
