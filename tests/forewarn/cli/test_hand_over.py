"""Handing an incident over: to whom, with a word for them that no reader sees."""

from collections.abc import Mapping
from unittest.mock import ANY

import pytest

from forewarn.contracts.api import PolicyView

from .conftest import Run
from .house import House
from .views import an_outage, carried_out

SENT, STATE, INCIDENT = "POST /v1/events", "GET /v1/events/*", "GET /v1/outages/INC-7"
POLICY = "GET /v1/policy"
REACH = {"communication": {"reach": {"ravi": ["json://127.0.0.1/"], "dana": ["json://127.0.0.1/"]}}}


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


def in_force(house: House, effective: Mapping[str, object]) -> None:
    house.says(POLICY, PolicyView(hash="h", differences={}, effective=dict(effective)))
    house.says(SENT, (202, {"event_id": "e1"}))
    house.says(STATE, carried_out(verdict="revised", revision=4))
    house.says(INCIDENT, an_outage(revision=3))


def test_a_hand_over_to_a_name_that_nobody_can_page_is_refused_with_those_that_can(house: House, run: Run) -> None:
    in_force(house, REACH)

    ran = run("incident", "hand-over", "7", "--to", "dnaa")

    assert (ran.code, ran.out, house.asked(SENT)) == (1, "", [])
    assert "nobody by the name of dnaa can be paged; these can: dana, ravi. " in ran.err
    assert "--anyway" in ran.err


@pytest.mark.parametrize(("effective", "arguments"), [(REACH, ["dnaa", "--anyway"]), (REACH, ["dana"]), ({}, ["dnaa"])])
def test_a_name_that_can_be_paged_or_is_meant_so_is_handed_it(
    house: House, run: Run, effective: Mapping[str, object], arguments: list[str]
) -> None:
    in_force(house, effective)

    ran = run("incident", "hand-over", "7", "--to", *arguments)

    assert (ran.code, ran.err) == (0, "")
    assert house.asked(SENT)[0].json["communicator"] == arguments[0]
    assert "anyway" not in house.asked(SENT)[0].json
