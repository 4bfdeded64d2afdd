"""The scene of a run: a house with a crowd, an incident that goes out to all of it, and events that go on coming."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar
from urllib.parse import quote

import psycopg
from psycopg.rows import dict_row

from forewarn.dev.house import House
from forewarn.dev.workers import Worker
from tests.chaos.form import Form
from tests.chaos.trickle import Trickle
from tests.support.broker import ask

T = TypeVar("T")

Person = tuple[str, str, int]
"""Notice, channel, subscriber."""

OWED = """
select (select count(*) from outage o left join plan p on p.outage_id = o.id
    where o.revision > coalesce(p.planned_revision, 0))
  + (select count(*) from notice_channel where state not in ('drained', 'held'))
  + (select count(*) from notice_channel where state = 'held' and hold is null)
  + (select count(*) from batch where position('.' in outcomes) > 0) as owed
"""

UNHEARD = """
select name from unnest(%s::text[]) as t (name)
where not exists (select from event e where e.id like '%%' || name)
  and not exists (select from failed f where f.id like '%%' || name)
"""


class TooLate(AssertionError):
    """What a run waited for did not come."""


@dataclass(slots=True)
class Scene:
    """One run.

    A fault leaves here what it learns: who may be told twice, or be unknown at last (`may_be_doubled` by name,
    `repeats_allowed` by number; `unanswered` are the moments between which SES took calls and did not answer), how many
    may end otherwise (`may_end`, by reason), and between which moments nothing may leave. Moments are Unix seconds. All
    is waited for `patience` times as long as the form says.
    """

    house: House
    form: Form
    rng: Random
    trickle: Trickle
    began: float = 0.0
    may_be_doubled: set[Person] = field(default_factory=set)
    repeats_allowed: int = 0
    unanswered: list[tuple[float, float]] = field(default_factory=list)
    may_end: Counter[str] = field(default_factory=Counter)
    silent: list[tuple[float, float]] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)
    patience: int = 1

    # -- asking ----------------------------------------------------------------------------------
    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        with psycopg.connect(self.house.database_url, row_factory=dict_row) as connection:
            return connection.execute(sql, values).fetchall()

    @property
    def accepted(self) -> int:
        """How many messages the provider has taken."""
        return int(self.house.http.request("GET", f"{self.house.sandbox.url}/accepted").data)

    @property
    def dispatchers(self) -> list[Worker]:
        return [worker for worker in self.house.workers.values() if worker.service == "dispatch"]

    def until(self, found: Callable[[], T | None], seconds: float, what: str) -> T:
        """The first truthy answer. Raises TooLate."""
        end = time.monotonic() + seconds
        while not (answer := found()):
            if time.monotonic() > end:
                raise TooLate(f"{what} did not happen in {seconds:.0f} s")
            time.sleep(0.05)
        return answer

    @property
    def patience_seconds(self) -> float:
        return self.patience * self.form.patience_seconds

    # -- the moment of a strike ------------------------------------------------------------------
    def at(self, share: float) -> None:
        """Return when this share of the crowd is told, give or take a twentieth by the seed."""
        share = max(0.01, share + self.rng.uniform(-0.05, 0.05))
        self.until(
            lambda: self.accepted >= share * self.form.people, self.patience_seconds, f"{share:.0%} of the crowd"
        )

    def strikes(self) -> Iterator[int]:
        """The strikes of the form, spread over the run."""
        for n in range(self.form.strikes):
            self.at((n + 0.5) / (self.form.strikes + 0.5))
            yield n

    # -- what a fault does -----------------------------------------------------------------------
    def behave(self, **ses: Any) -> None:
        """The provider as slow as the form has it, half of it before it writes a call down; and so."""
        half = self.form.latency_ms / 2
        usual = {"latency_ms": half, "lag_ms": half, "checks": False}
        self.house.sandbox.behave(ses=usual | ses, webhook={"latency_ms": self.form.latency_ms})

    def cut_connections(self) -> None:
        """The broker closes every connection there is, of workers and of the door."""
        management = self.house.servers.urls.rabbitmq_management
        names = [connection["name"] for connection in ask(management, "GET", "connections?columns=name")]
        self.notes["connections_cut"] = self.notes.get("connections_cut", 0) + len(names)
        for name in names:
            with suppress(AssertionError):  # it has gone meanwhile
                ask(management, "DELETE", f"connections/{quote(name, safe='')}")

    def all_up(self) -> None:
        """Every server and every worker runs, unarmed."""
        servers = self.house.servers
        for server in (servers.postgres, servers.redis, servers.rabbitmq):
            if server.pid is None and hasattr(server, "_kept"):
                server.start()
        for worker in self.house.workers.values():
            if not worker.running or "FOREWARN_KILL_AT" in worker.extra:
                worker.kill()
                again(worker)

    def heard(self) -> None:
        """Return when ingest has carried out, or kept, every event that was confirmed. Raises TooLate."""
        self.until(lambda: not self.rows(UNHEARD, self.trickle.confirmed), 60, "carrying out every confirmed event")

    def accounted(self) -> None:
        """Return when nobody is owed anything. Raises TooLate."""
        self.until(self._settled, self.patience_seconds, "accounting for everybody")

    def _settled(self) -> bool:
        return bool(self.rows(OWED)[0]["owed"] == 0)


def again(worker: Worker) -> None:
    """Start a worker that ended with the settings that it had, without its kill point."""
    worker.start(**{name: value for name, value in worker.extra.items() if name != "FOREWARN_KILL_AT"})
