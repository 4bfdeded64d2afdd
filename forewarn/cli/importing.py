"""One import on its way: the file going out, the server reading and applying it, and what it says in the end."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, Self

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from forewarn.cli.ask import nobody_to_ask, says_yes
from forewarn.cli.tables import console
from forewarn.cli.trouble import Kind, Trouble
from forewarn.cli.wire import Upload
from forewarn.contracts.api import ImportNews, ImportReport

COLUMNS = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
UNASKED = 0.2
"""A prune that removes no more than this share of what is there needs no question."""


class Send(Protocol):
    """A call of the client that takes a file."""

    def __call__(self, file: Upload, **how: str) -> Iterator[ImportNews]: ...


@dataclass(frozen=True, slots=True)
class Terms:
    """What is wished: `quiet` says nothing on stderr."""

    dry_run: bool = False
    prune: bool = False
    yes: bool = False
    quiet: bool = False


def imported(file: Path, what: str, send: Send, terms: Terms) -> ImportReport:
    """Send the file and return the report. Before a prune, a dry run says whether a person must be asked."""
    pruning = {"prune": "true"} if terms.prune else {}
    if terms.prune and not (terms.dry_run or terms.yes):
        _ask(_sent(file, f"{what}, dry run", send, pruning | {"dry_run": "true"}, terms.quiet), what)
    return _sent(file, what, send, pruning | ({"dry_run": "true"} if terms.dry_run else {}), terms.quiet)


def _ask(report: ImportReport, what: str) -> None:
    there = report.changed + report.unchanged + report.removed
    if report.removed <= UNASKED * there:
        return
    if not sys.stdin.isatty():
        raise nobody_to_ask(
            f"It would remove {report.removed:,} of {there:,}: add --yes, or --dry-run to see the report"
        )
    things = "people" if what == "people" else "entries of the catalog"
    if not says_yes(f"Remove {report.removed:,} of {there:,} {things}?"):
        raise Trouble(Kind.DECLINED, "the answer was not y, so nothing was imported")


def _sent(file: Path, what: str, send: Send, how: dict[str, str], quiet: bool) -> ImportReport:
    with _opened(file) as handle, _Shown(what, quiet) as shown:
        size = file.stat().st_size
        for news in send(Upload(shown.sending(handle, size), size), **how):
            if news.refused is not None:
                raise Trouble(Kind.NOT_CARRIED_OUT, f"{what}: {news.refused.reason}", status=422)
            if news.report is not None:
                return news.report
            if news.phase:
                shown.at(news.phase, news.done, news.of)
    raise Trouble(Kind.UNREACHABLE, "the door hung up before it answered", "Import it again; nothing is taken twice")


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    try:
        handle = file.open("rb")
    except OSError as fault:
        raise Trouble(Kind.USAGE, f"{file}: {fault.strerror}") from None
    with handle:
        yield handle


class _Shown:
    """How far it is, on stderr, so that stdout stays the answer's: a bar on a terminal, else a line a phase."""

    def __init__(self, what: str, quiet: bool) -> None:
        self._screen = console(to_errors=True)
        self._what, self._quiet, self._phase = what, quiet, ""
        self._bar = Progress(*COLUMNS, console=self._screen, transient=True, disable=quiet or not self._drawn)
        self._task = self._bar.add_task(what)

    @property
    def _drawn(self) -> bool:
        return self._screen.is_terminal

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def sending(self, handle: BinaryIO, size: int) -> BinaryIO:
        """The file as a stream whose reading moves the bar; it is never held whole."""
        self.at("sending", 0, size)
        return self._bar.wrap_file(handle, total=size, task_id=self._task)

    def at(self, phase: str, done: int, of: int) -> None:
        self._bar.update(self._task, description=f"{self._what}: {phase}", completed=done, total=of)
        if phase != self._phase and not (self._quiet or self._drawn):
            self._screen.print(f"{self._what}: {phase}")
        self._phase = phase
