"""Handing an incident over: to whom, with a word for them that no reader sees."""

from unittest.mock import ANY

from .conftest import Run
from .house import House
from .views import an_outage, carried_out

SENT, STATE, INCIDENT = "POST /v1/events", "GET /v1/events/*", "GET /v1/outages/INC-7"


def test_a_hand_over_names_to_whom_and_asks_nobody(house: House, run: Run) -> None:
    house.says(SENT, (202, {"event_id": "e1"}))
    house.says(STATE, carried_out(verdict="revised", revision=4, reason="dana is a responder too"))
    house.says(INCIDENT, an_outage(revision=3))

    ran = run("incident", "hand-over", "7", "--to", "dana", "--note", "I am off now.")

    said = {"act": "hand_over", "about": "INC-7", "communicator": "dana", "note": "I am off now.", "from_revision": 3}
    assert house.asked(SENT)[0].json == {"event_id": ANY, **said}
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("INC-7 ") and ran.out.endswith("(revision 4): dana is a responder too.\n")


def test_a_hand_over_to_nobody_is_not_sent(house: House, run: Run) -> None:
    ran = run("incident", "hand-over", "7")

    assert (ran.code, house.asked(SENT)) == (2, [])
    assert "--to" in ran.err
