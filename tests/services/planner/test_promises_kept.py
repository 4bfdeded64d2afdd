"""Promises of a channel that is slow or busy: only what can be kept is promised, and holding notices leave in time."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

import pytest

from forewarn.contracts.policy import Policy
from forewarn.runtime.postgres import Connection
from services.planner.book import OpenPage
from services.planner.compose import Composer
from services.planner.estimate import SQL
from services.planner.owed import PROMISES
from services.planner.plan import Planner
from services.planner.promises import lead_parameters
from tests.services.planner.desks import POLICY, Office, an_incident, office

HELD_UP = 20 * 60
"""So many people, at one a second."""


@pytest.fixture
def desk(database: str, composer: Composer) -> Iterator[Office]:
    """By mail one is told a second, by webhook 200."""
    policy = Policy.model_validate(POLICY.model_dump() | {"delivery": {"email_per_second": 1}})
    with office(database, composer, policy) as here:
        yield here


def busy(desk: Office, people: int = HELD_UP, lane: str = "urgent") -> None:
    """A notice of another outage is in the air, and nobody of it has been called by mail."""
    desk.run(
        "insert into outage (kind, number, source, revision, by_person, test, opened_at, observed, stated)"
        " values ('incident', 99, 'people', 1, true, false, clock_timestamp(), '{}', '{}')"
    )
    desk.run("insert into plan (outage_id, planned_revision) select id, 1 from outage where number = 99")
    desk.run(
        "insert into notice (id, outage_id, side, occasion, slot, lane, made_at, policy_hash, mode, test)"
        " select 'other', id, 'outside', 'first', '1', %s, clock_timestamp(), '', 'sandbox', false"
        " from outage where number = 99",
        lane,
    )
    desk.run(
        "insert into notice_channel (notice_id, channel, state, released_at)"
        " values ('other', 'email', 'released', clock_timestamp())"
    )
    desk.run(
        "with c as (insert into content (notice_id, channel, voice, locale, told, body)"
        "  values ('other', 'email', 'customer', 'en', false, '{}') returning id),"
        " w as (insert into notice_window (notice_id, channel, rank, lo, hi, expanded_at, published_at, again_at)"
        "  values ('other', 'email', 0, 1, 9, clock_timestamp(), clock_timestamp(), clock_timestamp()) returning id)"
        " insert into batch (window_id, content_id, lane, ids, outcomes, epoch, again_at)"
        " select w.id, c.id, %s, array(select generate_series(1, %s)), repeat('.', %s), 'e1', clock_timestamp()"
        " from w, c",
        *(lane, people, people),
    )


def in_minutes(desk: Office, minutes: float) -> datetime:
    now: datetime = desk.rows("select forewarn_now() as now")[0]["now"]
    return (now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)


def promised(desk: Office, side: str = "outside") -> dict[str, datetime]:
    return {row["channel"]: row["due_at"] for row in desk.rows("select * from promise where side = %s", side)}


def owed(desk: Office) -> list[int]:
    """Outages that a clock would plan for the sake of a promise."""
    with desk.planner.begin() as connection:
        lead = lead_parameters(timedelta(seconds=3), desk.policy.delivery)
        return [row["outage_id"] for row in connection.execute(PROMISES, lead).fetchall()]


def holdings(desk: Office, side: str = "outside") -> int:
    return [notice["occasion"] for notice in desk.notices(side)].count("holding")


def told_long_ago(desk: Office, due_in: float = 30) -> int:
    """An incident of which all were told an hour ago; the next update is due in so many minutes."""
    outage = desk.says("dana", **an_incident())
    desk.settle(outage)
    desk.run("update notice_channel set released_at = released_at - interval '1 h' where released_at is not null")
    desk.run("update promise set due_at = forewarn_now() + %s * interval '1 min'", due_in)
    return outage


# -- what is promised ------------------------------------------------------------------------------------


def test_t13_a_time_that_a_person_named_is_promised_where_the_channel_can_keep_it(desk: Office) -> None:
    desk.endpoint("hanna")
    busy(desk)
    at = in_minutes(desk, 10)
    incident = an_incident(next_update_at=at.isoformat())

    shown = desk.post("/v1/preview", incident)["notices"]
    desk.settle(desk.says("dana", **incident))

    due, later = promised(desk), in_minutes(desk, 2 * HELD_UP / 60)
    assert due["webhook"] == at
    assert later <= due["email"] < later + timedelta(minutes=3)
    said = {n["channel"]: n for n in shown if n["side"] == "outside"}
    assert (said["webhook"]["promised_at"], said["webhook"]["too_near"]) == (read(at), None)
    assert said["email"]["too_near"] == read(at)
    assert said["email"]["promised_at"] in (read(due["email"]), read(due["email"] - timedelta(minutes=1)))


def test_t13_what_would_be_promised_for_later_than_four_hours_is_no_time_and_the_person_sees_it(desk: Office) -> None:
    busy(desk, 3 * 3600)
    at = in_minutes(desk, 10)

    shown = desk.post("/v1/preview", an_incident(next_update_at=at.isoformat()))["notices"]
    desk.settle(desk.says("dana", **an_incident(next_update_at=at.isoformat())))

    assert promised(desk) == {}
    assert {(n["promised_at"], n["too_near"]) for n in shown if n["channel"] == "email"} == {(None, read(at))}


def test_t13_colleagues_are_promised_what_can_be_kept_behind_the_customers_who_are_told_with_them(
    desk: Office,
) -> None:
    desk.run(
        "with s as (insert into subscriber (key, name, zone_id, token) select 'c' || n, 'c', z.id, 'c' || n"
        "  from generate_series(1, 300) n, zone z returning id),"
        " a as (insert into address (subscriber_id, channel, address) select id, 'email', id || '@n.example' from s)"
        " insert into stake (subscriber_id, role, account_id) select s.id, 'customer', a.id from s, account a"
    )
    soon = an_incident(next_update_at=in_minutes(desk, 4).isoformat())

    desk.says("dana", **soon)
    desk.says("probe", **soon | {"key": "k2"})  # of which customers hear when a person releases it

    open_to_all, held = (
        row["due_at"] for row in desk.rows("select due_at from promise where side = 'inside' order by outage_id")
    )
    assert open_to_all >= in_minutes(desk, 9)
    assert held <= in_minutes(desk, 5)


def read(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


# -- when it is kept -------------------------------------------------------------------------------------


def test_t13_a_holding_notice_leaves_earlier_behind_urgent_notices_of_others(desk: Office) -> None:
    outage = told_long_ago(desk)
    idle = owed(desk)
    busy(desk, 30 * 60)

    found = owed(desk)
    desk.plans.plan(outage)

    assert (idle, found) == ([], [outage])
    assert (holdings(desk, "inside"), holdings(desk)) == (1, 1)


@pytest.mark.parametrize(
    "change",
    [
        "update promise set due_at = forewarn_now() + interval '61 min'",
        "insert into pause (outage_id, author, reason, at)"
        " select outage_id, 'rita', 'a test', clock_timestamp() from notice where id = 'other'",
        "insert into stop (notice_id, channel, reason) values ('other', 'email', 'superseded')",
        "update batch set first_at = clock_timestamp() where outcomes ~ '^[.]'",
        "update notice set lane = 'bulk' where id = 'other'",
    ],
    ids=["its first half", "is paused", "is stopped", "has been called", "goes after it"],
)
def test_t13_no_holding_notice_leaves_early_in_the_first_half_or_for_what_is_not_before_it(
    desk: Office, change: str
) -> None:
    told_long_ago(desk)
    busy(desk, 40 * 60)
    before = owed(desk)

    desk.run(change)

    assert (len(before), owed(desk)) == (1, [])


def test_t13_whom_a_notice_still_in_the_air_is_for_counts_for_the_way_of_the_next(desk: Office) -> None:
    told_long_ago(desk, due_in=5)
    idle = owed(desk)

    desk.run(
        "update batch set ids = array(select generate_series(1, 600)), outcomes = repeat('a', 599) || '.'"
        " where window_id in (select w.id from notice_window w join notice n on n.id = w.notice_id"
        "  where n.side = 'outside')"
    )
    desk.run(
        "update notice_channel set state = 'released', planned = null, drained_at = null"
        " where notice_id in (select id from notice where side = 'outside')"
    )

    assert idle == []
    assert len(owed(desk)) == 1


# -- what it costs ---------------------------------------------------------------------------------------


class Counting:
    """A connection that counts how often the directory is sampled."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self.samples = connection, 0

    def execute(self, asked: Any, values: Any = None) -> Any:
        self.samples += asked == SQL["sample"]
        return self._connection.execute(asked, values)


def test_the_directory_is_sampled_once_a_side_for_all_that_a_plan_releases(desk: Office, composer: Composer) -> None:
    desk.endpoint("hanna", "mara")
    desk.run(
        "insert into outage (kind, number, source, revision, by_person, test, opened_at, observed, stated, release)"
        " values ('incident', 7, 'people', 1, true, false, forewarn_now(), '{}',"
        """ '{"status": "investigating", "components": {"card-payments": "down"}}', 'released')"""
    )
    outage = desk.rows("select id from outage")[0]["id"]

    with desk.planner.begin() as connection:
        counting = Counting(connection)
        page: Any = OpenPage(counting, outage, "sandbox", desk.policy)  # type: ignore[arg-type]
        Planner(lambda _: nullcontext(page), composer, desk.policy).plan(outage)

    released = desk.rows("select channel from notice_channel where state = 'released' order by channel")
    assert [row["channel"] for row in released] == ["email", "webhook"], "both of the inside"
    assert counting.samples == 2, "of the inside, and of the customers who are told with it"
