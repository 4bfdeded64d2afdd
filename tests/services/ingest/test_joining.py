"""W10 in the record: a merge and a split move signals and leave a revision on both sides, or nothing at all."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from forewarn.contracts.policy import Policy
from forewarn.runtime.postgres import Database
from tests.services.ingest.test_acts import House, moment
from tests.support.home import an_alert
from tests.support.reports import after

MERGE = {"act": "merge", "about": "INC-2", "into": "INC-1"}


@pytest.fixture
def record(database: str) -> Iterator[Database]:
    opened = Database(database, "forewarn_ingest", "sandbox", 4)
    opened.open()
    yield opened
    opened.close()


@pytest.fixture
def house(record: Database) -> House:
    here = House(record, Policy())
    here.rows("insert into component (key) values ('payouts') returning key")
    here.machine(0)
    here.machine(1, key="payouts", components=["payouts"])
    return here


def dana(house: House, at: float, **said: Any) -> Any:
    return house.dana(at, said.pop("act", "report"), **said)


def signals(house: House) -> dict[str, int]:
    rows = house.rows("select s.key, o.number from signal s join outage o on o.id = s.outage_id order by 1")
    return {row["key"]: row["number"] for row in rows}


def revisions(house: House) -> list[tuple[int, int, str, bool, str | None]]:
    rows = house.rows(
        "select o.number, r.revision, r.act, r.newsworthy, r.other from revision r join outage o on o.id = r.outage_id"
        " where r.act <> 'report' order by o.number, r.revision"
    )
    return [(r["number"], r["revision"], r["act"], r["newsworthy"], r["other"]) for r in rows]


def test_a_merge_is_on_record_on_both_sides_and_both_are_planned(house: House) -> None:
    taken = dana(house, 2, **MERGE)

    assert (len(taken.outages), taken.verdicts) == (2, ("revised",))
    assert revisions(house) == [(1, 2, "merge", True, "INC-2"), (2, 2, "merge", False, "INC-1")]
    assert house.rows("select number, merged_into, closed_at from outage order by 1") == [
        {"number": 1, "merged_into": None, "closed_at": None},
        {"number": 2, "merged_into": 1, "closed_at": after(2)},
    ]
    assert signals(house) == {"checkout": 1, "payouts": 1}


def test_a_merge_delivered_again_is_carried_out_once_and_plans_both(house: House) -> None:
    first = dana(house, 2, **MERGE)

    again = dana(house, 2, **MERGE)

    assert again.verdicts == ("redelivered",)
    assert set(again.outages) == set(first.outages)


def test_further_events_of_its_signals_are_of_what_it_is_part_of(house: House) -> None:
    dana(house, 2, **MERGE)

    house.machine(3, key="payouts", components=["payouts"], severity="critical")

    assert house.rows("select number, revision from outage order by 1") == [
        {"number": 1, "revision": 3},
        {"number": 2, "revision": 2},
    ]


def test_further_alerts_of_its_group_are_of_what_it_is_part_of(house: House) -> None:
    house.alerts(2, an_alert(fingerprint="a1", startsAt=moment(2)))
    dana(house, 3, act="merge", about="INC-3", into="INC-1")

    house.alerts(4, an_alert(fingerprint="a2", startsAt=moment(4)))

    assert signals(house) == {"a1": 1, "a2": 1, "checkout": 1, "payouts": 2}


def test_what_was_merged_into_the_merged_one_goes_with_it(house: House) -> None:
    house.machine(1.5, key="third")
    dana(house, 2, **MERGE)

    dana(house, 3, act="merge", about="INC-1", into="INC-3")

    assert house.rows("select number, merged_into from outage order by 1") == [
        {"number": 1, "merged_into": 3},
        {"number": 2, "merged_into": 3},
        {"number": 3, "merged_into": None},
    ]
    assert set(signals(house).values()) == {3}


def test_an_act_on_what_was_merged_is_kept_as_failed_and_names_what_it_is_part_of(house: House) -> None:
    dana(house, 2, **MERGE)

    taken = dana(house, 3, about="INC-2", status="resolved")

    assert taken.failed == "INC-2 was merged into INC-1; speak of that one"
    assert house.rows("select revision from outage where number = 2") == [{"revision": 2}]


def test_a_split_is_on_record_on_both_sides_with_the_signals_that_went(house: House) -> None:
    dana(house, 2, **MERGE)

    taken = dana(house, 3, act="split", components=["payouts"])

    assert (len(taken.outages), taken.verdicts) == (2, ("opened",))
    assert revisions(house)[1:] == [
        (1, 3, "split", False, "INC-3"),
        (2, 2, "merge", False, "INC-1"),
        (3, 1, "split", True, "INC-1"),
    ]
    assert signals(house) == {"checkout": 1, "payouts": 3, "dana at 3": 3}
    assert house.rows("select outage_id from event where act = 'split'") == house.rows(
        "select id as outage_id from outage where number = 3"
    )


def test_two_who_merge_the_same_two_each_into_the_other_leave_one_open(house: House) -> None:
    with ThreadPoolExecutor(2) as both:
        one = both.submit(dana, house, 2, **MERGE)
        other = both.submit(dana, house, 2.5, act="merge", about="INC-1", into="INC-2")
        taken = [one.result(), other.result()]

    assert sorted(each.failed is None for each in taken) == [False, True]
    assert len(house.rows("select from outage where closed_at is null")) == 1
    assert len(set(signals(house).values())) == 1


def test_no_word_of_a_machine_is_lost_while_its_incident_is_merged(house: House) -> None:
    with ThreadPoolExecutor(4) as several:
        words = [
            several.submit(house.machine, 2 + n / 10, key=f"new-{n}" if n % 2 else "payouts", components=["payouts"])
            for n in range(8)
        ]
        merged = several.submit(dana, house, 4, **MERGE)
        taken = [each.result() for each in (*words, merged)]

    assert [each.failed for each in taken] == [None] * 9
    assert signals(house)["payouts"] == 1
    assert house.rows("select from signal s join outage o on o.id = s.outage_id where o.merged_into is not null") == []
