"""Webhooks, from an event to a receiver that verifies what came, on real servers."""

from collections.abc import Iterator

import pytest
from standardwebhooks import Webhook as Receiver

from forewarn.contracts.webhook import WebhookPayload
from forewarn.dev.sandbox.mail import Webhook
from tests.support.home import Home, an_event

PEOPLE = """id,role,accounts,webhook
shop,customer,nordwind,https://hooks.nordwind.example/In?team=a%20b
desk,support,,https://hooks.acme.example/desk
"""
SHOP, DESK = "hooks.nordwind.example/In?team=a%20b", "hooks.acme.example/desk"


@pytest.fixture(scope="module")
def hired(shared_home: Home) -> Iterator[None]:
    """One worker more in the house: a dispatch of webhooks."""
    worker = shared_home.house.hire("webhook", FOREWARN_CHANNEL="webhook")
    worker.start()
    worker.wait_ready()
    yield
    worker.kill()
    del shared_home.house.workers["webhook"]


@pytest.fixture
def wired(hired: None, home: Home) -> Home:
    """The demo's people, a customer's program and one of our own."""
    home.import_demo()
    status, report = home.request("PUT", "/v1/directory/people?format=csv", PEOPLE.encode())
    assert (status, report["added"]) == (200, 2), report
    return home


def verified(home: Home, person: str, webhook: Webhook) -> WebhookPayload:
    """What the receiver reads once it has verified it by the secret that the operator handed it."""
    status, view = home.request("GET", f"/v1/directory/people/{person}/webhook-secret")
    assert status == 200, view
    Receiver(view["secrets"][0]).verify(webhook.text.encode(), dict(webhook.headers))
    return WebhookPayload.model_validate_json(webhook.text)


def test_programs_are_told_what_people_are_and_can_verify_it(wired: Home) -> None:
    wired.told(an_event(cause="A full disk."))
    wired.told(an_event(about="INC-1", status="identified"))

    came = {url: [each for each in wired.sandbox.webhooks() if each.url == url] for url in (SHOP, DESK)}
    shop = [verified(wired, "shop", each) for each in came[SHOP]]
    desk = [verified(wired, "desk", each) for each in came[DESK]]
    assert [each.type for each in shop] == [each.type for each in desk] == ["notice.first", "notice.update"]
    assert {each.data.outage for each in shop + desk} == {"INC-1"}
    assert {each.data.severity for each in shop} == {None}
    assert {each.data.severity for each in desk} == {"critical"}
    assert len(wired.readers()) == 24, "twelve people read two mails each, as without webhooks"
    assert [each.headers["webhook-id"].partition(".")[0] for each in came[SHOP]] == [e.data.notice for e in shop]


@pytest.mark.slow
def test_an_endpoint_that_says_no_is_accounted_for_beside_one_that_is_told(wired: Home) -> None:
    wired.sandbox.behave(webhook={"answer": [{"to_regex": "nordwind", "status": 410}]})

    wired.told(an_event())

    sums = {(n["side"], n["channel"]): n["sum"] for n in wired.desk("/v1/outages/INC-1")["notices"]}
    assert sums["outside", "webhook"]["reasons"] == {"rejected": 1}
    assert sums["inside", "webhook"]["accepted"] == 1
    assert {each["accounted"] for each in sums.values()} == {1.0}


@pytest.mark.slow
def test_a_mistake_and_an_end_reach_mailbox_and_endpoint_of_whoever_has_both(wired: Home) -> None:
    both = b"id,role,accounts,webhook\ncrm-101,customer,nordwind,https://hanna.nordwind.example/in\n"
    assert wired.request("PUT", "/v1/directory/people?format=csv", both)[0] == 200
    wired.told(an_event(cause="A full disk."))

    wired.act("correct", cause="A lost key.")
    wired.accounted()
    wired.told(an_event(about="INC-1", status="resolved"))

    calls = [each for each in wired.sandbox.webhooks() if each.url == "hanna.nordwind.example/in"]
    read = [verified(wired, "crm-101", call).data for call in calls]
    mails = wired.mails("hanna.vogel@nordwind.example")
    assert [each.occasion for each in read] == ["first", "correction", "resolved"]
    assert [mail.subject for mail in mails] == [each.subject for each in read]
    assert "A full disk." in read[1].text and "A lost key." in read[1].text
    assert read[2].status == "resolved" and read[2].resolved_at is not None
    assert "(UTC+1)" in read[0].text and "(UTC+1)" in wired.text(mails[0])
