"""A person's hand on sending: pauses that stand until lifted, cancellations, and rows that nothing changes."""

import psycopg
import pytest

from tests.services.planner.desks import Office, an_incident

REASON = {"reason": "the provider asked us to"}


def acts(desk: Office) -> list[tuple[str, str]]:
    return [(row["author"], row["act"]) for row in desk.rows("select author, act from sending_act order by id")]


def held(desk: Office) -> str:
    """A machine's incident that customers are not told of yet; the notice that waits for them."""
    desk.says("probe", **an_incident())
    (notice,) = desk.notices()
    assert notice["state"] == "held"
    return str(notice["id"])


def in_the_air(desk: Office) -> str:
    """A notice to colleagues that is released and has reached nobody."""
    desk.says("dana", **an_incident())
    notice = desk.notices("inside")[0]
    assert notice["state"] == "released"
    return str(notice["id"])


def test_pausing_twice_is_one_pause_and_two_acts(desk: Office) -> None:
    for _ in range(2):
        answer = desk.post("/v1/sending/pause", REASON)

    assert [(pause["channel"], pause["incident"]) for pause in answer["paused"]] == [(None, None)]
    assert acts(desk) == [("dana", "pause"), ("dana", "pause")]


def test_the_first_pause_stands_as_it_was_given(desk: Office) -> None:
    desk.post("/v1/sending/pause", {"channel": "email", "reason": "first"})

    desk.post("/v1/sending/pause", {"channel": "email", "reason": "second"})

    assert [pause["reason"] for pause in desk.get("/v1/sending")["paused"]] == ["first"]


def test_resuming_lifts_exactly_that_pause(desk: Office) -> None:
    desk.says("dana", **an_incident())
    asks = [{}, {"channel": "email"}, {"incident": "INC-1"}, {"channel": "email", "incident": "INC-1"}]
    for ask in asks:
        desk.post("/v1/sending/pause", ask | REASON)

    answer = desk.post("/v1/sending/resume", {"channel": "email"} | REASON)

    left = [(pause["channel"], pause["incident"]) for pause in answer["paused"]]
    assert left == [(None, None), (None, "INC-1"), ("email", "INC-1")]
    assert [pause["id"] for pause in desk.get("/v1/status")["paused"]] == [pause["id"] for pause in answer["paused"]]


def test_what_is_not_paused_cannot_be_resumed_and_is_no_act(desk: Office) -> None:
    desk.post("/v1/sending/pause", {"channel": "email"} | REASON)

    status, answer = desk.ask("POST", "/v1/sending/resume", REASON)

    assert status == 404
    assert answer["reason"] == "everything is not paused; paused: email; resume exactly one of these"
    assert acts(desk) == [("dana", "pause")]


def test_a_lifted_pause_can_be_set_again(desk: Office) -> None:
    for verb in ("pause", "resume", "pause"):
        answer = desk.post(f"/v1/sending/{verb}", REASON)

    assert len(answer["paused"]) == 1
    rows = desk.rows("select lifted_by, lifted_at is not null as lifted from pause order by id")
    assert [(row["lifted_by"], row["lifted"]) for row in rows] == [("dana", True), (None, False)]


def test_every_act_reaches_the_snapshot_at_once(desk: Office) -> None:
    desk.post("/v1/sending/pause", REASON)
    desk.post("/v1/sending/resume", REASON)

    assert len(desk.refreshed) == 2


def test_a_redis_that_is_away_fails_no_act(desk: Office) -> None:
    desk.redis_away = True

    answer = desk.post("/v1/sending/pause", REASON)

    assert len(answer["paused"]) == 1
    assert acts(desk) == [("dana", "pause")]


@pytest.mark.parametrize("change", ["update sending_act set author = 'nobody'", "delete from sending_act"])
@pytest.mark.parametrize("role", ["forewarn_planner", "forewarn_ingest"])
def test_an_act_is_a_row_that_nothing_changes(desk: Office, role: str, change: str) -> None:
    desk.post("/v1/sending/pause", REASON)

    with psycopg.connect(desk.url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(f"set role {role}")
        connection.execute(change)

    assert acts(desk) == [("dana", "pause")]


def test_an_act_says_by_whom_in_which_role_why_and_of_which_revision(desk: Office) -> None:
    desk.says("dana", **an_incident())
    desk.says("dana", about="INC-1", cause="A full disk.")

    desk.post("/v1/sending/pause", {"incident": "INC-1"} | REASON)

    (row,) = desk.rows("select author, role, act, revision, reason from sending_act")
    assert row == {"author": "dana", "role": "communicator", "act": "pause", "revision": 2} | REASON


@pytest.mark.parametrize("path", ["/v1/sending/pause", "/v1/sending/resume", "/v1/notices/00c0ffee00c0ffee/cancel"])
@pytest.mark.parametrize("who", ["rita", "native"])
def test_only_a_person_who_may_speak_has_a_hand_on_the_wheel(desk: Office, path: str, who: str) -> None:
    status, _ = desk.ask("POST", path, REASON, by=who)

    assert status == 403
    assert acts(desk) == []


def test_a_pause_of_an_incident_that_is_not_there_is_refused(desk: Office) -> None:
    status, answer = desk.ask("POST", "/v1/sending/pause", {"incident": "INC-9"} | REASON)

    assert status == 404 and "INC-9" in answer["reason"]
    assert acts(desk) == []


def test_an_act_needs_a_reason(desk: Office) -> None:
    status, answer = desk.ask("POST", "/v1/sending/pause", {"channel": "email"})

    assert status == 422 and "reason" in answer["reason"]


def test_a_cancelled_notice_that_was_held_is_told_to_nobody(desk: Office) -> None:
    notice = held(desk)

    answer = desk.post(f"/v1/notices/{notice}/cancel", REASON)

    assert (answer["state"], answer["reason"], answer["sum"]["planned"]) == ("suppressed", "cancelled", 0)
    desk.says("dana", about="INC-1", act="release")
    assert desk.rows("select from notice_window where notice_id = %s", notice) == []


def test_a_cancelled_notice_in_the_air_is_stopped(desk: Office) -> None:
    notice = in_the_air(desk)

    answer = desk.post(f"/v1/notices/{notice}/cancel", REASON)

    assert (answer["state"], answer["reason"]) == ("released", "cancelled")
    stops = desk.rows("select notice_id, channel, reason from stop")
    assert stops == [{"notice_id": notice, "channel": "email", "reason": "cancelled"}]
    assert len(desk.refreshed) == 1


def test_a_notice_is_cancelled_on_all_its_channels(desk: Office) -> None:
    desk.endpoint("hanna")
    notice = in_the_air(desk)

    answer = desk.post(f"/v1/notices/{notice}/cancel", REASON)

    ways = [answer, *answer["also"]]
    assert [(way["channel"], way["reason"]) for way in ways] == [("email", "cancelled"), ("webhook", "cancelled")]
    assert [row["channel"] for row in desk.rows("select channel from stop order by channel")] == ["email", "webhook"]


def test_what_was_told_on_one_channel_is_not_said_to_be_told_to_nobody(desk: Office) -> None:
    desk.endpoint("hanna")
    notice = in_the_air(desk)
    desk.settle(1)
    desk.run("update notice_channel set ended = 'superseded', released_at = null where channel = 'webhook'")

    status, answer = desk.ask("POST", f"/v1/notices/{notice}/cancel", REASON)

    assert status == 409 and "nobody left to tell" in answer["reason"]


def test_a_stop_that_stands_keeps_its_reason(desk: Office) -> None:
    notice = in_the_air(desk)
    desk.run("insert into stop (notice_id, channel, reason) values (%s, 'email', 'superseded')", notice)

    desk.post(f"/v1/notices/{notice}/cancel", REASON)

    assert [row["reason"] for row in desk.rows("select reason from stop")] == ["superseded"]
    assert acts(desk) == [("dana", "cancel")]


def test_what_everybody_was_told_is_too_late_to_cancel(desk: Office) -> None:
    notice = in_the_air(desk)
    desk.settle(1)

    status, answer = desk.ask("POST", f"/v1/notices/{notice}/cancel", REASON)

    assert status == 409 and "nobody left to tell" in answer["reason"]
    assert acts(desk) == [] and desk.rows("select from stop") == []


def test_what_is_cancelled_cannot_be_cancelled_again(desk: Office) -> None:
    notice = held(desk)
    desk.post(f"/v1/notices/{notice}/cancel", REASON)

    status, answer = desk.ask("POST", f"/v1/notices/{notice}/cancel", REASON)

    assert status == 409 and "cancelled already" in answer["reason"]
    assert acts(desk) == [("dana", "cancel")]


def test_a_notice_that_nobody_planned_cannot_be_cancelled(desk: Office) -> None:
    status, answer = desk.ask("POST", "/v1/notices/00c0ffee00c0ffee/cancel", REASON)

    assert status == 404 and "00c0ffee00c0ffee" in answer["reason"]


def test_a_cancellation_plans_at_once_what_may_go_now(desk: Office) -> None:
    notice = held(desk)

    desk.post(f"/v1/notices/{notice}/cancel", REASON)

    assert desk.advanced == [1]


def test_a_broker_that_is_away_fails_no_cancellation(desk: Office) -> None:
    notice = held(desk)
    desk.broker_away = True

    answer = desk.post(f"/v1/notices/{notice}/cancel", REASON)

    assert (answer["state"], answer["reason"]) == ("suppressed", "cancelled")
    assert acts(desk) == [("dana", "cancel")]
