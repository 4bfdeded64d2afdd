"""Promises of one notice on several channels: each is kept or missed by what its readers got."""

from datetime import timedelta

from forewarn.notice import Channel
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
