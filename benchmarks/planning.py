"""How fast an outage is planned, beside the bare SELECT of its audience, in one run on a private PostgreSQL.

    python -m benchmarks.planning [--n 200000]

Planned is the first notice of an outage that touches 85 % of the accounts, inside and then outside: released by
`Planner.plan`, every window frozen to rows of `batch`, its message bodies returned to the client as JSON; 4 locales,
4 voices, 24 zones. Nothing is published. The bare SELECT is `BARE` below: everybody of the outside with an address who
has a stake in an account that uses the component, counted in the server on one connection, without parallel workers.
"""

import argparse
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg

from benchmarks.results import record
from forewarn.contracts.policy import Policy
from forewarn.dev.servers.place import claimed
from forewarn.dev.servers.postgres import Postgres
from forewarn.runtime.migrate import migrate
from forewarn.runtime.postgres import Database
from services.planner.book import Shelf
from services.planner.compose import Composer
from services.planner.plan import Planner
from services.planner.ports import Due
from services.planner.windows import FrozenWindows

BARE = """
select count(*) from (
  select s.id, d.address from subscriber s
  join address d on d.subscriber_id = s.id and d.channel = 'email'
  where not s.inside and exists (
    select from stake k join uses u on u.account_id = k.account_id
    where k.subscriber_id = s.id and u.component_id = any(array[{component}]))
  offset 0
) audience
"""
TOUCHES_MOST, TOUCHES_FEW = "c1", "c200"


@dataclass(frozen=True, slots=True)
class Told:
    """One notice, planned. Seconds: to release it, from the release to its first body, and to expand all of it."""

    planning: float
    first_body: float
    expanding: float
    people: int


class Bench:
    """A directory in a database of our own, and a planner over it."""

    def __init__(self, url: str, texts: Path) -> None:
        self.url, policy = url, Policy()
        self.database = Database(url, "forewarn_planner", "sandbox", 4)
        self.database.open()
        self.windows = FrozenWindows(self.database, policy, timedelta(minutes=10))
        self.planner = Planner(Shelf(self.database, "sandbox", policy), Composer(texts), policy)
        self.number = 0

    def run(self, sql: str, *values: object) -> int:
        options = "-c jit=off -c max_parallel_workers_per_gather=0"
        with psycopg.connect(self.url, autocommit=True, options=options) as connection:
            cursor = connection.execute(sql, values)
            row = cursor.fetchone() if cursor.description else None
            return int(row[0]) if row else 0

    def bare(self, component: str) -> tuple[int, float]:
        sql = BARE.format(component=self.run("select id from component where key = %s", component))
        began = time.perf_counter()
        people = self.run(sql)
        return people, time.perf_counter() - began

    def told(self, component: str, threads: int) -> Told:
        """Plan an outage of its own: inside first, settled, then outside, which is what is measured."""
        self.number += 1
        facts = f'{{"severity": "major", "components": {{"{component}": "down"}}}}'
        outage = self.run(
            "insert into outage (kind, number, source, revision, by_person, test, opened_at, observed, stated, release)"
            " values ('incident', %s, 'benchmark', 1, true, false, forewarn_now(), '{}', %s, 'released') returning id",
            *(self.number, facts),
        )
        self.run(
            "insert into revision (outage_id, revision, at, event_id, by_person, newsworthy, facts)"
            " values (%s, 1, forewarn_now(), 'e', true, true, %s)",
            *(outage, facts),
        )
        self._expanded(self.planner.plan(outage).due, threads)
        self.run("update batch set outcomes = translate(outcomes, '.', 'a')")
        began = time.perf_counter()
        due = self.planner.plan(outage).due
        planned = time.perf_counter()
        first, rest = due[0], due[1:]
        self.windows.freeze(first.window_id)
        first_body = time.perf_counter()
        self._expanded((*rest, *self.windows.published(first.window_id)), threads)
        ended = time.perf_counter()
        people = self.run(
            "select sum(cardinality(b.ids)) from batch b join notice_window w on w.id = b.window_id"
            " join notice n on n.id = w.notice_id where n.outage_id = %s and n.side = 'outside'",
            outage,
        )
        return Told(planned - began, first_body - planned, ended - planned, people)

    def _expanded(self, due: Sequence[Due], threads: int) -> None:
        with ThreadPoolExecutor(threads) as workers:
            while due:
                due = [later for found in workers.map(self._window, due) for later in found]

    def _window(self, due: Due) -> Sequence[Due]:
        self.windows.freeze(due.window_id)
        return self.windows.published(due.window_id)


def texts_of(directory: Path) -> Path:
    """The shipped words as those of four locales: what is measured is their number."""
    shipped = Path(__file__).parents[1] / "services" / "planner" / "texts" / "en"
    for locale in ("de", "fr", "ja"):
        shutil.copytree(shipped, directory / locale)
    return directory


def measure(bench: Bench, n: int) -> bool:
    bench.run("vacuum analyze")
    bench.bare(TOUCHES_MOST)
    one, bares, two = None, [], None
    bench.told(TOUCHES_MOST, 1)  # reads the tables once, so that none of the rest does for the first time
    for _ in range(2):
        bares.append(bench.bare(TOUCHES_MOST))
        one = _quicker(one, bench.told(TOUCHES_MOST, 1))
        bares.append(bench.bare(TOUCHES_MOST))
        two = _quicker(two, bench.told(TOUCHES_MOST, 2))
    assert one is not None and two is not None
    bare = min(people and seconds / people for people, seconds in bares)
    goals = []
    for name, told in (("planning_1", one), ("planning_2", two)):
        ratio = told.people / told.expanding * bare
        more = {"plan_ms": round(told.planning * 1000, 1), "first_body_ms": round(told.first_body * 1000, 1)}
        goal = {"the bare SELECT": 0.33} if name == "planning_1" else {}
        done = record(
            bench=name,
            n=n,
            seconds=told.expanding,
            per_second=told.people / told.expanding,
            ratios={"the bare SELECT": ratio},
            goal=goal,
            **more,
        )
        goals.append(done)
        sys.stdout.write(f"  {more}\n")
    few, few_bare = bench.told(TOUCHES_FEW, 1), bench.bare(TOUCHES_FEW)
    record(
        bench="planning_few",
        n=n,
        seconds=few.expanding,
        per_second=few.people / few.expanding,
        ratios={"the bare SELECT": few_bare[1] / few.expanding},
        people=few.people,
        rss_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    )
    sys.stdout.write(f"  {few}; this process needed {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB\n")
    return all(goals)


def _quicker(known: Told | None, new: Told) -> Told:
    return min((told for told in (known, new) if told is not None), key=lambda told: told.expanding)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=200_000, help="people in the directory")
    n = parser.parse_args().n
    with tempfile.TemporaryDirectory() as place, claimed(Path(place) / "servers") as held:
        postgres = Postgres(Path(place) / "servers" / "postgres", lambda line: None, held)
        try:
            postgres.start()
            migrate(postgres.url)
            with psycopg.connect(postgres.url) as connection:
                sql = Path(__file__).with_suffix(".sql").read_text()
                for statement in sql.split(";\n"):
                    connection.execute(statement, {"people": n, "accounts": max(100, n // 25)})
            return 0 if measure(Bench(postgres.url, texts_of(Path(place) / "texts")), n) else 1
        finally:
            postgres.close()


if __name__ == "__main__":
    sys.exit(main())
