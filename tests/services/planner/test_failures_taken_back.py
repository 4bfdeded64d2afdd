"""Children of failures when something was wrong: they give way to what takes it back, and pass it on in its words."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.planner.compose import Composer
from tests.services.planner.desks import Office, an_incident
from tests.services.planner.failing import answered, children, consented, operated, places, replay, sent


@pytest.fixture
def desk(database: str, composer: Composer) -> Iterator[Office]:
    with operated(database, composer) as here:
        yield here


def stops(desk: Office) -> list[tuple[str, str]]:
    rows = desk.rows("select n.occasion, s.reason from stop s join notice n on n.id = s.notice_id order by s.at")
    return [(row["occasion"], row["reason"]) for row in rows]


def with_a_child_in_the_air(desk: Office) -> int:
    """The first failed to reach hanna by mail, and a child calls her webhook; the others were told."""
    outage = sent(desk, **an_incident(cause="A full disk."))
    consented(desk, "hanna", "kenji")
    answered(desk, outage, hanna="R")
    return outage


def said(desk: Office, occasion: str) -> str:
    """What the newest notice of this occasion says to customers who were told before."""
    rows = desk.rows(
        "select c.body ->> 'text' || coalesce(c.body ->> 'payload', '') as said from content c"
        " join notice n on n.id = c.notice_id where n.occasion = %s and c.voice = 'customer' and c.locale = 'en'"
        " and c.told order by n.serial desc limit 1",
        occasion,
    )
    return str(rows[0]["said"])


# -- stopped ---------------------------------------------------------------------------------------------


def test_a_false_alarm_is_told_no_further_and_whoever_was_told_hears_that_it_was_one(desk: Office) -> None:
    outage = with_a_child_in_the_air(desk)

    sent(desk, act="withdraw", about="INC-1")
    answered(desk, outage, "webhook", hanna="W")
    answered(desk, outage)

    assert stops(desk) == [("failover", "withdrawn")]
    assert places(desk, "withdrawn", "email") == {"kenji": "a", "owen": "a"}
    assert places(desk, "withdrawn", "webhook") == {}, "she never heard of it"


@pytest.mark.slow
def test_whoever_heard_of_a_false_alarm_by_mail_is_told_by_the_webhook_if_mail_fails_again(desk: Office) -> None:
    outage = sent(desk, **an_incident())
    answered(desk, outage)
    sent(desk, about="INC-1", cause="A full disk.")
    consented(desk, "hanna")
    answered(desk, outage, hanna="R")

    sent(desk, act="withdraw", about="INC-1")
    answered(desk, outage, "webhook", hanna="W")
    answered(desk, outage, hanna="R")

    assert stops(desk) == [("failover", "withdrawn")]
    assert places(desk, "failover", "webhook") == {"hanna": "."}
    assert "in error" in said(desk, "failover")


def test_the_end_stops_a_child_of_failures_and_tells_whom_it_was_for(desk: Office) -> None:
    outage = with_a_child_in_the_air(desk)

    sent(desk, about="INC-1", status="resolved")
    answered(desk, outage, "webhook", hanna="P")

    assert stops(desk) == [("failover", "superseded")]
    assert places(desk, "resolved", "webhook") == {"hanna": ".", "kenji": "."}


def test_news_stops_a_slow_child_of_failures_and_tells_whom_it_was_for(desk: Office) -> None:
    outage = with_a_child_in_the_air(desk)
    desk.run("update notice_channel set released_at = released_at - interval '3 h'")

    sent(desk, about="INC-1", cause="A lost key.")
    answered(desk, outage, "webhook", hanna="P")

    assert stops(desk) == [("failover", "superseded")]
    assert places(desk, "update", "webhook") == {"hanna": ".", "kenji": "."}


# -- passed on -------------------------------------------------------------------------------------------


def corrected(desk: Office, **act: Any) -> int:
    """Everybody was told by mail, and a mail that takes it back failed to reach hanna, who has a webhook by now."""
    outage = sent(desk, **an_incident(cause="A full disk."))
    answered(desk, outage)
    sent(desk, about="INC-1", **act)
    consented(desk, "hanna")
    answered(desk, outage, hanna="R")
    return outage


def test_a_failover_of_a_correction_says_that_something_was_wrong(desk: Office) -> None:
    corrected(desk, act="correct", cause="A lost key.")

    text = said(desk, "failover")

    assert places(desk, "failover", "webhook") == {"hanna": "."}
    assert "notice.correction" in text and "was wrong" in text
    assert "A full disk." in text and "A lost key." in text, "what we said, and what is so"


@pytest.mark.slow
def test_a_replay_of_a_correction_says_that_something_was_wrong(desk: Office) -> None:
    outage = sent(desk, **an_incident(cause="A full disk."))
    answered(desk, outage)
    sent(desk, act="correct", about="INC-1", cause="A lost key.")
    answered(desk, outage, hanna="R")
    (correction,) = [n["id"] for n in desk.notices() if n["occasion"] == "correction"]

    replay(desk, correction)
    desk.freeze()

    assert places(desk, "replay", "email") == {"hanna": "."}
    assert "was wrong" in said(desk, "replay") and "A full disk." in said(desk, "replay")


def test_a_failover_of_a_notice_withdrawn_says_so(desk: Office) -> None:
    outage = sent(desk, **an_incident(cause="A full disk."))
    answered(desk, outage)
    (first,) = [n["id"] for n in desk.notices() if n["occasion"] == "first"]
    sent(desk, act="withdraw", about="INC-1", notices=[first])
    consented(desk, "hanna")
    answered(desk, outage, hanna="R")

    assert places(desk, "failover", "webhook") == {"hanna": "."}
    assert "have to take back a notice" in said(desk, "failover")


@pytest.mark.slow
def test_a_child_of_a_child_still_says_it(desk: Office) -> None:
    outage = corrected(desk, act="correct", cause="A lost key.")
    answered(desk, outage, "webhook", hanna="T")
    (child,) = children(desk)

    replay(desk, child["id"])
    desk.freeze()

    assert places(desk, "replay", "webhook") == {"hanna": "."}
    assert "was wrong" in said(desk, "replay") and "A full disk." in said(desk, "replay")


def test_a_child_of_what_is_no_mistake_says_how_it_stands(desk: Office) -> None:
    corrected(desk, cause="A lost key.")

    text = said(desk, "failover")

    assert places(desk, "failover", "webhook") == {"hanna": "."}
    assert "notice.update" in text and "wrong" not in text
