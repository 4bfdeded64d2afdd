"""The log of an incident: every human act and the clock's, who, when, what, from which revision."""

import psycopg
import pytest

from tests.services.planner.desks import Office, an_incident


def test_every_persons_word_is_in_the_log_in_order_and_no_machines(desk: Office) -> None:
    desk.says("probe", **an_incident())
    desk.says("dana", about="INC-1", act="take", from_revision=1)
    desk.says("dana", about="INC-1", act="release", from_revision=2)
    desk.says("probe", key="k1", severity="major", components=["card-payments"], impact="degraded", sequence=3)
    desk.says("dana", about="INC-1", act="correct", retract=["symptoms"], cause="A full disk.", from_revision=4)

    log = desk.get("/v1/outages/INC-1/log")

    assert [(e["author"], e["role"], e["act"], e["from_revision"], e["revision"]) for e in log] == [
        ("dana", "communicator", "take", 1, 2),
        ("dana", "communicator", "release", 2, 3),
        ("dana", "communicator", "correct", 4, 5),
    ]
    assert [e["what"] for e in log] == [
        "taken by dana",
        "released to customers",
        "corrected: cause stated; took back symptoms; cause: “A full disk.”",
    ]
    assert all(e["verdict"] == "revised" and e["event"] for e in log)


def test_an_act_that_changed_nothing_is_logged_with_its_reason(desk: Office) -> None:
    desk.says("dana", **an_incident())
    desk.says("dana", about="INC-1", severity="critical")

    entry = desk.get("/v1/outages/INC-1/log")[-1]

    assert (entry["act"], entry["verdict"], entry["what"]) == ("report", "repeat", "INC-1 says that already")


def test_acts_on_sending_stand_among_the_others(desk: Office) -> None:
    desk.says("dana", **an_incident())
    notice = desk.notices("inside")[0]["id"]
    desk.post("/v1/sending/pause", {"incident": "INC-1", "channel": "email", "reason": "wrong names"})
    desk.post(f"/v1/notices/{notice}/cancel", {"reason": "wrong names"})
    desk.says("dana", about="INC-1", cause="A full disk.")
    desk.post("/v1/sending/pause", {"reason": "of everything, so not of this incident"})

    log = desk.get("/v1/outages/INC-1/log")

    assert [(e["act"], e["revision"], e["event"] is None) for e in log] == [
        ("report", 1, False),
        ("pause", 1, True),
        ("cancel", 1, True),
        ("report", 2, False),
    ]
    assert log[1]["what"] == "paused email of this outage: wrong names"
    assert log[2]["what"] == f"cancelled notice {notice}, first to the inside: wrong names"


@pytest.mark.parametrize("table", ["event", "revision"])
@pytest.mark.parametrize("role", ["forewarn_planner", "forewarn_ingest"])
def test_what_was_said_is_never_changed(desk: Office, role: str, table: str) -> None:
    desk.says("dana", **an_incident())

    with psycopg.connect(desk.url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(f"set role {role}")
        connection.execute(f"update {table} set author = 'nobody'")

    assert [row["author"] for row in desk.rows(f"select author from {table}")] == ["dana"]


def test_an_incident_that_is_not_there_has_no_log(desk: Office) -> None:
    status, answer = desk.ask("GET", "/v1/outages/INC-9/log", by="rita")

    assert status == 404 and "INC-9" in answer["reason"]
