"""Incidents: what is refused before it is sent, and how they are shown."""

from datetime import timedelta
from typing import Any

import pytest

from .conftest import Run
from .house import House
from .views import NOON, NOTICE, a_log_entry, a_notice, a_pause, a_row, a_sum, an_outage


def test_an_update_that_says_nothing_is_refused(house: House, run: Run) -> None:
    assert run("incident", "update", "INC-7").code == 2
    assert run("incident", "update", "INC-7", "--impact", "down").code == 2
    assert house.heard == []


def test_an_incident_without_a_component_is_refused(house: House, run: Run) -> None:
    ran = run("incident", "open", "--impact", "down")

    assert (ran.code, "--component NAME" in ran.err) == (2, True)


def test_a_page_shows_facts_notices_and_timeline_in_80_columns(house: House, run: Run) -> None:
    reasons = {"unsubscribed": 2}
    view = an_outage(unknown_components=["ledger"], sum=a_sum(9, 7, suppressed=2, reasons=reasons))
    house.says("GET /v1/outages/INC-7", view)

    out = run("incident", "show", "7").out

    for words in ("identified, critical", "A full disk.", "15:30 CET", "unsubscribed 2", "only the inside", "dana"):
        assert words in out
    assert max(map(len, out.splitlines())) <= 80


def test_a_list_asks_for_open_incidents_unless_for_all(house: House, run: Run) -> None:
    house.says("GET /v1/outages", [a_row()], [])

    listed, empty = run("incident", "list"), run("incident", "list", "--all")

    assert "INC-7" in listed.out and "78 %" in listed.out
    assert empty.out == "No incident.\n"
    assert [h.path for h in house.heard] == ["/v1/outages?kind=incident&open=true", "/v1/outages?kind=incident"]


def test_a_page_names_holds_endings_promises_and_the_decision_that_is_due(house: House, run: Run) -> None:
    notices = [
        a_notice(state="held", reason="after", hold_until=NOON + timedelta(minutes=3), revision=None),
        a_notice(state="suppressed", reason="dismissed"),
        a_notice(state="replaced", reason="superseded"),
        a_notice(state="released", reason="superseded"),
        a_notice(promise="kept"),
        a_notice(promise="missed", promised_at=NOON),
    ]
    house.says("GET /v1/outages/INC-7", an_outage(notices=notices, release="held", asks="release it or dismiss it"))

    out = run("incident", "show", "7").out

    words = " ".join(out.split())
    assert "Asks for a decision: release it or dismiss it" in words and "not released: they hear" in words
    for word in (NOTICE, "unless", "not told:", "replaced", "stopped:", "kept", "missed"):
        assert word in out
    assert max(map(len, out.splitlines())) <= 80


def test_a_withdrawn_incident_is_shown_as_such(house: House, run: Run) -> None:
    house.says("GET /v1/outages/INC-7", an_outage(status="withdrawn", withdrawn=True, release="dismissed"))

    out = run("incident", "show", "7").out

    assert "withdrawn: it never was" in out and "they do not hear of it" in out


def test_the_log_names_who_did_what_when_and_having_seen_what(house: House, run: Run) -> None:
    paused = a_log_entry(act="pause", what="email: wrong link", verdict=None, from_revision=None, event=None)
    house.says("GET /v1/outages/INC-7/log", [a_log_entry(), paused], [])

    ran, empty = run("incident", "show", "7", "--log"), run("incident", "show", "7", "--log")

    for word in ("dana", "(communicator)", "release", "customers are told", "13:00 CET", "email: wrong link"):
        assert word in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80
    assert empty.out == "Nobody acted on INC-7 yet.\n"


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ({"communicator": "dana", "communicates_by": "owner"}, "dana, by the rota of its owner"),
        ({"communicator": "dana", "communicates_by": "word", "responds_too": True}, "dana, who responds to it too"),
        ({"communicator": "dnaa", "communicates_by": "word", "beyond_reach": True}, "dnaa, whom no page reaches"),
        ({}, "nobody: no rota counts for it"),
    ],
)
def test_an_open_incident_says_who_speaks_for_it(house: House, run: Run, who: dict[str, Any], said: str) -> None:
    house.says("GET /v1/outages/INC-7", an_outage(closed_at=None, **who))

    out = run("incident", "show", "7").out

    (line,) = (line for line in out.splitlines() if line.startswith("speaks for it"))
    assert said in line


def test_an_incident_that_a_pause_keeps_back_says_so(house: House, run: Run) -> None:
    house.says("GET /v1/outages/INC-7", an_outage(paused=[a_pause(incident="INC-7")]))

    assert "\nPaused: INC-7, since " in run("incident", "show", "7").out
