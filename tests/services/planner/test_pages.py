"""The desk's pages: what customers hear, what a person is asked, how notices ended, what the timeline says."""

from collections.abc import Iterator
from typing import Any

import pytest

from forewarn.contracts.policy import Policy
from services.planner.compose import Composer
from tests.services.planner.desks import POLICY, Office, an_incident, office


def row(desk: Office) -> dict[str, Any]:
    (found,) = desk.get("/v1/outages")
    return dict(found)


def outside(desk: Office) -> list[tuple[str, str, str | None]]:
    notices = desk.get("/v1/outages/INC-1")["notices"]
    return [(n["occasion"], n["state"], n["reason"]) for n in notices if n["side"] == "outside"]


@pytest.fixture
def soon(database: str, composer: Composer) -> Iterator[Office]:
    """A desk where machines are told after 3 minutes unless dismissed."""
    with office(
        database, composer, Policy.model_validate({"release": {"native": "after 3m unless dismissed"}})
    ) as here:
        yield here


@pytest.fixture
def for_guests(database: str, composer: Composer) -> Iterator[Office]:
    policy = Policy.model_validate(POLICY.model_dump() | {"guests": ["hanna@nordwind.example"]})
    with office(database, composer, policy, "guests") as here:
        yield here


# -- what customers hear, and what a person is asked ---------------------------------------------------
def test_a_held_incident_asks_for_a_release(desk: Office) -> None:
    desk.says("probe", **an_incident())

    found = row(desk)

    assert found["release"] == "held"
    assert found["asks"] == ("customers are not told until somebody releases it: forewarn incident release INC-1")
    assert outside(desk) == [("first", "held", "person")]


def test_a_hold_of_time_says_until_when(soon: Office) -> None:
    soon.says("probe", **an_incident())

    notice = next(n for n in soon.get("/v1/outages/INC-1")["notices"] if n["side"] == "outside")

    assert notice["state"] == "held" and notice["reason"] == "after"
    asks = row(soon)["asks"]
    assert f"customers are told at {notice['hold_until'][11:19]} UTC unless somebody dismisses it" in asks
    assert "forewarn incident dismiss INC-1" in asks


def test_a_persons_incident_asks_nothing(desk: Office) -> None:
    desk.says("dana", **an_incident())

    assert (row(desk)["release"], row(desk)["asks"]) == ("released", None)


def test_a_released_incident_asks_nothing_more(desk: Office) -> None:
    desk.says("probe", **an_incident())
    desk.says("dana", about="INC-1", act="release")

    assert (row(desk)["release"], row(desk)["asks"]) == ("released", None)


def test_what_a_machine_released_is_released_to_whoever_asks(desk: Office) -> None:
    desk.settle(desk.says("native", **an_incident()))

    assert desk.rows("select release from outage")[0]["release"] == "held"
    assert (row(desk)["release"], row(desk)["asks"]) == ("released", None)


def test_a_dismissed_notice_was_told_to_nobody(desk: Office) -> None:
    desk.says("probe", **an_incident())
    desk.says("dana", about="INC-1", act="dismiss")

    assert (row(desk)["release"], row(desk)["asks"]) == ("dismissed", None)
    assert outside(desk) == [("first", "suppressed", "dismissed")]


@pytest.mark.parametrize(("heard_min_ago", "asked"), [(None, True), (5, False)])
def test_a_calm_that_its_source_does_not_vouch_for_asks_whether_it_is_over(
    desk: Office, heard_min_ago: int | None, asked: bool
) -> None:
    desk.says("native", **an_incident())
    desk.says("native", key="k1", status="resolved")
    desk.run("alter table event disable trigger all")
    desk.run("update event set received_at = received_at - interval '11 min'")
    desk.run("update outage set calm_since = calm_since - interval '11 min'")
    if heard_min_ago is not None:
        desk.run(
            "update event set received_at = forewarn_now() - %s * interval '1 min' where id = 'event-1'", heard_min_ago
        )

    asks = row(desk)["asks"]

    if asked:
        calm = desk.rows("select to_char(calm_since at time zone 'UTC', 'HH24:MI') as at from outage")[0]["at"]
        assert asks == (
            f"monitoring is calm since {calm} UTC but nothing since shows that native lives:"
            " is it over? forewarn incident resolve INC-1"
        )
    else:
        assert asks is None


def test_a_calm_of_a_moment_asks_nothing(desk: Office) -> None:
    desk.says("native", **an_incident())
    desk.says("native", key="k1", status="resolved")

    assert row(desk)["asks"] is None


# -- how notices stand ---------------------------------------------------------------------------------
def test_a_notice_that_a_newer_one_replaced_says_so(desk: Office) -> None:
    desk.says("probe", **an_incident())
    desk.says("probe", key="k1", components=["card-payments"], impact="degraded", sequence=2)

    assert outside(desk) == [("first", "replaced", "superseded"), ("first", "held", "person")]


def test_a_stopped_notice_says_why(desk: Office) -> None:
    desk.settle(desk.says("dana", **an_incident()))
    notice = desk.notices()[0]["id"]
    desk.run("insert into stop (notice_id, channel, reason) values (%s, 'email', 'withdrawn')", notice)

    assert outside(desk) == [("first", "drained", "withdrawn")]


def test_a_first_that_found_nobody_after_others_is_not_shown(desk: Office) -> None:
    desk.settle(desk.says("dana", **an_incident()))
    desk.run(
        "with n as (insert into notice (id, outage_id, side, occasion, slot, lane, made_at, policy_hash, mode, test)"
        " select 'f' || substr(id, 2), outage_id, side, 'first', '2', lane, made_at, policy_hash, mode, test"
        " from notice where side = 'outside' returning id)"
        " insert into notice_channel (notice_id, channel, state, released_at)"
        " select id, 'email', 'drained', clock_timestamp() from n"
    )

    assert outside(desk) == [("first", "drained", None)]


def test_a_first_that_found_nobody_at_all_is_shown(desk: Office) -> None:
    desk.run("delete from subscriber where not inside")

    desk.settle(desk.says("dana", **an_incident()))

    assert outside(desk) == [("first", "drained", None)]


def test_the_promise_of_a_notice_is_the_next_update(desk: Office) -> None:
    desk.settle(desk.says("dana", **an_incident()))
    notice = desk.notices()[0]["id"]
    desk.run("delete from promise")
    desk.run(
        "insert into promise (notice_id, channel, outage_id, side, due_at)"
        " values (%s, 'email', 1, 'outside', '2200-01-01 12:00+00')",
        notice,
    )

    found = desk.get("/v1/outages/INC-1")

    assert found["next_update_at"] == "2200-01-01T12:00:00Z"
    assert [n["promise"] for n in found["notices"] if n["id"] == notice] == ["open"]


# -- the timeline --------------------------------------------------------------------------------------
def test_the_timeline_says_in_words_what_each_act_did(desk: Office) -> None:
    desk.says("probe", **an_incident())
    desk.says("dana", about="INC-1", act="dismiss")
    desk.says("dana", about="INC-1", act="release")
    desk.says("dana", about="INC-1", act="take")
    desk.says("dana", about="INC-1", act="correct", cause="A full disk.")

    timeline = desk.get("/v1/outages/INC-1")["timeline"]

    assert [(entry["act"], entry["what"]) for entry in timeline] == [
        ("report", "opened: investigating, card-payments down"),
        ("dismiss", "dismissed: customers are not told"),
        ("release", "released to customers"),
        ("take", "taken by dana"),
        ("correct", "corrected: cause stated"),
    ]


def test_a_withdrawn_incident_says_so(desk: Office) -> None:
    desk.says("probe", **an_incident())
    desk.run("update outage set withdrawn = true, closed_at = forewarn_now()")

    assert (row(desk)["status"], row(desk)["withdrawn"]) == ("withdrawn", True)


# -- several channels ------------------------------------------------------------------------------------
def test_each_channel_has_its_own_sums_and_one_with_nobody_on_it_is_no_notice(desk: Office) -> None:
    desk.endpoint("hanna")

    desk.settle(desk.says("dana", **an_incident()))

    notices = desk.get("/v1/outages/INC-1")["notices"]
    assert [(n["side"], n["channel"], n["sum"]["planned"], n["sum"]["accepted"]) for n in notices] == [
        ("inside", "email", 1, 1),
        ("outside", "email", 3, 3),
        ("outside", "webhook", 1, 1),
    ]
    assert all(n["first_at"] <= n["last_at"] and n["subject"].startswith(("Acme", "INC-1")) for n in notices)
    assert (row(desk)["sum"]["planned"], row(desk)["sum"]["accepted"]) == (5, 5)


def test_deliveries_show_what_came_by_each_way(desk: Office) -> None:
    desk.endpoint("hanna")
    desk.settle(desk.says("dana", **an_incident()))

    everybody = desk.get("/v1/outages/INC-1/deliveries")
    mail, call = desk.get("/v1/outages/INC-1/deliveries?to=hanna")

    assert len(everybody) == 5
    assert (mail["channel"], call["channel"]) == ("email", "webhook")
    assert mail["subject"] == call["subject"] != ""
    assert "(their own link)" in mail["text"] and "CET (UTC+1)" in call["text"] and "link" not in call["text"]


def test_why_names_every_way_and_what_bars_it(desk: Office) -> None:
    desk.endpoint("hanna")
    desk.says("dana", **an_incident(severity="major"))
    asleep(desk)
    desk.run("insert into suppression select id, 'webhook', 'unsubscribed' from subscriber where key = 'hanna'")

    answer = desk.get("/v1/outages/INC-1/why/hanna")

    assert (answer["included"], answer["channels"]) == (True, ["email", "webhook"])
    mail, call = answer["rules"]
    assert mail.startswith("asleep until ") and call.startswith("unsubscribed on webhook: ")


def test_an_account_that_only_an_endpoint_reads_for_has_a_reader(desk: Office) -> None:
    outage = desk.says("dana", **an_incident())
    desk.run("delete from address where channel = 'email'")
    before = desk.get("/v1/outages/INC-1")["accounts_without_reader"]

    desk.endpoint("hanna")
    desk.plans.plan(outage)

    assert before == ["Nordwind"]
    assert desk.get("/v1/outages/INC-1")["accounts_without_reader"] == []


# -- why -----------------------------------------------------------------------------------------------
def rules(desk: Office, who: str) -> list[str]:
    return list(desk.get(f"/v1/outages/INC-1/why/{who}")["rules"])


def asleep(desk: Office) -> None:
    desk.run(
        "update address set quiet_from = (forewarn_now() at time zone 'Europe/Berlin' - interval '1 hour')::time,"
        " quiet_to = (forewarn_now() at time zone 'Europe/Berlin' + interval '1 hour')::time"
    )


def test_quiet_hours_are_a_rule_while_they_last(desk: Office) -> None:
    desk.says("dana", **an_incident(severity="major"))
    before = rules(desk, "hanna")

    asleep(desk)

    assert before == []
    (rule,) = rules(desk, "hanna")
    assert rule.startswith("asleep until ") and "(Europe/Berlin)" in rule


def test_what_is_critical_heeds_no_quiet_hours(desk: Office) -> None:
    desk.says("dana", **an_incident(severity="critical"))

    asleep(desk)

    assert rules(desk, "hanna") == []


def test_in_mode_guests_whoever_is_none_has_a_rule_against_them(for_guests: Office) -> None:
    for_guests.says("dana", **an_incident())

    assert rules(for_guests, "hanna") == []
    (rule,) = rules(for_guests, "kenji")
    assert rule.startswith("not_a_guest")


# -- the policy ----------------------------------------------------------------------------------------
def test_the_policy_in_force_is_the_one_on_every_notice(desk: Office) -> None:
    desk.says("dana", **an_incident())

    policy = desk.get("/v1/policy")

    assert {row["policy_hash"] for row in desk.rows("select policy_hash from notice")} == {policy["hash"]}
    assert policy["differences"] == {"release": {"sources": {"native": "now"}, "native": "person"}}
    assert policy["effective"]["delivery"]["email_per_second"] == 250


@pytest.mark.parametrize(("name", "beyond"), [("dnaa", True), ("dana", False), (None, False)])
def test_an_outage_says_that_whoever_speaks_for_it_is_beyond_reach(
    database: str, composer: Composer, name: str | None, beyond: bool
) -> None:
    reach = {"communication": {"reach": {"dana": ["json://127.0.0.1/"]}}}
    with office(database, composer, Policy.model_validate(reach)) as here:
        here.says("native", **an_incident(communicator=name))

        assert here.get("/v1/outages/INC-1")["beyond_reach"] is beyond


def test_an_outage_says_who_speaks_for_it_and_by_what(desk: Office) -> None:
    desk.says("dana", **an_incident())
    before = desk.get("/v1/outages/INC-1")
    desk.says("dana", about="INC-1", act="take", responders=["dana"])

    after = desk.get("/v1/outages/INC-1")

    assert (before["communicator"], before["communicates_by"]) == (None, "nothing")
    assert (after["communicator"], after["communicates_by"]) == ("dana", "word")
