"""Promises of one notice on several channels: each is kept or missed by what its readers got."""

from datetime import timedelta

import pytest

from forewarn.notice import Channel
from services.planner.punctuality import next_promises
from tests.services.planner.desks import Office, an_incident


def test_a_channel_keeps_what_it_promised_while_another_misses_it(desk: Office) -> None:
    desk.endpoint("hanna")
    outage = desk.says("dana", **an_incident())
    desk.settle(outage)
    desk.settle(desk.says("dana", about="INC-1", cause="A full disk."), by="email")
    desk.run("update promise set due_at = forewarn_now() - interval '1 s' where channel = 'webhook'")

    desk.plans.plan(outage)

    notices = desk.get("/v1/outages/INC-1")["notices"]
    firsts = {n["channel"]: n["promise"] for n in notices if (n["side"], n["occasion"]) == ("outside", "first")}
    assert firsts == {"email": "kept", "webhook": "missed"}


@pytest.mark.slow
def test_a_holding_notice_on_one_channel_takes_no_stated_time_from_another(desk: Office) -> None:
    desk.endpoint("hanna")
    at = (desk.rows("select forewarn_now() as now")[0]["now"] + timedelta(minutes=50)).replace(second=0, microsecond=0)
    outage = desk.says("dana", **an_incident(severity="major", next_update_at=at.isoformat()))
    desk.settle(outage)
    a_long_way_by_mail(desk)
    desk.settle(outage)
    held = [channel for occasion, channel, _ in desk.told() if occasion == "holding"]

    news = {"about": "INC-1", "cause": "A full disk."}
    texts = desk.post("/v1/preview", news)["texts"]
    desk.settle(desk.says("dana", **news))

    assert held == ["email"]
    due = {row["channel"]: row["due_at"] for row in desk.rows(PROMISED_BY_NEWS)}
    assert due["webhook"] == at and due["email"] > at
    shown = {text["channel"]: f"{at:%H:%M}" in text["text"] for text in texts if text["voice"] == "customer"}
    assert shown == {"webhook": True, "email": False}, "as the preview says"


PROMISED_BY_NEWS = """select p.channel, p.due_at from promise p join notice n on n.id = p.notice_id
where p.side = 'outside' and n.occasion = 'update'"""


def a_long_way_by_mail(desk: Office) -> None:
    """An hour has passed since all was told, and by mail the way to the last reader takes 50 min."""
    planned = desk.policy.delivery.per_second(Channel.EMAIL) * 3000
    desk.run("update notice_channel set released_at = released_at - interval '1 h' where released_at is not null")
    desk.run("update notice_channel set planned = %s where channel = 'email' and state = 'drained'", planned)


def due(desk: Office, seconds: int) -> None:
    """What was promised to customers by mail first is due in so many seconds from now."""
    desk.run(
        "update promise p set due_at = forewarn_now() + %s * interval '1 s' from notice n where n.id = p.notice_id"
        " and n.occasion = 'first' and n.side = 'outside' and p.channel = 'email'",
        seconds,
    )


def next_due(desk: Office) -> float | None:
    with desk.planner.begin() as connection:
        return min(next_promises(connection.execute).values(), default=None)


def first_promise(desk: Office) -> tuple[str, str | None]:
    """What became of it, and why."""
    rows = desk.rows(
        "select p.state, p.cause from promise p join notice n on n.id = p.notice_id"
        " where n.occasion = 'first' and n.side = 'outside' and p.channel = 'email'"
    )
    return rows[0]["state"], rows[0]["cause"]


def an_answer_on_its_way(desk: Office) -> int:
    """News to colleagues and customers: to the latter it is released, and nobody has been called yet."""
    outage = desk.says("dana", **an_incident())
    desk.settle(outage)
    desk.says("dana", about="INC-1", cause="A full disk.")
    desk.freeze()
    desk.answer("a")
    desk.plans.plan(outage)
    desk.freeze()
    desk.run("update promise set due_at = forewarn_now() + interval '1 h'")
    assert [n["state"] for n in desk.notices()] == ["drained", "released"]
    return outage


def nobody_accepted(desk: Office) -> None:
    """As dispatch has it: only an acceptance has a moment."""
    desk.run("update batch set first_at = null, last_at = null")


def called_once(desk: Office, letters: str) -> None:
    """These letters came back of the first call to each of the three customers."""
    told = "clock_timestamp()" if "a" in letters else "null"
    desk.run(
        f"update batch set outcomes = %s, first_at = {told}, last_at = {told} where position('.' in outcomes) > 0",
        letters,
    )


def test_a_promise_is_not_at_risk_for_an_endpoint_that_is_away_once_all_were_called(desk: Office) -> None:
    an_answer_on_its_way(desk)
    due(desk, 30)
    before = next_due(desk)

    called_once(desk, "a.a")

    after = next_due(desk)
    assert before is not None and 20 < before <= 30
    assert after is not None and after > 600, "of what the colleagues were promised, and of the answer"


def test_a_promise_is_at_risk_while_its_answer_reaches_nobody(desk: Office) -> None:
    an_answer_on_its_way(desk)
    due(desk, 30)

    called_once(desk, "...")

    left = next_due(desk)
    assert left is not None and left <= 30


def test_a_promise_is_at_risk_while_a_batch_of_its_answer_lies_uncalled(desk: Office) -> None:
    an_answer_on_its_way(desk)
    due(desk, 30)
    called_once(desk, "aaa")
    desk.run(
        "insert into batch (window_id, content_id, lane, ids, outcomes, epoch, again_at)"
        " select window_id, content_id, lane, array[11, 12, 13, 14], '....', epoch, again_at"
        " from batch order by id desc limit 1"
    )

    left = next_due(desk)
    assert left is not None and left <= 30


def test_a_promise_that_is_due_is_kept_though_an_endpoint_is_still_away(desk: Office) -> None:
    outage = an_answer_on_its_way(desk)
    called_once(desk, "a.a")
    due(desk, 0)

    desk.plans.plan(outage)

    assert first_promise(desk) == ("kept", None)


def test_a_promise_whose_answer_nobody_has_is_missed_when_it_is_due(desk: Office) -> None:
    outage = an_answer_on_its_way(desk)
    due(desk, 0)

    desk.plans.plan(outage)

    assert first_promise(desk) == ("missed", "not told in time")


def test_the_verdict_waits_for_an_answer_that_has_gone_round_while_many_are_called_again(desk: Office) -> None:
    outage = an_answer_on_its_way(desk)
    desk.run(
        "update batch set outcomes = 'aaa....', ids = array[2, 3, 4, 5, 6, 7, 8], first_at = clock_timestamp(),"
        " last_at = clock_timestamp() where position('.' in outcomes) > 0"
    )
    due(desk, 0)
    desk.plans.plan(outage)
    undecided = first_promise(desk)

    desk.answer("T", by="email")
    desk.run("update batch set last_at = clock_timestamp() - interval '10 s'")
    desk.plans.plan(outage)

    assert undecided == ("open", None)
    assert first_promise(desk) == ("kept", None)


def test_what_reached_nobody_promised_nobody_anything_and_is_no_promise_kept(desk: Office) -> None:
    outage = desk.says("dana", **an_incident())
    desk.settle(outage, letter="R")
    nobody_accepted(desk)
    desk.run("update promise set due_at = forewarn_now() + interval '30 s'")
    at_risk = next_due(desk)
    desk.run("update promise set due_at = forewarn_now() - interval '1 s' where side = 'outside'")

    desk.plans.plan(outage)

    assert at_risk is None
    assert first_promise(desk) == ("missed", "nobody was reached")


def test_a_promise_to_people_who_were_all_left_out_on_purpose_is_moot(desk: Office) -> None:
    outage = desk.says("dana", **an_incident())
    desk.settle(outage, letter="S")
    nobody_accepted(desk)
    due(desk, -1)

    desk.plans.plan(outage)

    assert first_promise(desk) == ("moot", None)
