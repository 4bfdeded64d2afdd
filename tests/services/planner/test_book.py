"""The planner's part of the record on a real PostgreSQL: what a plan sees, and what a release may tell."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from forewarn.component import Impact
from forewarn.contracts.policy import Policy
from forewarn.outage import Facts, Kind, Outage, Status
from forewarn.runtime.postgres import Database
from services.ingest.sources import Heard
from services.ingest.store import Store
from services.planner.book import OpenPage, Shelf
from services.planner.plan import Planner
from tests.services.planner.tellings import COMPOSER

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def ingest(database: str) -> Iterator[Database]:
    opened = Database(database, "forewarn_ingest", "sandbox", 2)
    opened.open()
    yield opened
    opened.close()


@pytest.fixture
def planner(database: str) -> Iterator[Database]:
    opened = Database(database, "forewarn_planner", "sandbox", 2)
    opened.open()
    yield opened
    opened.close()


class Desk:
    """Writes an outage's revisions as ingest does."""

    def __init__(self, ingest: Database) -> None:
        self._store = Store(ingest)
        self.outage: Outage | None = None
        with ingest.begin() as connection:
            connection.execute("insert into component (key, public_name) values ('pay', 'payments')")

    def says(self, revision: int, status: Status, cause: str | None = None) -> int:
        facts = Facts(status=status, components={"pay": Impact.DOWN}, cause=cause)
        closed = NOON if status is Status.RESOLVED else None
        heard = Heard(f"event-{revision}", "event-v1", b"{}", NOON, "people", "dana", "communicator", True)
        known = self.outage.id if self.outage else None
        number = self.outage.number if self.outage else None
        outage = Outage(
            Kind.INCIDENT, "people", NOON, Facts(), facts, None, revision, True, False, closed, id=known, number=number
        )  # fmt: skip
        with self._store() as record:
            if self.outage is None:
                outage = record.open(outage)
            else:
                record.revise(outage)
            record.note_revision(outage, heard, newsworthy=True)
        self.outage = outage
        assert outage.id is not None
        return outage.id


def test_a_plan_sees_no_revision_newer_than_the_facts_it_plans_with(ingest: Database, planner: Database) -> None:
    desk = Desk(ingest)
    outage_id = desk.says(1, Status.INVESTIGATING)
    with planner.begin() as connection:
        page = OpenPage(connection, outage_id, "sandbox", Policy())
        page._run = meanwhile(connection.execute, lambda: desk.says(2, Status.IDENTIFIED, "A full disk."))

        seen = page.seen()

    assert seen.outage.revision == 1
    assert [unseen.revision for unseen in seen.unseen] == [1]


def test_a_release_tells_no_facts_that_no_plan_has_seen(ingest: Database, planner: Database) -> None:
    desk = Desk(ingest)
    plans = Planner(Shelf(planner, "sandbox", Policy()), COMPOSER, Policy())
    outage_id = desk.says(1, Status.INVESTIGATING)
    plans.plan(outage_id)
    desk.says(2, Status.RESOLVED)
    with planner.begin() as connection:
        connection.execute("update notice_channel set not_before = clock_timestamp()")

    for _ in range(2):  # once to replace the first, which is due, once to release what replaced it
        plans.plan(outage_id)

    with planner.begin() as connection:
        rows = connection.execute(
            "select n.occasion, nc.revision from notice n join notice_channel nc on nc.notice_id = n.id"
            " where n.side = 'outside' and nc.released_at is not null"
        ).fetchall()
    assert [(row["occasion"], row["revision"]) for row in rows] == [("resolved", 2)]


@pytest.mark.slow
def test_a_newer_notice_is_held_back_no_longer_than_the_one_it_replaces(ingest: Database, planner: Database) -> None:
    desk = Desk(ingest)
    with ingest.begin() as connection:  # somebody inside who is not settled yet: the head start lasts
        connection.execute("insert into zone (name) values ('Europe/Berlin')")
        connection.execute(
            "with s as (insert into subscriber (key, zone_id, inside, token)"
            " select 'mara', id, true, 't' from zone returning id),"
            " a as (insert into address (subscriber_id, channel, address)"
            "  select id, 'email', 'mara@acme.example' from s)"
            " insert into stake (subscriber_id, role) select id, 'support' from s"
        )
    plans = Planner(Shelf(planner, "sandbox", Policy()), COMPOSER, Policy())
    outage_id = desk.says(1, Status.INVESTIGATING)
    plans.plan(outage_id)
    first = held_until(planner)
    desk.says(2, Status.IDENTIFIED, "A full disk.")

    plans.plan(outage_id)

    assert held_until(planner) == first


def held_until(planner: Database) -> datetime:
    with planner.begin() as connection:
        row = connection.execute("select not_before from notice_channel where state = 'held'").fetchone()
    assert row is not None
    moment: datetime = row["not_before"]
    return moment


def meanwhile(execute: Callable[..., Any], act: Callable[[], object]) -> Callable[..., Any]:
    """Execute, and after the first statement let something else happen."""
    done: list[object] = []

    def execute_and_let_happen(*arguments: Any) -> Any:
        answer = execute(*arguments)
        if not done:
            done.append(act())
        return answer

    return execute_and_let_happen
