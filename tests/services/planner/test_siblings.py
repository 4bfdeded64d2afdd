"""W10 on a real record: by a sibling whoever it newly touches reads first words, and nobody else anything."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.planner.compose import Composer
from tests.services.planner.desks import POLICY, Office, an_incident, office
from tests.services.planner.failing import answered, places
from tests.services.planner.test_adoption import leaves


@pytest.fixture
def desk(database: str, composer: Composer) -> Iterator[Office]:
    """Hanna and owen use card payments, kenji mail; both need the network. Of `native` customers hear at once."""
    with office(database, composer, POLICY) as here:
        here.run("insert into component (key, public_name) values ('mail', 'mail')")
        here.run("insert into dependency (component_key, needs) values ('card-payments', 'net'), ('mail', 'net')")
        here.run(
            "update stake set account_id = null, component_id = (select id from component where key = 'mail')"
            " where subscriber_id = (select id from subscriber where key = 'kenji')"
        )
        yield here


def fires(desk: Office, by: str = "native", **changes: Any) -> int:
    return desk.says(by, source=by, **an_incident(**changes))


def sibling(desk: Office, by: str = "native", **changes: Any) -> int:
    return fires(desk, by, key="k2", components=["mail"], **changes)


def test_whoever_a_sibling_newly_touches_is_told_first_words_and_nobody_else_anything(desk: Office) -> None:
    desk.settle(fires(desk))

    desk.settle(sibling(desk))

    assert [(occasion, people) for occasion, _, people in desk.told()] == [("first", 2), ("first", 1)]
    assert places(desk, "first", "email") == {"kenji": "a"}
    assert [occasion for occasion, _, _ in desk.told("inside")] == ["first"]


@pytest.mark.slow
def test_a_sibling_while_the_first_is_in_the_air_waits_for_it_and_stops_nobody(desk: Office) -> None:
    outage = fires(desk)
    for _ in range(3):
        desk.run("update notice_channel set not_before = clock_timestamp()")
        desk.run(
            "update batch set outcomes = translate(outcomes, '.', 'a') where window_id in (select w.id from"
            " notice_window w join notice n on n.id = w.notice_id where n.side = 'inside')"
        )
        desk.plans.plan(outage)
        desk.freeze()
    sibling(desk)
    before = places(desk, "first", "email")

    answered(desk, outage)
    desk.settle(outage)

    assert before == {}
    assert desk.rows("select from stop") == []
    assert places(desk, "first", "email") == {"kenji": "a"}


@pytest.mark.slow
def test_a_sibling_of_what_is_held_is_told_with_it_when_a_person_releases_it(desk: Office) -> None:
    desk.settle(fires(desk, "probe"))
    desk.settle(sibling(desk, "probe"))

    desk.settle(desk.says("dana", act="release", about="INC-1"))

    assert places(desk, "first", "email") == dict.fromkeys(("hanna", "kenji", "owen"), "a")


def test_news_that_waits_is_not_replaced_by_what_a_sibling_brings(desk: Office) -> None:
    desk.settle(fires(desk))
    desk.run("insert into pause (reason, author, at) values ('a test', 'olga', forewarn_now())")
    desk.says("dana", about="INC-1", cause="A full disk.")
    sibling(desk)
    desk.run("update pause set lifted_at = forewarn_now()")

    desk.settle(1)

    assert places(desk, "update", "email") == dict.fromkeys(("hanna", "kenji", "owen"), "a")
    assert [occasion for occasion, _, _ in desk.told()] == ["first", "update"]


def test_the_next_update_reaches_all_and_keeps_every_promise(desk: Office) -> None:
    desk.settle(fires(desk))
    desk.settle(sibling(desk))

    desk.settle(desk.says("dana", about="INC-1", cause="A full disk."))

    assert places(desk, "update", "email") == dict.fromkeys(("hanna", "kenji", "owen"), "a")
    states = desk.rows("select p.state from promise p join notice n on n.id = p.notice_id where n.occasion = 'first'")
    assert {row["state"] for row in states} == {"kept"}


def test_a_sibling_that_touches_nobody_new_leaves_everybody_in_peace(desk: Office) -> None:
    leaves(desk, "kenji")
    desk.settle(fires(desk))

    desk.settle(sibling(desk))

    assert [occasion for occasion, _, _ in desk.told()] == ["first"]
    assert [notice["occasion"] for notice in desk.get("/v1/outages/INC-1")["notices"]] == ["first", "first"]


def test_the_timeline_says_that_a_sibling_joined(desk: Office) -> None:
    desk.settle(fires(desk))
    desk.settle(sibling(desk))

    entry = desk.get("/v1/outages/INC-1")["timeline"][-1]

    assert entry["what"].startswith("a sibling joined") and "mail down" in entry["what"]
    assert entry["told"] and entry["act"] == "join"
