"""What accounts ask of planned work may change while it waits, and is another thing on each channel."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from forewarn.contracts.policy import Policy
from services.planner.compose import Composer
from services.planner.unplanned import Unplanned
from tests.services.planner.desks import POLICY, Office, office
from tests.services.planner.test_agenda import a_plan
from tests.services.planner.test_terms import EVERYBODY, readers
from tests.services.planner.test_upkeep_told import it_is, says

DAY = timedelta(days=1)
START = datetime(2027, 3, 10, 10, tzinfo=UTC)  # a Wednesday


def a_work(**facts: Any) -> dict[str, Any]:
    return a_plan(window={"start": START.isoformat(), "end": (START + timedelta(hours=2)).isoformat()}, **facts)


def tick(desk: Office) -> list[int]:
    """What the clock alone would plan for the sake of rungs, and it does."""
    found = list(Unplanned(desk.planner, 5, 60).due())
    for outage in found:
        desk.settle(outage)
    return found


def minimum(desk: Office, key: str, lead: str | None) -> None:
    desk.run("update account set minimum_notice = %s where key = %s", lead, key)


def test_t8_a_minimum_that_is_imported_while_rungs_wait_is_kept_by_the_clock(nordwind: Office) -> None:
    minimum(nordwind, "bergwerk", None)
    it_is(nordwind, START - 60 * DAY)
    nordwind.settle(nordwind.says("dana", **a_work()))
    minimum(nordwind, "bergwerk", "20bd")  # the import, 60 days before

    for day in range(60, 8, -1):  # up to the day before everybody's first reminder
        it_is(nordwind, START - day * DAY)
        tick(nordwind)

    assert readers(nordwind) == [("reminder", ["owen"])]


def test_t11_a_country_that_is_imported_while_rungs_wait_moves_them_by_the_clock(nordwind: Office) -> None:
    start = datetime(2027, 7, 9, 12, tzinfo=UTC)  # the American holiday of the 4th is kept on Monday the 5th
    plan = a_plan(window={"start": start.isoformat(), "end": (start + timedelta(hours=2)).isoformat()})
    it_is(nordwind, start - 20 * DAY)
    minimum(nordwind, "bergwerk", None)
    nordwind.settle(nordwind.says("dana", **plan, country="DE"))
    nordwind.run("update account set country = 'US' where key = 'fjord'")  # so the moment is July 1st, not the 2nd

    it_is(nordwind, datetime(2027, 7, 1, 12, tzinfo=UTC))
    tick(nordwind)

    assert readers(nordwind) == [("reminder", EVERYBODY)]


def test_t8_work_that_becomes_action_required_is_told_to_all_though_one_account_heard_at_that_lead(
    nordwind: Office,
) -> None:
    it_is(nordwind, START - 60 * DAY)
    outage = nordwind.says("dana", **a_work())
    nordwind.settle(outage)
    it_is(nordwind, START - 27 * DAY)
    nordwind.settle(outage)
    assert readers(nordwind) == [("reminder", ["owen"])]

    it_is(nordwind, START - 26 * DAY)
    nordwind.settle(says(nordwind, notice_class="action_required"))

    assert EVERYBODY in [people for _, people in readers(nordwind)], "20 business days are owed to all of them"


@pytest.mark.parametrize(
    "change",
    [
        "select 1",
        "update account set minimum_notice = null where key = 'bergwerk'",
        "update account set minimum_notice = '15bd' where key = 'bergwerk'",
        "delete from uses where account_id = (select id from account where key = 'bergwerk')",
    ],
    ids=["nothing", "none", "another", "left"],
)
def test_t13_a_promise_to_an_account_is_kept_whatever_its_minimum_is_by_then(nordwind: Office, change: str) -> None:
    it_is(nordwind, START - 60 * DAY)
    at = START - 25 * DAY
    outage = nordwind.says("dana", **a_work(next_update_at=at.isoformat()))
    nordwind.settle(outage)
    it_is(nordwind, START - 27 * DAY)
    nordwind.settle(outage)
    assert readers(nordwind) == [("reminder", ["owen"])]
    nordwind.run(change)

    it_is(nordwind, at - timedelta(minutes=1))
    nordwind.settle(outage)
    it_is(nordwind, at + timedelta(minutes=2))
    nordwind.settle(outage)

    kept = nordwind.rows("select state, cause from promise where side = 'outside' order by due_at limit 1")
    assert (readers(nordwind)[1:2], kept) == ([("holding", ["owen"])], [{"state": "kept", "cause": None}])


def test_t8_news_reaches_all_that_a_slow_channel_told_though_a_fast_one_told_one_account_only(
    database: str, composer: Composer
) -> None:
    policy = Policy.model_validate(
        POLICY.model_dump() | {"delivery": {"email_per_second": 1000, "webhook_per_second": 1}}
    )
    with office(database, composer, policy) as desk:
        desk.run("insert into account (key, name, tier, minimum_notice) values ('bergwerk', 'B', 'free', '20bd')")
        desk.run("insert into uses select a.id, c.id from account a, component c where a.key = 'bergwerk'")
        desk.run(
            "update stake set account_id = (select id from account where key = 'bergwerk')"
            " where subscriber_id = (select id from subscriber where key = 'owen')"
        )
        desk.run(
            "with s as (insert into subscriber (key, name, zone_id, token) select 'c' || n, 'c', z.id, 'c' || n"
            "  from generate_series(1, 300) n, zone z returning id),"
            " a as (insert into address (subscriber_id, channel, address)"
            "  select id, 'email', id || '@n.example' from s)"
            " insert into stake (subscriber_id, role, account_id) select s.id, 'customer', a.id"
            "  from s, account a where a.key = 'nordwind'"
        )
        desk.endpoint("hanna", "kenji", "owen")
        it_is(desk, START - 60 * DAY)
        outage = desk.says("dana", **a_work())
        desk.settle(outage)
        it_is(desk, START - 27 * DAY)
        desk.settle(outage)
        it_is(desk, START - 7 * DAY - timedelta(minutes=3))
        desk.settle(outage)  # by webhook everybody hears; by mail their turn comes in two minutes
        before = desk.told()

        desk.settle(says(desk, benefit="Another benefit, and another thing to know."))

        assert before == [("reminder", "email", 1), ("reminder", "webhook", 1), ("reminder", "webhook", 3)]
        assert ("reminder", "webhook", 3) in desk.told()[len(before) :]


def test_w10_an_account_is_not_reminded_for_the_sake_of_the_minimums_of_others(nordwind: Office) -> None:
    for n in range(21, 31):
        nordwind.run("insert into account (key, name, minimum_notice) values (%s, 'x', %s)", f"x{n}", f"{n}bd")
        nordwind.run("insert into uses select a.id, c.id from account a, component c where a.key = %s", f"x{n}")
    minimum(nordwind, "bergwerk", "30bd")
    it_is(nordwind, START - 60 * DAY)
    nordwind.settle(nordwind.says("dana", **a_work()))

    for day in range(60, 8, -1):
        it_is(nordwind, START - day * DAY + timedelta(minutes=1))
        tick(nordwind)

    assert readers(nordwind) == [("reminder", ["owen"])]


@pytest.mark.parametrize("lead", ["20bd", None], ids=["an account alone", "everybody"])
def test_t13_a_promise_that_was_read_on_waking_is_kept_by_the_holding_notice(
    nordwind: Office, lead: str | None
) -> None:
    minimum(nordwind, "bergwerk", lead)
    nordwind.run("update address set quiet_from = '00:00', quiet_to = '23:59'")
    told_at = START - (27 if lead else 6) * DAY
    at = told_at + 2 * DAY
    it_is(nordwind, START - 60 * DAY)
    outage = nordwind.says("dana", **a_work(next_update_at=at.isoformat()))
    nordwind.settle(outage)
    it_is(nordwind, told_at)
    nordwind.settle(outage)
    it_is(nordwind, told_at + DAY)
    nordwind.run("update address set quiet_from = null, quiet_to = null")
    nordwind.settle(outage)

    it_is(nordwind, at - timedelta(minutes=1))
    nordwind.settle(outage)
    it_is(nordwind, at + timedelta(minutes=2))
    nordwind.settle(outage)

    kept = nordwind.rows(
        "select n.occasion, p.state, p.cause from promise p join notice n on n.id = p.notice_id"
        " where p.side = 'outside' order by n.serial"
    )
    assert [occasion for occasion, _ in readers(nordwind)] == ["reminder", "wake", "holding"]
    assert {row["state"] for row in kept} <= {"kept", "moot"}
