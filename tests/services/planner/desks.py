"""A desk over a record of the test's own: events are carried out, plans made, batches settled, without a broker."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

import orjson
import urllib3

from forewarn.access import TokenRole
from forewarn.contracts.policy import Policy
from forewarn.runtime.http import Server, guard
from forewarn.runtime.postgres import UNREACHABLE, Connection, Database
from forewarn.runtime.tokens import issue
from services.ingest.intake import Taken, take
from services.ingest.sources import Heard
from services.ingest.store import Store
from services.planner.book import Shelf
from services.planner.compose import Composer
from services.planner.desk import Desk, desk_app
from services.planner.pages import Pages
from services.planner.plan import Planner
from services.planner.preview import Previews
from services.planner.wheel import Wheel
from services.planner.windows import FrozenWindows
from tests.support.asked import asked, kept_connection
from tests.support.pools import kept

TOKENS = {
    "dana": (TokenRole.COMMUNICATOR, "people"),
    "rita": (TokenRole.READER, "people"),
    "native": (TokenRole.SOURCE, "native"),
    "probe": (TokenRole.SOURCE, "probe"),
}
PEOPLE = (("mara", "support"), ("hanna", "customer"), ("kenji", "customer"), ("owen", "customer"))

POLICY = Policy.model_validate({"release": {"native": "person", "sources": {"native": "now"}}})


class Away(Exception):
    """A server is not there."""


@dataclass
class Office:
    """Says, plans, settles, asks."""

    url: str
    ingest: Database
    planner: Database
    policy: Policy
    tokens: dict[str, str]
    plans: Planner
    serve: Callable[[], int] = lambda: 0
    refreshed: list[int] = field(default_factory=list)
    advanced: list[int] = field(default_factory=list)
    redis_away: bool = False
    broker_away: bool = False

    @cached_property
    def port(self) -> int:
        """Where it listens, from the first question on: making an app takes longer than most tests."""
        return self.serve()

    # -- the record -----------------------------------------------------------------------------------
    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        return asked(self.url, sql, values)

    def run(self, sql: str, *values: object) -> None:
        asked(self.url, sql, values)

    def notices(self, side: str = "outside") -> list[dict[str, Any]]:
        return self.rows(
            "select n.id, n.occasion, nc.state, nc.ended from notice n join notice_channel nc on nc.notice_id = n.id"
            " where n.side = %s order by n.serial, nc.channel",
            side,
        )

    def everything(self) -> dict[str, int]:
        """How many rows each table has."""
        return {
            row["name"]: row["n"]
            for row in self.rows(
                "select relname as name, (xpath('/row/c/text()', query_to_xml(format('select count(*) as c from %%I',"
                " relname), false, true, '')))[1]::text::int as n from pg_stat_user_tables"
            )
        }

    # -- what happens ---------------------------------------------------------------------------------
    def says(self, by: str = "dana", /, **event: Any) -> int:
        """Carry an event out and plan what it brings; the id of the outage that it is about."""
        role, source = TOKENS[by]
        person = role is not TokenRole.SOURCE
        number = self.rows("select count(*) as n from event")[0]["n"]
        now = self.rows("select forewarn_now() as now")[0]["now"]
        heard = Heard(
            id=f"event-{number}",
            format="event-v1",
            body=orjson.dumps(event),
            received_at=now,
            source=source,
            author=by if person else None,
            role=role,
            person=person,
        )
        taken: Taken = take(heard, Store(self.ingest), self.policy)
        assert taken.failed is None and taken.outages, taken
        for outage in taken.outages:  # two, where one is merged into another or split from it
            self.plans.plan(outage)
        return taken.outages[0]

    def settle(self, outage_id: int, letter: str = "a", by: str = "%") -> None:
        """Everybody who is to be told now is told; the head start is over, and what waited for it goes too.

        `by`: only on this channel; the others give no answer yet.
        """
        for _ in range(4):
            self.run("update notice_channel set not_before = clock_timestamp()")
            self.plans.plan(outage_id)
            self.freeze()
            self.answer(letter, by)
            if (letter, by) == ("a", "%") and not self.waits():
                break
        self.plans.plan(outage_id)

    def waits(self) -> bool:
        """Whether a notice is still to leave."""
        return bool(self.rows("select notice_id from notice_channel where state in ('held', 'waiting') limit 1"))

    def freeze(self) -> None:
        """Everybody planned has a place."""
        windows = FrozenWindows(self.planner, self.policy, timedelta(minutes=10))
        for row in self.rows("select id from notice_window where expanded_at is null order by rank, id"):
            windows.freeze(row["id"])

    def answer(self, letter: str, by: str = "%") -> None:
        """Whoever has a place on this channel, or on any, ends with this letter."""
        self.run(
            "update batch set outcomes = replace(outcomes, '.', %s), first_at = clock_timestamp(),"
            " last_at = clock_timestamp() where window_id in (select id from notice_window where channel like %s)",
            *(letter, by),
        )

    def endpoint(self, *people: str) -> None:
        """They have a webhook too, from now on."""
        self.run(
            "insert into address (subscriber_id, channel, address)"
            " select id, 'webhook', 'https://' || key || '.example/in' from subscriber where key = any(%s)",
            list(people),
        )

    def told(self, side: str = "outside") -> list[tuple[str, str, int]]:
        """Occasion, channel and how many of every notice that was told to somebody, in order."""
        rows = self.rows(
            "select n.occasion, w.channel, sum(cardinality(b.ids))::int as people from notice n"
            " join notice_window w on w.notice_id = n.id join batch b on b.window_id = w.id where n.side = %s"
            " group by n.id, w.channel order by min(b.id)",
            side,
        )
        return [(row["occasion"], row["channel"], row["people"]) for row in rows]

    # -- asking ---------------------------------------------------------------------------------------
    def ask(self, method: str, path: str, body: Any = None, by: str = "dana") -> tuple[int, Any]:
        response = urllib3.request(
            method,
            f"http://127.0.0.1:{self.port}{path}",
            body=None if body is None else orjson.dumps(body),
            headers={"Authorization": f"Bearer {self.tokens[by]}", "Content-Type": "application/json"},
            timeout=20,
        )
        return response.status, orjson.loads(response.data)

    def get(self, path: str, by: str = "rita") -> Any:
        status, answer = self.ask("GET", path, by=by)
        assert status == 200, answer
        return answer

    def post(self, path: str, body: Any, by: str = "dana") -> Any:
        status, answer = self.ask("POST", path, body, by)
        assert status == 200, answer
        return answer

    def refresh(self) -> bool:
        if self.redis_away:
            raise Away
        self.refreshed.append(len(self.refreshed))
        return True

    def advance(self, outage_id: int) -> None:
        if self.broker_away:
            raise Away
        self.advanced.append(outage_id)
        self.plans.plan(outage_id)


@contextmanager
def office(url: str, composer: Composer, policy: Policy = POLICY, mode: str = "sandbox") -> Iterator[Office]:
    """A directory of four people who care about card payments, and a desk that listens."""
    ingest, planner = (kept(url, f"forewarn_{name}", mode) for name in ("ingest", "planner"))
    with (connection := kept_connection(url)).transaction():
        tokens = {name: issue(connection, name, role, source) for name, (role, source) in TOKENS.items()}
        _directory(connection)
    plans = Planner(Shelf(planner, mode, policy), composer, policy)
    here = Office(url, ingest, planner, policy, tokens, plans)
    pages = Pages(planner, mode, policy)
    wheel = Wheel(planner, mode, here.refresh, here.advance, (*UNREACHABLE, Away))
    previews = Previews(planner, mode, policy, composer)
    servers: list[Server] = []

    def serve() -> int:
        servers.append(Server(desk_app(Desk(pages, wheel, previews, guard(planner), lambda: 0.0)), "127.0.0.1", 0))
        servers[0].start()
        return servers[0].port

    here.serve = serve
    try:
        yield here
    finally:
        for server in servers:
            threading.Thread(target=server.stop).start()  # it looks ten times a second whether it is to end


def _directory(connection: Connection) -> None:
    connection.execute("update control set epoch = 'e1'")
    connection.execute("insert into component (key, public_name) values ('card-payments', 'card payments')")
    connection.execute("insert into zone (name) values ('Europe/Berlin')")
    connection.execute("insert into account (key, name, tier) values ('nordwind', 'Nordwind', 'enterprise')")
    connection.execute("insert into uses select a.id, c.id from account a, component c")
    for name, role in PEOPLE:
        connection.execute(
            "with s as (insert into subscriber (key, name, zone_id, inside, token)"
            "  select %(name)s, %(name)s, id, %(role)s = 'support', %(name)s from zone returning id),"
            " a as (insert into address (subscriber_id, channel, address)"
            "  select id, 'email', %(name)s || '@nordwind.example' from s)"
            " insert into stake (subscriber_id, role, account_id) select s.id, %(role)s,"
            "  case when %(role)s = 'customer' then (select id from account) end from s",
            {"name": name, "role": role},
        )


def an_incident(**changes: Any) -> dict[str, Any]:
    """What opens an incident on card payments; a machine's needs a key."""
    return {"components": ["card-payments"], "impact": "down", "severity": "critical", "key": "k1"} | changes
