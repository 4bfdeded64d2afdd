"""Outages that must be planned are found: soon if they are fresh, within a minute whatever their age."""

from collections.abc import Iterator

import pytest

from forewarn.runtime.postgres import Database
from services.planner.unplanned import WHOLE_SECONDS, Unplanned
from tests.support.asked import asked


class Desk:
    """A record, and a look for what is not planned by a clock that stands until it is set."""

    def __init__(self, url: str, database: Database) -> None:
        self.url, self.seconds = url, 0.0
        self.unplanned = Unplanned(database, 5, 60, lambda: self.seconds)

    def outage(self, age_minutes: float) -> int:
        """An outage that was revised so long ago; no plan has seen it."""
        sql = (
            "insert into outage"
            " (kind, number, source, revision, by_person, test, opened_at, observed, stated, revised_at)"
            " select 'maintenance', 1 + count(*), 'people', 1, true, false, forewarn_now(), '{}', '{}',"
            " clock_timestamp() - %s * interval '1 min' from outage returning id"
        )
        return int(asked(self.url, sql, (age_minutes,))[0]["id"])

    def due(self, outage_id: int, in_seconds: float) -> None:
        sql = (
            "insert into plan (outage_id, planned_revision, due_at)"
            " values (%s, 1, forewarn_now() + %s * interval '1 s')"
        )
        asked(self.url, sql, (outage_id, in_seconds))


@pytest.fixture
def desk(database: str) -> Iterator[Desk]:
    here = Database(database, "forewarn_planner", "sandbox", 2)
    here.open()
    yield Desk(database, here)
    here.close()


def test_a_fresh_revision_that_no_plan_has_seen_is_found_at_each_look(desk: Desk) -> None:
    desk.unplanned.revised()  # looks at all of them

    outage = desk.outage(age_minutes=1)

    assert desk.unplanned.revised() == [outage]


def test_one_that_was_committed_long_after_it_was_revised_is_found_within_a_minute(desk: Desk) -> None:
    desk.unplanned.revised()
    outage = desk.outage(age_minutes=30)

    at_once = desk.unplanned.revised()
    desk.seconds = WHOLE_SECONDS
    later = desk.unplanned.revised()

    assert (at_once, later) == ([], [outage])


def test_what_is_claimed_is_due_again_later_and_not_at_once(desk: Desk) -> None:
    outage = desk.outage(age_minutes=1)

    assert [desk.unplanned.revised() for _ in range(2)] == [[outage], []]


def test_a_rung_is_claimed_when_it_is_due_and_once(desk: Desk) -> None:
    soon, later = desk.outage(1), desk.outage(1)
    desk.due(soon, -1)
    desk.due(later, 3600)

    assert [desk.unplanned.due() for _ in range(2)] == [[soon], []]
