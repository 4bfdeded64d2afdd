"""The whole way, from an event at the door to everybody accounted for, beside a message a recipient, in one run.

    python -m benchmarks.end_to_end [--n 200000] [--dispatchers 2] [--dispatch-threads 2] [--planner-threads 2]

Real servers and workers, mails by SES to a minimal sink; n people in 4 locales, 24 zones, 4 voices, some of them
suppressed or asleep. Ends with 1 when a goal is not met, or anybody is lost or told twice.
"""

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import psycopg
from psycopg.rows import dict_row

from benchmarks import one_message_each
from benchmarks.costs import Meter, peak_mb, table
from benchmarks.crowd import settle
from benchmarks.house import LOCALES, Crew, Sink, measured_house, processes, sink
from benchmarks.results import RESULTS, record
from forewarn.delivery import Tally, tally
from forewarn.dev.house import House
from forewarn.dev.servers import Servers, private_servers

GOAL = {"one_message_each": 12.0, "one_message_each_with_confirms": 40.0}

PATIENCE_SECONDS = 120

DRAINED = """
select count(*) filter (where nc.state = 'drained') = 2 as complete
from notice n join notice_channel nc on nc.notice_id = n.id
where n.occasion = 'first' and nc.channel = 'email' and nc.state <> 'held'
"""

ACCOUNT = """
select coalesce(string_agg(b.outcomes, ''), '') as letters, min(b.first_at) as first_at, max(b.last_at) as last_at,
  count(*) as batches, count(distinct c.locale) as locales, count(distinct c.voice) as voices,
  (select count(distinct s.zone_id) from subscriber s) as zones
from batch b join content c on c.id = b.content_id
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of everybody: seconds from the event to the first and last acceptance, and until all was settled."""

    tally: Tally
    taken: int
    first: float
    last: float
    complete: float
    shape: str

    @property
    def faults(self) -> list[str]:
        """What must not be."""
        lost, more = self.tally.accepted - self.taken, self.taken - self.tally.accepted
        said = {
            f"{self.tally.open} are not accounted for": self.tally.open > 0,
            f"{lost} accepted ones never reached the sink": lost > 0,
            f"{more} were told twice": more > 0,
            f"not {len(LOCALES)} locales, 4 voices and 24 zones, but {self.shape}": self.shape != "4, 4, 24",
        }
        return [fault for fault, holds in said.items() if holds]


def tell(home: House, taker: Sink, component: str) -> Told:
    """Report an incident at the door, as a person, and wait until everybody is accounted for."""
    event = {"components": [component], "impact": "down", "severity": "critical", "cause": "A switch failed."}
    began = time.time()
    status, answer = home.request("POST", "/v1/events", orjson.dumps(event), "dana")
    if status != 202:
        raise RuntimeError(f"the door said {status}: {answer}")
    with psycopg.connect(home.database_url, autocommit=True, row_factory=dict_row) as connection:
        _wait(connection)
        complete = time.time() - began
        found: dict[str, Any] = connection.execute(ACCOUNT).fetchone() or {}
    return Told(
        tally=tally(found["letters"]),
        taken=taker.recipients,
        first=found["first_at"].timestamp() - began,
        last=found["last_at"].timestamp() - began,
        complete=complete,
        shape=f"{found['locales']}, {found['voices']}, {found['zones']}",
    )


def _wait(connection: "psycopg.Connection[dict[str, Any]]") -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not (connection.execute(DRAINED).fetchone() or {}).get("complete"):
        if time.monotonic() > end:
            raise TimeoutError(f"not everybody was accounted for within {PATIENCE_SECONDS} s")
        time.sleep(0.05)


def whole_way(servers: Servers, directory: Path, n: int, crew: Crew) -> tuple[Told, dict[str, float]]:
    """Tell n people; how it went, and the most memory of each worker in MB."""
    with sink(directory) as taker, measured_house(servers, directory, taker, crew) as home:
        component = settle(home, n, directory)
        home.workers["ingest"].stop()  # an import's memory is not an incident's
        home.workers["ingest"].start()
        home.workers["ingest"].wait_ready()
        meter = Meter(processes(home, taker))
        told = tell(home, taker, component)
        sys.stdout.write(table(meter.used(), told.tally.accepted, told.complete))
        memory = {name: peak_mb(worker.pid) for name, worker in home.workers.items() if worker.pid}
    return told, {name: round(mb, 1) for name, mb in memory.items()}


def main() -> None:
    given = _options().parse_args()
    crew = Crew(given.dispatchers, given.dispatch_threads, given.planner_threads)
    fleet = one_message_each.Fleet(given.plain_processes, given.plain_threads, given.plain_publishers)
    with TemporaryDirectory(prefix="bench-") as name, private_servers(Path(name) / "servers", _unsaid) as servers:
        told, memory = whole_way(servers, Path(name), given.n, crew)
        rates = one_message_each.both(servers, Path(name), given.plain_n, fleet, given.results)
    sys.stdout.write(f"  {told.tally}\n  {told.first:.3f} s first, {told.last:.3f} s last acceptance; MB: {memory}\n")
    faults = told.faults
    per_second = told.tally.accepted / told.complete
    ratios = {name: per_second / rate for name, rate in rates.items()}
    reached = record(
        given.results,
        bench="end_to_end",
        n=told.tally.accepted,
        seconds=told.complete,
        per_second=per_second,
        ratios=ratios,
        goal=GOAL,
        first_seconds=round(told.first, 3),
        last_seconds=round(told.last, 3),
        memory_mb=memory,
        faults=faults,
    )
    sys.stdout.writelines(f"FAULT: {fault}\n" for fault in faults)
    raise SystemExit(0 if reached and not faults else 1)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.end_to_end")
    best = Crew()
    parser.add_argument("--n", type=int, default=200_000, help="people")
    parser.add_argument("--dispatchers", type=int, default=best.dispatchers, help="dispatch processes")
    parser.add_argument("--dispatch-threads", type=int, default=best.dispatch_threads, help="of each")
    parser.add_argument("--planner-threads", type=int, default=best.planner_threads)
    parser.add_argument("--plain-n", type=int, default=20_000, help="messages of each way that is beaten")
    parser.add_argument("--results", type=Path, default=RESULTS, help="file that results are appended to")
    one_message_each.add_options(parser, "plain-")
    return parser


def _unsaid(line: str) -> None:
    """How the servers start is of no interest here."""


if __name__ == "__main__":
    main()
