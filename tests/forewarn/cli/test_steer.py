"""Release, dismiss, take: what is sent, and what is said of it."""

from unittest.mock import ANY

import pytest

from .conftest import Run
from .house import House
from .views import an_outage, carried_out

SENT, STATE, INCIDENT = "POST /v1/events", "GET /v1/events/*", "GET /v1/outages/INC-7"


@pytest.fixture
def desk(house: House) -> House:
    house.says(SENT, (202, {"event_id": "e1"}))
    house.says(STATE, carried_out(verdict="revised", revision=4))
    house.says(INCIDENT, an_outage(revision=3))
    return house


def test_a_release_carries_the_facts_given_with_it(desk: House, run: Run) -> None:
    ran = run("incident", "release", "7", "--note", "We are on it.", "--yes")

    said = {"act": "release", "about": "INC-7", "note": "We are on it.", "from_revision": 3}
    assert desk.asked(SENT)[0].json == {"event_id": ANY, **said}
    assert ran.out == "INC-7 released: customers are told (revision 4).\n"


@pytest.mark.parametrize(("act", "words"), [("dismiss", "customers are not told"), ("take", "its communicator")])
def test_what_tells_nobody_asks_nobody(desk: House, run: Run, act: str, words: str) -> None:
    desk.says(INCIDENT, an_outage(revision=3, release="held"))

    ran = run("incident", act, "INC-7")

    assert desk.asked(SENT)[0].json == {"event_id": ANY, "act": act, "about": "INC-7", "from_revision": 3}
    assert (ran.code, words in ran.out, ran.err) == (0, True, "")


def test_what_customers_have_heard_is_taken_back_and_not_dismissed(desk: House, run: Run) -> None:
    ran = run("incident", "dismiss", "INC-7")

    assert ran.code == 1 and desk.asked(SENT) == []
    assert "forewarn incident withdraw INC-7" in ran.err


def test_a_machine_can_be_kept_from_customers_while_the_desk_is_away(desk: House, run: Run) -> None:
    desk.says(INCIDENT, (503, {"reason": "starting"}))

    run("incident", "dismiss", "INC-7")

    assert "from_revision" not in desk.asked(SENT)[0].json


def test_an_act_on_what_does_not_exist_is_not_sent(desk: House, run: Run) -> None:
    desk.says(INCIDENT, (404, {"reason": "no INC-7"}))

    assert (run("incident", "take", "INC-7").code, desk.asked(SENT)) == (1, [])
