"""H7 on real servers: whom one channel cannot reach is told by another, or again once the reason is gone."""

from collections.abc import Iterator

import pytest

from tests.support.home import Home, an_event, until
from tests.support.laws import accepted_once, planned_once

HANNA = "hanna.vogel@nordwind.example"
SHOP = "id,role,accounts,webhook\nshop,customer,nordwind,https://hooks.nordwind.example/in\n"
SHOP_BY_MAIL = "id,role,accounts,webhook,email,consents\nshop,customer,nordwind,,shop@nordwind.example,email\n"


@pytest.fixture(scope="module")
def hired(shared_home: Home) -> Iterator[None]:
    """One worker more in the house: a dispatch of webhooks."""
    worker = shared_home.house.hire("webhook", FOREWARN_CHANNEL="webhook")
    worker.start()
    worker.wait_ready()
    yield
    worker.kill()
    del shared_home.house.workers["webhook"]


def people(home: Home, lines: str) -> None:
    status, report = home.request("PUT", "/v1/directory/people?format=csv", lines.encode())
    assert status == 200 and report["faulty"] == 0, report


def told_by_mail(home: Home) -> bool:
    """Whether the first notice has reached every mailbox, and waits for a webhook."""
    seen = {(n["channel"], n["state"], n["sum"]["open"]) for n in home.notices("outside")}
    return seen == {("email", "drained", 0), ("webhook", "released", 1)}


@pytest.mark.slow
def test_whom_a_webhook_cannot_reach_is_told_by_mail_once(hired: None, home: Home) -> None:
    home.import_demo()
    people(home, SHOP)
    endpoint = {"to_regex": "hooks.nordwind"}
    home.sandbox.behave(webhook={"answer": [endpoint | {"status": 503}]})
    home.post(an_event(cause="A full disk."))
    until(lambda: told_by_mail(home), 20, "the call that is refused for now, and the mails of the others")
    people(home, SHOP_BY_MAIL)
    home.sandbox.behave(webhook={"answer": [endpoint | {"status": 410}]})

    child = home.notice("outside", "failover", seconds=40)
    home.accounted()

    (mail,) = home.mails("shop@nordwind.example")
    assert "A full disk." in home.text(mail) and "We noticed" in home.text(mail), "first words, the newest facts"
    sums = {(n["occasion"], n["channel"]): n["sum"] for n in home.notices("outside")}
    assert (sums["first", "webhook"]["moved"], sums["first", "webhook"]["failed"]) == (1, 0)
    assert sums["failover", "email"]["accepted"] == 1
    assert child["parent"] == next(n["id"] for n in home.notices("outside") if n["occasion"] == "first")
    planned_once(home)


@pytest.mark.slow
def test_whom_a_relay_refused_is_told_again_at_an_operators_word_and_nobody_else(home: Home) -> None:
    home.import_demo()
    home.sandbox.behave(refuse=[{"to_regex": HANNA, "code": 550}])
    home.told(an_event(cause="A full disk."))
    first = home.notice("outside", "first")
    unreached = home.mails(HANNA)
    home.sandbox.behave()

    said = home.cli("failed", "replay", "--notice", first["id"], "--reason", "The relay is mended.", "--yes")
    home.notice("outside", "replay")
    home.accounted()

    assert (unreached, first["sum"]["failed"]) == ([], 1)
    assert "tells 1 person by email" in said
    assert len(home.mails(HANNA)) == 1
    assert len(accepted_once(home)) == 12, "each of twelve people one mail"
    sums = {n["occasion"]: n["sum"] for n in home.notices("outside")}
    assert (sums["first"]["failed"], sums["first"]["moved"], sums["replay"]["accepted"]) == (0, 1, 1)
    assert [e["author"] for e in home.desk("/v1/outages/INC-1/log") if e["act"] == "replay"] == ["oleg"]
