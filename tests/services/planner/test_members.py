"""Every way of finding people finds the same people, and ranks without anybody are passed over."""

from collections.abc import Iterator

import pytest

from forewarn.contracts.policy import Policy
from forewarn.subscriber import Side
from services.planner.estimate import Estimates
from services.planner.strides import Way
from tests.services.planner.people import People, people


@pytest.fixture
def record(database: str) -> Iterator[People]:
    with people(database) as here:
        yield here


def customer_of(record: People, key: str, tier: str | None, uses: str = "pay") -> None:
    """Somebody with a stake in an account of this tier, and in nothing else."""
    record.person(key)
    record.run("delete from stake where subscriber_id = (select id from subscriber where key = %s)", key)
    record.run("insert into account (key, name, tier) values (%s, %s, %s)", key, key, tier)
    record.run(
        "insert into uses select a.id, c.id from account a, component c where a.key = %s and c.key = %s", key, uses
    )
    record.run(
        "insert into stake (subscriber_id, role, account_id)"
        " select s.id, 'customer', a.id from subscriber s, account a where s.key = %s and a.key = %s",
        *(key, key),
    )


def everybody(record: People) -> None:
    for key, tier in (("ent", "enterprise"), ("free", "free"), ("none", None)):
        customer_of(record, key, tier)
    customer_of(record, "other", "free", uses="mail")
    record.person("direct")
    record.person("all")
    record.run(
        "update stake set component_id = null where subscriber_id = (select id from subscriber where key = 'all')"
    )
    record.person("team")
    record.run("update component set owner = 'payers' where key = 'pay'")
    record.run(
        "update stake set component_id = null, team = 'payers'"
        " where subscriber_id = (select id from subscriber where key = 'team')"
    )
    record.person("colleague", inside=True)
    record.person("gone")


@pytest.mark.parametrize("way", [way for way in Way if way is not Way.MOVED])
@pytest.mark.parametrize("occasion", ["first", "update", "correction"])
def test_every_way_finds_the_same_people(record: People, way: Way, occasion: str) -> None:
    everybody(record)
    record.tell("before")
    record.leaves("gone")
    customer_of(record, "late", "business")
    window = record.notice("news", occasion)
    record.run("update notice_window set way = %s where id = %s", way, window)

    record.freeze(window)

    told = {"ent", "free", "none", "direct", "all", "team", "gone"}
    assert record.letters("news").keys() == {"first": {"late"}, "update": told | {"late"}, "correction": told}[occasion]


@pytest.mark.parametrize("way", [way for way in Way if way is not Way.MOVED])
def test_a_window_takes_in_the_ranks_up_to_its_own(record: People, way: Way) -> None:
    everybody(record)
    record.notice("first")
    early = record.window("first", 0)
    record.run("update notice_window set way = %s where id = %s", way, early)

    record.freeze(early)

    assert record.letters("first") == {"ent": "."}


def test_a_sample_of_a_small_directory_knows_every_rank(record: People) -> None:
    everybody(record)
    with record.planner.begin() as connection:
        size = Estimates(connection.execute, Policy()).exposed(Side.OUTSIDE, ["pay"])

    assert size is not None
    assert {rank for rank, share in size.shares.items() if share} == {0, 2, 3}
    assert set(size.shares) == {0, 2, 3}


def test_a_rank_after_all_that_were_met_gets_no_window_of_customers_but_one_of_colleagues(record: People) -> None:
    customer_of(record, "ent", "enterprise")
    record.person("colleague", inside=True)
    with record.planner.begin() as connection:
        outside, inside = (
            Estimates(connection.execute, Policy()).exposed(side, ["pay"]) for side in (Side.OUTSIDE, Side.INSIDE)
        )

    assert outside is not None and inside is not None
    assert (set(outside.shares), set(inside.shares)) == ({0}, {0, 1})


def test_a_sample_that_meets_nobody_keeps_the_order_of_ranks(record: People) -> None:
    customer_of(record, "elsewhere", None, uses="mail")
    record.run("insert into account (key, name, tier) values ('ent', 'ent', 'enterprise')")
    record.run("insert into uses select a.id, c.id from account a, component c where a.key = 'ent' and c.key = 'pay'")
    with record.planner.begin() as connection:
        size = Estimates(connection.execute, Policy()).exposed(Side.OUTSIDE, ["pay"])

    assert size is not None and size.shares == {0: 0.0}


def test_the_next_rank_that_has_windows_leaves_when_a_rank_is_published(record: People) -> None:
    record.person("hanna")
    last = record.notice("first")
    early = record.window("first", 0)
    record.freeze(early)

    due = record.windows.published(early)

    assert [window.window_id for window in due] == [last]


def test_a_recipients_strings_are_escaped(record: People) -> None:
    record.person("hanna", address='"h\\a"@acme.example')
    record.run("update subscriber set name = E'Hanna \"the\\\\\\n\u2028' where key = 'hanna'")

    (body,) = record.freeze(record.notice("first")).bodies

    assert '"Hanna \\"the\\\\\\n' in body.json and '"\\"h\\\\a\\"@acme.example"' in body.json


def with_a_minimum(record: People, key: str, minimum: str, uses: str = "pay") -> None:
    customer_of(record, key, "free", uses)
    record.run("update account set minimum_notice = %s where key = %s", minimum, key)


@pytest.mark.parametrize("way", [way for way in Way if way is not Way.MOVED])
@pytest.mark.parametrize("told", [True, False])
def test_t8_a_reminder_for_a_minimum_finds_its_accounts_and_nobody_else(record: People, way: Way, told: bool) -> None:
    everybody(record)
    for key, minimum in (("long", "40bd"), ("own", "20bd"), ("short", "10bd")):
        with_a_minimum(record, key, minimum)
    with_a_minimum(record, "elsewhere", "20bd", uses="mail")
    if told:
        record.tell("before")
    window = record.notice("narrow", "reminder", minimums=("20bd", "40bd"))
    record.run("update notice_window set way = %s where id = %s", way, window)

    record.freeze(window)

    assert record.letters("narrow").keys() == {"long", "own"}


def test_t8_the_size_of_a_reminder_for_a_minimum_is_that_of_its_accounts(record: People) -> None:
    everybody(record)
    with_a_minimum(record, "own", "20bd")

    with record.planner.begin() as connection:
        estimates = Estimates(connection.execute, Policy())
        of_all, of_some = (estimates.exposed(Side.OUTSIDE, ["pay"], minimums) for minimums in (None, ["20bd"]))

    assert of_all and of_some and sum(of_some.shares.values()) < sum(of_all.shares.values()) / 5
