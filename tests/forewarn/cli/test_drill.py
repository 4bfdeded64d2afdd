"""Drills."""

from unittest.mock import ANY

import pytest

from .conftest import Run
from .house import House
from .views import a_notice, a_sum, an_outage, carried_out

SENT, STATE, INCIDENT = "POST /v1/events", "GET /v1/events/*", "GET /v1/outages/INC-7"
REST = {"not_a_guest": 806}


@pytest.fixture
def desk(house: House) -> House:
    first = a_notice(sum=a_sum(809, 3, suppressed=806, reasons=REST))
    last = a_notice(occasion="resolved", revision=2, sum=a_sum(809, 3, suppressed=806, reasons=REST))
    house.says(SENT, (202, {"event_id": "e1"}))
    house.says(STATE, carried_out(), carried_out(verdict="revised", revision=2))
    house.says(INCIDENT, an_outage(notices=[first]), an_outage(notices=[first, last]))
    return house


def test_a_drill_opens_and_resolves_a_test_and_sums_both(desk: House, run: Run) -> None:
    ran = run("drill", "--component", "api", "--impact", "down", "--yes")

    opened, resolved = (heard.json for heard in desk.asked(SENT))
    assert opened == {"event_id": ANY, "key": ANY, "components": ["api"], "impact": "down", "test": True}
    said = {"about": "INC-7", "status": "resolved", "test": True, "from_revision": 1}
    assert resolved == {"event_id": ANY, **said}
    assert (ran.code, "They are told twice" in ran.err) == (0, True)
    assert ran.out == (
        "INC-7 opened: 3 let out, 806 not_a_guest, 809 planned.\n"
        "INC-7 resolved: 3 let out, 806 not_a_guest, 809 planned.\n"
    )


def test_a_drill_as_json_is_one_document(desk: House, run: Run) -> None:
    ran = run("drill", "--component", "api", "--yes", "--json")

    assert (ran.json["outage"], ran.json["opened"]["reasons"], ran.err) == ("INC-7", REST, "")


def test_a_drill_that_does_not_open_is_not_resolved(desk: House, run: Run) -> None:
    desk.says(STATE, {"event_id": "e1", "state": "failed", "reason": "no component api"})

    ran = run("drill", "--component", "api", "--yes")

    assert (ran.code, "no component api" in ran.err, len(desk.asked(SENT))) == (1, True, 1)


def test_a_drill_cut_short_names_the_incident_that_may_be_open(desk: House, run: Run) -> None:
    desk.says(SENT, (202, {"event_id": "e1"}), (403, {"reason": "no more"}))

    ran = run("drill", "--component", "api", "--yes")

    assert (ran.code, "forewarn incident resolve INC-7 --yes" in ran.err) == (1, True)
