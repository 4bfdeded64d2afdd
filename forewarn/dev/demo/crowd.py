"""A crowd: so many people made and handed in, and a bar that shows how far anything is."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from forewarn.contracts.api import ImportNews
from forewarn.dev.demo.rounds import DemoFailed
from forewarn.dev.generate.directory import Directory
from forewarn.dev.generate.files import body
from forewarn.dev.house import House

COUNT = TextColumn("{task.completed:,.0f} of {task.total:,.0f}")
COLUMNS = (TextColumn("{task.description:17}"), BarColumn(), COUNT, TimeElapsedColumn())
LINE_SECONDS = 1.0
IMPORT_PATIENCE_SECONDS = 600
PHASES = {"reading": "reading them", "applying": "writing them down"}

Say = Callable[[str], None]
Show = Callable[[str, int, int], None]
"""What is being done, how much of it is, and of how much."""


@dataclass(frozen=True, slots=True)
class MostOf:
    """The most that whoever watches can see: a bar on a terminal, else a line a second."""

    say: Say
    screen: Console
    clock: Callable[[], float] = time.monotonic

    @contextmanager
    def bar(self) -> Iterator[Show]:
        """What to call with every step."""
        if not self.screen.is_terminal:
            yield self._lines()
            return
        with Progress(*COLUMNS, console=self.screen, refresh_per_second=10, transient=True) as progress:
            task = progress.add_task("", total=0, visible=False)
            yield lambda what, done, of: progress.update(task, description=what, completed=done, total=of, visible=True)

    def _lines(self) -> Show:
        next_at = self.clock() + LINE_SECONDS

        def show(what: str, done: int, of: int) -> None:
            nonlocal next_at
            if self.clock() >= next_at:
                self.say(f"  {what}: {done:,} of {of:,}")
                next_at = self.clock() + LINE_SECONDS

        return show


def hand_in(home: House, made: Directory, show: MostOf) -> float:
    """Import the catalog and the people, who are made on the way; the seconds that it took."""
    began = time.monotonic()
    with show.bar() as bar:
        _import(home, "catalog", iter(["---\n".join(made.catalog.documents()).encode()]), bar)
        _import(home, "people?format=csv", _made(made, bar), bar)
    return time.monotonic() - began


def _made(made: Directory, bar: Show) -> Iterator[bytes]:
    lines = -1  # the head of a CSV file is nobody
    for piece in body(made):
        yield piece
        lines += piece.count(b"\n")
        bar("making them", lines, made.people)


def _import(home: House, path: str, pieces: Iterator[bytes], bar: Show) -> None:
    """Send the pieces as they are made; the door tells how far it is, and in the end what it took."""
    url = f"{home.door_url}/v1/directory/{path}"
    headers = {"Authorization": f"Bearer {home.tokens['oleg']}", "Accept": "application/x-ndjson"}
    ways: dict[str, Any] = {"timeout": IMPORT_PATIENCE_SECONDS, "preload_content": False}
    with home.http.request("PUT", url, body=pieces, headers=headers, **ways) as answer:
        for line in answer:
            news = ImportNews.model_validate(orjson.loads(line)) if answer.status == 200 else None
            if news is not None and news.phase:
                bar(PHASES.get(news.phase, news.phase), news.done, news.of)
            elif news is None or news.report is None or news.report.faulty:
                raise DemoFailed(f"the directory was not taken: {line.decode(errors='replace')}")
