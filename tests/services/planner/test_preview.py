"""Previews tell what an event would do, to how many and in which words; they write nothing and count what happens."""

from collections.abc import Iterator
from typing import Any

import pytest

from forewarn.contracts.policy import Policy
from services.planner.compose import Composer
from tests.services.planner.desks import PEOPLE, POLICY, Office, an_incident, office
from tests.services.planner.test_agenda import a_plan

OUTSIDE = sum(role == "customer" for _, role in PEOPLE)


def leaving(view: dict[str, Any]) -> dict[tuple[str, str], int]:
    """How many of each notice are told now."""
    return {(n["side"], n["occasion"]): n["people"] for n in view["notices"] if n["now"]}


def waiting(view: dict[str, Any], side: str = "outside") -> list[tuple[str, str, int]]:
    return [(n["occasion"], n["when"], n["people"]) for n in view["notices"] if not n["now"] and n["side"] == side]


def told(desk: Office) -> dict[tuple[str, str], int]:
    """How many each released notice was for, as the record has it."""
    rows = desk.rows(
        "select n.side, n.occasion, sum(length(replace(b.outcomes, 'S', ''))) as n from batch b join notice_window w"
        " on w.id = b.window_id join notice n on n.id = w.notice_id group by n.side, n.occasion"
    )
    return {(row["side"], row["occasion"]): row["n"] for row in rows}


@pytest.fixture
def calm_storm(database: str, composer: Composer) -> Iterator[Office]:
    """A desk whose storm brake bites from the first customer on."""
    policy = Policy.model_validate(POLICY.model_dump() | {"storm_brake": {"percent": 20, "at_least": 0}})
    with office(database, composer, policy) as here:
        yield here


@pytest.fixture
def for_guests(database: str, composer: Composer) -> Iterator[Office]:
    """A desk in mode guests, and hanna is one."""
    policy = Policy.model_validate(POLICY.model_dump() | {"guests": ["hanna@nordwind.example"]})
    with office(database, composer, policy, "guests") as here:
        yield here


def test_a_preview_writes_nothing(desk: Office) -> None:
    desk.says("dana", **an_incident())
    before = desk.everything()

    desk.post("/v1/preview", an_incident())
    desk.post("/v1/preview", {"about": "INC-1", "cause": "A full disk."})
    desk.get("/v1/outages/INC-1/preview")

    assert desk.everything() == before
    assert before["outage"] == 1 and before["notice"] > 0


def test_the_number_of_a_preview_is_the_number_of_those_told(desk: Office) -> None:
    desk.run(
        "insert into suppression (subscriber_id, channel, reason)"
        " select id, 'email', 'unsubscribed' from subscriber where key = 'owen'"
    )

    view = desk.post("/v1/preview", an_incident())
    desk.settle(desk.says("dana", **an_incident()))

    assert leaving(view) == told(desk) == {("inside", "first"): 1, ("outside", "first"): OUTSIDE - 1}
    assert view["people"] == OUTSIDE
    left_out = [(g["outcome"], g["reason"], g["people"]) for g in view["groups"] if g["outcome"] != "told"]
    assert left_out == [("suppressed", "unsubscribed", 1)]


def test_who_is_told_on_two_channels_is_one_of_the_people_and_a_delivery_of_each(desk: Office) -> None:
    desk.endpoint("hanna")

    at_once = desk.post("/v1/preview", an_incident())
    held = desk.post("/v1/preview", an_incident(), by="probe")

    assert {(n["side"], n["channel"]): n["people"] for n in at_once["notices"]} == {
        ("inside", "email"): 1,
        ("outside", "email"): OUTSIDE,
        ("outside", "webhook"): 1,
    }
    assert (at_once["people"], at_once["people_later"]) == (OUTSIDE + 1, 0)
    assert (held["people"], held["people_later"]) == (1, OUTSIDE)
    mail, call = (t for t in at_once["texts"] if t["side"] == "outside")
    assert (mail["subject"], mail["text"][:20]) == (call["subject"], call["text"][:20])
    assert "Stop these mails" not in call["text"]


def test_a_new_incident_has_no_name_yet(desk: Office) -> None:
    view = desk.post("/v1/preview", an_incident())

    assert (view["outage"], view["revision"], view["verdict"]) == (None, None, "opened")


def test_the_words_of_a_preview_are_those_that_are_sent(desk: Office) -> None:
    view = desk.post("/v1/preview", an_incident(cause="A full disk in rack 7."))
    desk.settle(desk.says("dana", **an_incident(cause="A full disk in rack 7.")))

    (text,) = [text for text in view["texts"] if text["side"] == "outside"]
    assert "A full disk in rack 7." in text["text"] and "UTC" in text["text"]
    sent = desk.rows(
        "select c.body ->> 'subject' as subject from content c join batch b on b.content_id = c.id"
        " join notice n on n.id = c.notice_id where n.side = 'outside'"
    )
    assert {row["subject"] for row in sent} == {text["subject"]}
    assert (text["voice"], text["locale"], text["told_before"], text["people"]) == ("customer", "en", False, OUTSIDE)


def test_an_update_counts_whoever_was_told_and_whoever_was_not(desk: Office) -> None:
    outage = desk.says("dana", **an_incident())
    desk.settle(outage)
    event = {"about": "INC-1", "cause": "A full disk."}

    view = desk.post("/v1/preview", event)

    assert (view["outage"], view["revision"], view["verdict"]) == ("INC-1", 1, "revised")
    assert leaving(view) == {("inside", "update"): 1, ("outside", "update"): OUTSIDE}
    assert {g["told_before"] for g in view["groups"]} == {True}


def test_what_a_machine_says_waits_for_a_person_and_is_counted_all_the_same(desk: Office) -> None:
    view = desk.post("/v1/preview", an_incident(), by="probe")

    assert leaving(view) == {("inside", "first"): 1}
    assert waiting(view) == [("first", "when a person releases it", OUTSIDE)]
    assert view["people"] == 1
    assert {text["side"] for text in view["texts"]} == {"inside", "outside"}


def test_a_rule_of_time_is_told_as_a_time(database: str, composer: Composer) -> None:
    policy = Policy.model_validate({"release": {"native": "after 3m unless dismissed"}})
    with office(database, composer, policy) as desk:
        view = desk.post("/v1/preview", an_incident(), by="probe")

    assert waiting(view) == [("first", "after 3 min unless dismissed", OUTSIDE)]


def test_a_release_lets_the_held_notice_go_to_as_many_as_are_told_then(desk: Office) -> None:
    outage = desk.says("probe", **an_incident())
    desk.settle(outage)
    event = {"about": "INC-1", "act": "release"}

    view = desk.post("/v1/preview", event)
    desk.says("dana", **event)
    desk.settle(outage)

    assert leaving(view) == {("inside", "update"): 1, ("outside", "first"): OUTSIDE}
    assert told(desk)["outside", "first"] == OUTSIDE
    assert view["people"] == 1 + OUTSIDE


def test_a_dismissal_tells_no_customer(desk: Office) -> None:
    desk.settle(desk.says("probe", **an_incident()))

    view = desk.post("/v1/preview", {"about": "INC-1", "act": "dismiss"})

    assert view["verdict"] == "revised"
    assert leaving(view) == {("inside", "update"): 1}, "colleagues read that customers are not told"


def test_the_storm_brake_says_how_many_it_would_be(calm_storm: Office) -> None:
    view = calm_storm.post("/v1/preview", an_incident(), by="native")

    ((_, when, people),) = waiting(view)
    assert when == f"when a person releases it: the storm brake holds it, it would reach {OUTSIDE} of 3 customers"
    assert people == OUTSIDE


def test_the_storm_brake_holds_no_person(calm_storm: Office) -> None:
    view = calm_storm.post("/v1/preview", an_incident())

    assert leaving(view)["outside", "first"] == OUTSIDE


def test_a_withdrawal_goes_to_exactly_those_told(desk: Office) -> None:
    outage = desk.says("dana", **an_incident())
    desk.settle(outage)
    desk.run("update batch set outcomes = overlay(outcomes placing 'R' from 1 for 1) where cardinality(ids) > 1")

    view = desk.post("/v1/preview", {"about": "INC-1", "act": "withdraw"})

    assert leaving(view) == {("inside", "withdrawn"): 1, ("outside", "withdrawn"): OUTSIDE - 1}


def test_whoever_sleeps_is_counted_apart_with_the_moment_of_waking(desk: Office) -> None:
    desk.run(
        "update address set quiet_from = (forewarn_now() at time zone 'Europe/Berlin' - interval '1 hour')::time,"
        " quiet_to = (forewarn_now() at time zone 'Europe/Berlin' + interval '1 hour')::time"
        " where address = 'kenji@nordwind.example'"
    )

    view = desk.post("/v1/preview", an_incident(severity="major"))

    assert leaving(view)["outside", "first"] == OUTSIDE - 1
    (asleep,) = [g for g in view["groups"] if g["outcome"] == "moved"]
    assert asleep["people"] == 1 and asleep["reason"].startswith("20")


def test_in_mode_guests_only_guests_are_told(for_guests: Office) -> None:
    view = for_guests.post("/v1/preview", an_incident())

    assert view["mode"] == "guests" and view["people"] == 1
    assert {(g["outcome"], g["reason"]) for g in view["groups"]} == {("told", None), ("suppressed", "not_a_guest")}


def test_a_test_tells_guests_only_and_says_so(desk: Office) -> None:
    view = desk.post("/v1/preview", an_incident(test=True))

    assert view["test"] and view["people"] == 0


def test_what_is_paused_does_not_leave_now(desk: Office) -> None:
    desk.post("/v1/sending/pause", {"reason": "storm"})

    view = desk.post("/v1/preview", an_incident())

    assert view["people"] == 0 and [pause["reason"] for pause in view["paused"]] == ["storm"]
    assert waiting(view) == [("first", "when sending is resumed", OUTSIDE)]


def test_a_repeat_says_that_it_is_one(desk: Office) -> None:
    desk.says("dana", **an_incident())

    view = desk.post("/v1/preview", {"about": "INC-1", "severity": "critical"})

    assert (view["verdict"], view["notices"], view["people"]) == ("repeat", [], 0)
    assert "says that already" in view["reason"]


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({"about": "INC-9", "status": "resolved"}, "there is no INC-9"),
        ({"components": ["card-paymets"]}, "not in the directory: card-paymets"),
        ({"severity": "terrible"}, "severity"),
    ],
)
def test_what_would_be_refused_is_refused_with_what_to_do(desk: Office, event: dict[str, Any], said: str) -> None:
    status, answer = desk.ask("POST", "/v1/preview", event)

    assert status == 422 and said in answer["reason"]


def test_work_that_has_not_begun_is_not_completed_and_the_desk_says_what_to_do(desk: Office) -> None:
    desk.says("dana", **a_plan())

    status, answer = desk.ask("POST", "/v1/preview", {"about": "MNT-1", "status": "completed"})

    assert status == 422 and "forewarn maintenance start MNT-1" in answer["reason"]


def test_a_machines_next_word_is_about_its_own_incident(desk: Office) -> None:
    desk.settle(desk.says("native", **an_incident()))

    view = desk.post("/v1/preview", an_incident(impact="degraded"), by="native")

    assert (view["outage"], view["revision"], view["verdict"]) == ("INC-1", 1, "revised")
    assert leaving(view) == {("inside", "update"): 1, ("outside", "update"): OUTSIDE}


def test_a_machine_may_not_preview_a_persons_act(desk: Office) -> None:
    desk.says("probe", **an_incident())

    status, answer = desk.ask("POST", "/v1/preview", {"about": "INC-1", "act": "release"}, by="probe")

    assert status == 422 and "only a person" in answer["reason"]


def test_a_reader_sees_what_a_person_would_do(desk: Office) -> None:
    status, view = desk.ask("POST", "/v1/preview", an_incident(), by="rita")

    assert status == 200 and leaving(view)["outside", "first"] == OUTSIDE


def test_what_stands_to_be_told_of_an_incident_is_shown_before_its_release(desk: Office) -> None:
    desk.settle(desk.says("probe", **an_incident()))

    view = desk.get("/v1/outages/INC-1/preview")

    assert (view["outage"], view["verdict"], view["people"]) == ("INC-1", None, 0)
    assert waiting(view) == [("first", "when a person releases it", OUTSIDE)]
    assert [(t["side"], t["people"]) for t in view["texts"]] == [("outside", OUTSIDE)]


def test_where_nothing_stands_the_words_of_an_update_are_shown(desk: Office) -> None:
    desk.settle(desk.says("dana", **an_incident()))

    view = desk.get("/v1/outages/INC-1/preview")

    assert (view["notices"], view["groups"], view["people"]) == ([], [], 0)
    assert {(t["side"], t["occasion"], t["told_before"], t["people"]) for t in view["texts"]} == {
        ("inside", "update", True, 0),
        ("outside", "update", True, 0),
    }
