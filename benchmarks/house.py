"""A house to measure: real servers and workers, mails by SES to a minimal sink, texts in four locales."""

import os
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson
import urllib3

from forewarn.dev.house import ROOT, House, furnished
from forewarn.dev.servers import Servers
from forewarn.dev.servers.kept import Kept, Program

LOCALES = ("en", "de", "fr", "ja")
POLICY = {"delivery": {"email_per_second": 100_000}}
"""More than the sink takes: nothing waits for a permit."""


@dataclass(frozen=True, slots=True)
class Crew:
    """So many dispatch processes, and threads of each of them and of the planner."""

    dispatchers: int = 2
    dispatch_threads: int = 2
    planner_threads: int = 2


@dataclass(frozen=True, slots=True)
class Sink:
    """The provider that takes everything."""

    port: int
    pid: int

    @property
    def recipients(self) -> int:
        """How many it has taken."""
        answer = urllib3.request("GET", f"http://127.0.0.1:{self.port}/count", timeout=5)
        return int(answer.json()["recipients"])


@contextmanager
def sink(directory: Path) -> Iterator[Sink]:
    """A sink of this run's own."""
    ready = directory / "sink.json"
    command = [sys.executable, "-m", "benchmarks.sink", "--ports-file", str(ready)]
    kept = Kept(Program(command, {**os.environ, "PYTHONPATH": str(ROOT)}, directory / "sink.log"))
    try:
        while kept.running and not ready.exists():
            time.sleep(0.02)
        yield Sink(**orjson.loads(ready.read_bytes()))
    finally:
        kept.kill()


@contextmanager
def measured_house(servers: Servers, directory: Path, taker: Sink, crew: Crew) -> Iterator[House]:
    """The workers of the crew, ready, and nobody in the directory."""
    settings = {
        "AWS_ENDPOINT_URL_SESV2": f"http://127.0.0.1:{taker.port}",
        "FOREWARN_TEXTS_DIR": str(_texts(directory / "texts")),
    }
    with furnished(servers, directory / "house", _unsaid, POLICY, email_provider="ses", settings=settings) as home:
        home.workers["planner"].stop()
        home.workers["planner"].start(FOREWARN_THREADS=str(crew.planner_threads))
        home.workers["dispatch"].stop()
        home.workers["dispatch"].start(FOREWARN_THREADS=str(crew.dispatch_threads))
        for n in range(2, crew.dispatchers + 1):
            home.hire(f"dispatch {n}").start(FOREWARN_THREADS=str(crew.dispatch_threads))
        for worker in home.workers.values():
            worker.wait_ready()
        yield home


def processes(home: House, taker: Sink) -> Mapping[str, int]:
    """Process ids by name of all that has a part in it."""
    servers = home.servers
    parts = {"rabbitmq": servers.rabbitmq, "postgres": servers.postgres, "redis": servers.redis, **home.workers}
    return {name: part.pid for name, part in parts.items() if part.pid is not None} | {"sink": taker.pid}


def _texts(directory: Path) -> Path:
    """Every locale has the English texts: what is measured is their number, not their words."""
    for locale in LOCALES:
        shutil.copytree(ROOT / "services" / "planner" / "texts" / "en", directory / locale)
    return directory


def _unsaid(line: str) -> None:
    """How the house starts is of no interest here."""
