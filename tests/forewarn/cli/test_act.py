"""Acts on incidents: what is sent, and what is said of it."""

from datetime import timedelta
from typing import Any
from unittest.mock import ANY

import pytest

from forewarn.contracts.event import parse_event

from .conftest import Run
from .house import House
from .views import NOON, a_notice, a_preview, a_preview_notice, a_status, a_sum, an_outage, carried_out

SENT = "POST /v1/events"
STATE = "GET /v1/events/*"
TAKEN = (202, {"event_id": "e1"})
OPEN = ("incident", "open", "--component", "api", "--yes")


def sent(house: House) -> Any:
    (only,) = house.asked(SENT)
    return only.json


def test_opening_says_the_name_that_the_incident_got(house: House, run: Run) -> None:
    house.says(SENT, TAKEN)
    house.says(STATE, {"event_id": "e1", "state": "pending"}, carried_out())

    ran = run(*OPEN, "--impact", "down", "--symptoms", "Nothing loads.", "--test")

    assert (ran.code, ran.out) == (0, "INC-7 opened (revision 1).\n")
    assert sent(house) == {
        "event_id": ANY,
        "key": ANY,
        "components": ["api"],
        "impact": "down",
        "symptoms": "Nothing loads.",
        "test": True,
    }
    assert sent(house)["key"] == sent(house)["event_id"]
    assert house.asked(SENT)[0].headers["Authorization"] == "Bearer fw_right"


def test_t13_the_answer_says_where_readers_are_promised_another_time_than_was_named(house: House, run: Run) -> None:
    late = a_preview_notice(promised_at=NOON + timedelta(minutes=40), too_near=NOON)
    house.says("POST /v1/preview", a_preview(notices=[late]))
    house.says(SENT, TAKEN)
    house.says(STATE, carried_out())

    plain, document = run(*OPEN), run(*OPEN, "--json")

    assert "INC-7 opened (revision 1).\nemail needs until Mon 2 Mar 13:40 CET: its readers outside" in plain.out
    (said,) = document.json["postponed"]
    assert said in plain.out.replace("\n", " ")


def test_what_is_sent_is_an_event_of_the_contract(house: House, run: Run) -> None:
    house.says(SENT, TAKEN)
    house.says(STATE, carried_out())

    run(*OPEN, "--severity", "major", "--note", "Sorry.", "--signed-by", "Dana")

    assert parse_event(house.asked(SENT)[0].body).signed_by == "Dana"


@pytest.mark.parametrize("failure", [None, (503, {"reason": "the broker is away"})])
def test_a_network_retry_sends_the_same_event_id(house: House, run: Run, failure: Any) -> None:
    house.says(SENT, failure, TAKEN)
    house.says(STATE, carried_out())

    ran = run(*OPEN)

    first, second = house.asked(SENT)
    assert first.body == second.body
    assert ran.code == 0


def test_an_act_without_an_answer_can_be_repeated_under_its_id(house: House, run: Run) -> None:
    house.says(SENT, (503, {"reason": "the broker is away"}))

    ran = run(*OPEN)

    first, second = house.asked(SENT)
    assert f"--event-id {first.json['event_id']}" in ran.err and first.body == second.body
    assert ran.code == 1


def test_a_time_is_sent_in_utc_counted_from_the_systems_own_clock(house: House, run: Run) -> None:
    house.says("GET /v1/status", a_status(clock_factor=60))
    house.says(SENT, TAKEN)
    house.says(STATE, carried_out())

    run(*OPEN, "--next-update", "in 30m", "--expected-end", "15:30")

    assert sent(house)["next_update_at"] == "2026-03-02T12:30:00Z"
    assert sent(house)["expected_end"] == "2026-03-02T14:30:00Z"


def test_a_bad_time_sends_nothing(house: House, run: Run) -> None:
    house.says("GET /v1/status", a_status())

    ran = run(*OPEN, "--next-update", "soon")

    assert ran.err.startswith("forewarn: --next-update: 'soon' is not a time. Write it like")
    assert (ran.code, house.asked(SENT)) == (2, [])


def test_a_refused_event_is_told_with_its_reason(house: House, run: Run) -> None:
    house.says(SENT, TAKEN)
    house.says(STATE, {"event_id": "e1", "state": "failed", "reason": "INC-9 is not known"})

    ran = run("incident", "update", "9", "--note", "Still at it.", "--yes")

    assert sent(house)["about"] == "INC-9"
    assert (ran.code, ran.out.startswith("Not carried out: INC-9 is not known. Nobody was told.")) == (1, True)


def test_a_silent_desk_does_not_undo_what_the_door_took(house: House, run: Run) -> None:
    house.says(SENT, TAKEN)
    house.says(STATE, (403, {"reason": "a source may not read"}))

    ran = run(*OPEN)

    assert ran.code == 0
    assert "Taken, but not known yet" in ran.out and "forewarn event show" in ran.out


def test_resolving_is_an_update_with_a_status(house: House, run: Run) -> None:
    house.says(SENT, TAKEN)
    house.says(STATE, carried_out(verdict="revised", revision=4))

    ran = run("incident", "resolve", "inc-7", "--cause", "A full disk.", "--yes")

    said = {"about": "INC-7", "status": "resolved", "cause": "A full disk."}
    assert sent(house) == {"event_id": ANY, "from_revision": 3, **said}
    assert ran.out == "INC-7 updated (revision 4).\n"


def test_waiting_ends_when_everybody_is_accounted_for(house: House, run: Run) -> None:
    house.says(SENT, TAKEN)
    house.says(STATE, carried_out(verdict="revised", revision=2))
    done = a_notice(revision=2, sum=a_sum(9, 7, suppressed=2))
    house.says(
        "GET /v1/outages/INC-7",
        an_outage(notices=[a_notice(sum=a_sum(5, 5))]),
        an_outage(notices=[a_notice(), a_notice(state="waiting", revision=None, sum=a_sum(0, 0))]),
        an_outage(notices=[a_notice(), done]),
    )

    ran = run("incident", "update", "INC-7", "--note", "Better.", "--wait", "--yes")

    assert ran.out == "INC-7 updated (revision 2).\nTold so far: 7 of 9 (78 %).\n"
    assert len(house.asked("GET /v1/outages/INC-7")) == 3
