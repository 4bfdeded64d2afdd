"""Channels of an outage: email alone while nobody has another way, each told at its own pace and in its own words."""

import pytest

from tests.services.planner.desks import Office, an_incident

FIRSTS = [("first", "email", 3), ("first", "webhook", 1)]


def channels(desk: Office) -> set[str]:
    return {row["channel"] for row in desk.rows("select channel from notice_channel")}


def holdings(desk: Office, channel: str) -> list[str]:
    """What colleagues are told by holding notices on the channel, in order."""
    rows = desk.rows(
        "select c.body from content c join notice n on n.id = c.notice_id where c.channel = %s"
        " and n.occasion = 'holding' and c.voice = 'internal' and c.told order by n.serial",
        channel,
    )
    return [" ".join((row["body"]["text"] + row["body"]["payload"]).split()) for row in rows]


def almost_due(desk: Office) -> None:
    """What was promised is due within the minute, and was promised an hour ago."""
    desk.run("update promise set due_at = forewarn_now() + interval '10 s' where state = 'open'")
    desk.run("update notice_channel set released_at = released_at - interval '1 h' where released_at is not null")


def test_a_house_without_webhooks_plans_for_email_alone(desk: Office) -> None:
    desk.settle(desk.says("dana", **an_incident()))

    assert channels(desk) == {"email"}


def test_a_person_with_mail_and_webhook_is_told_by_both(desk: Office) -> None:
    desk.endpoint("hanna", "mara")

    desk.settle(desk.says("dana", **an_incident()))

    assert desk.told() == FIRSTS
    assert desk.told("inside") == [("first", "email", 1), ("first", "webhook", 1)]


def test_an_endpoint_that_comes_later_hears_from_the_next_news_on_and_reads_a_first(desk: Office) -> None:
    outage = desk.says("dana", **an_incident())
    desk.settle(outage)
    desk.endpoint("hanna")

    desk.settle(outage)
    before = desk.told()
    desk.settle(desk.says("dana", about="INC-1", cause="A full disk."))

    assert before == [("first", "email", 3)], "nobody is told because an endpoint is there"
    assert desk.told()[1:] == [("update", "email", 3), ("first", "webhook", 1)]


def test_what_is_corrected_after_the_end_is_news_for_no_endpoint_that_comes_later(desk: Office) -> None:
    outage = desk.says("dana", **an_incident())
    desk.settle(outage)
    desk.settle(desk.says("dana", about="INC-1", status="resolved"))
    desk.endpoint("hanna")

    desk.settle(desk.says("dana", about="INC-1", act="correct", cause="A full disk."))

    assert {channel for _, channel, _ in desk.told()} == {"email"}


def test_a_correction_reaches_exactly_whom_each_channel_told(desk: Office) -> None:
    desk.endpoint("hanna")
    desk.settle(desk.says("dana", **an_incident(cause="A certificate.")))
    desk.endpoint("kenji")

    desk.settle(desk.says("dana", about="INC-1", act="correct", cause="A full disk."))

    assert desk.told()[2:] == [("correction", "email", 3), ("correction", "webhook", 1), ("first", "webhook", 1)]


@pytest.mark.slow
def test_a_slow_endpoint_brings_no_second_mail_with_a_correction(desk: Office) -> None:
    desk.endpoint("hanna")
    outage = desk.says("dana", **an_incident(cause="A certificate."))
    desk.settle(outage, by="email")
    (first,) = desk.rows("select id from notice where side = 'outside'")

    desk.settle(desk.says("dana", about="INC-1", act="correct", cause="A full disk.", notices=[first["id"]]))

    mails = [occasion for occasion, channel, _ in desk.told() if channel == "email"]
    assert mails == ["first", "correction"]


@pytest.mark.slow
def test_news_that_waits_for_a_slow_endpoint_keeps_no_mail_from_being_promised_and_kept(desk: Office) -> None:
    desk.endpoint("hanna")
    outage = desk.says("dana", **an_incident())
    desk.settle(outage, by="email")
    desk.settle(desk.says("dana", about="INC-1", cause="A full disk."), by="email")
    almost_due(desk)

    desk.plans.plan(outage)

    found = desk.rows(
        "select n.occasion, nc.channel from notice n join notice_channel nc on nc.notice_id = n.id"
        " where n.side = 'outside' and n.occasion = 'holding'"
    )
    assert found == [{"occasion": "holding", "channel": "email"}]


def test_holding_notices_are_counted_by_what_a_reader_got(desk: Office) -> None:
    desk.endpoint("hanna", "mara")
    outage = desk.says("dana", **an_incident())
    desk.settle(outage)
    for _ in range(2):
        almost_due(desk)
        desk.settle(outage)

    assert "holding notice 2 in a row" in holdings(desk, "email")[-1]
    assert "holding notice 2 in a row" in holdings(desk, "webhook")[-1]


def test_a_paused_channel_hears_the_newest_once_and_keeps_no_other_waiting(desk: Office) -> None:
    desk.endpoint("hanna")
    desk.post("/v1/sending/pause", {"channel": "webhook", "reason": "a test"})
    desk.settle(desk.says("dana", **an_incident()))
    outage = desk.says("dana", about="INC-1", cause="A full disk.")
    desk.settle(outage)
    before = desk.told()

    desk.post("/v1/sending/resume", {"channel": "webhook", "reason": "a test"})
    desk.settle(outage)

    assert before == [("first", "email", 3), ("update", "email", 3)]
    assert desk.told()[2:] == [("first", "webhook", 1)]
    (call,) = desk.get("/v1/outages/INC-1/deliveries?to=hanna")[2:]
    assert "A full disk." in call["text"]


def test_whoever_sleeps_is_told_on_waking_by_mail_and_at_once_by_webhook(desk: Office) -> None:
    desk.endpoint("hanna")
    desk.run(
        "update address set quiet_from = (forewarn_now() at time zone 'Europe/Berlin' - interval '1 hour')::time,"
        " quiet_to = (forewarn_now() at time zone 'Europe/Berlin' + interval '1 hour')::time"
    )

    desk.settle(desk.says("dana", **an_incident(severity="major")))

    rows = desk.get("/v1/outages/INC-1/deliveries?to=hanna")
    assert {row["channel"]: row["state"] for row in rows} == {"email": "moved", "webhook": "accepted"}
    assert desk.rows(
        "select nc.channel from notice n join notice_channel nc on nc.notice_id = n.id"
        " where n.occasion = 'wake' and n.side = 'outside'"
    ) == [{"channel": "email"}]
