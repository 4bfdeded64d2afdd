"""Promises of one notice on several channels: each is kept or missed by what its readers got."""

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
