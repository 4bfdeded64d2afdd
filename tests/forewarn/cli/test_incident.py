"""Incidents: what is refused before it is sent, and how they are shown."""

from .conftest import Run
from .house import House
from .views import a_row, a_sum, an_outage


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
