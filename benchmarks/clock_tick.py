"""What a round of the clock costs while so many rungs of planned work are to come, on a private PostgreSQL.

    python -m benchmarks.clock_tick [--n 1000000]

Each outage has eight rungs to come (T1, T4, T5); kept is when the next one is due. A round asks for every debt that the
record may owe; nothing is due, as in most rounds.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import psycopg

from benchmarks.results import record
from forewarn.contracts.policy import Policy
from forewarn.contracts.policy_communication import Communication
from forewarn.dev.servers.place import claimed
from forewarn.dev.servers.postgres import Postgres
from forewarn.dev.servers.redis import Redis
from forewarn.runtime import redis
from forewarn.runtime.migrate import migrate
from forewarn.runtime.postgres import Database
from services.planner.calmed import Calmed
from services.planner.control import Control
from services.planner.owed import Debts
from services.planner.pager import LOOK_SECONDS, Pager
from services.planner.settings import PlannerSettings
from services.planner.stops import Stops
from services.planner.unplanned import Unplanned
from services.planner.windows import FrozenWindows

RUNGS = 8
REACH = Communication.model_validate({"reach": {"dana": ["json://localhost"]}})
"""Somebody can be paged, so warnings are looked for; every second, of which a round has its part."""
ROUNDS = 21
GOAL_MS = 20.0

FILL = """
insert into outage (kind, number, source, revision, by_person, test, opened_at, observed, stated, release, revised_at)
select 'maintenance', n, 'benchmark', 1, true, false, forewarn_now(), '{}', '{"status": "scheduled"}', 'released',
  clock_timestamp() - interval '1 day'
from generate_series(1, %(outages)s) n;
insert into plan (outage_id, planned_revision, due_at)
select id, 1, forewarn_now() + interval '1 day' + id * interval '1 s' from outage
"""


def rounds(debts: Debts, pager: Pager) -> dict[str, list[float]]:
    """Milliseconds of each question, round by round."""
    asks: dict[str, Callable[[], Any]] = {
        "plans": debts.plans,
        "rungs": debts.rungs,
        "windows": debts.windows,
        "sweep": debts.batches,
        "expire": debts.expired,
        "pulls": debts.pulls,
        "calm": debts.calm,
        "promises": debts.promises,
        "gates": debts.gates,
        "pages": pager.due,
    }
    took: dict[str, list[float]] = {name: [] for name in asks}
    for _ in range(ROUNDS):
        for name, ask in asks.items():
            began = time.perf_counter()
            assert not ask(), f"{name}: nothing should be owed"
            took[name].append(1000 * (time.perf_counter() - began))
    return took


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=1_000_000, help="rungs to come")
    n = parser.parse_args().n
    policy = Policy()
    with tempfile.TemporaryDirectory() as place, claimed(Path(place) / "servers") as held:
        postgres = Postgres(Path(place) / "servers" / "postgres", lambda line: None, held)
        marks = Redis(Path(place) / "servers" / "redis", lambda line: None, held)
        try:
            postgres.start()
            marks.start()
            migrate(postgres.url)
            with psycopg.connect(postgres.url, autocommit=True) as connection:
                for statement in FILL.split(";\n"):
                    connection.execute(statement, {"outages": n // RUNGS} if "%(" in statement else None)
                connection.execute("vacuum analyze")
            database = Database(postgres.url, "forewarn_planner", "sandbox", 2)
            database.open()
            settings = PlannerSettings.model_validate(
                {"database_url": postgres.url, "rabbitmq_url": "amqp://nowhere", "redis_url": marks.url}
                | {"delivery": "sandbox"}
            )
            marks_of = redis.connect(marks.url)
            control = Control(database, marks_of)
            control.refresh()
            windows = FrozenWindows(database, policy, timedelta(minutes=10))
            stops = Stops(database, control, policy, windows, 12)
            calmed, unplanned = Calmed(database, policy.episodes), Unplanned(database, 5, 60)
            pager = Pager(database, marks_of, REACH, 5, clock=iter(range(10**6)).__next__)
            took = rounds(Debts(database, settings, policy, control, stops, calmed, unplanned), pager)
            database.close()
        finally:
            marks.close()
            postgres.close()
    a_part = settings.tick_seconds / LOOK_SECONDS
    took["pages"] = [a_part * spent for spent in took["pages"]]
    tick = median(map(sum, zip(*took.values(), strict=True)))
    each = {name: round(median(times), 2) for name, times in took.items()}
    ratios = {f"as quick as {GOAL_MS:g} ms a round": GOAL_MS / tick}
    goal = dict.fromkeys(ratios, 1.0)
    done = record(
        bench="clock_tick", n=n, seconds=tick / 1000, per_second=1000 / tick, ratios=ratios, goal=goal, ms=each
    )
    sys.stdout.write(f"  {each}\n")
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
