"""W10, on real servers: two incidents are one by a person's word, and everybody hears the end of it, once."""

from collections import Counter

import pytest

from tests.story.test_takeback import told_by
from tests.support.home import Home, an_event
from tests.support.laws import accepted_once, planned_once

CROWD = 48


def ends(home: Home) -> Counter[str]:
    """How often each was told that it is over."""
    resolved = {notice["id"] for notice in home.rows("select id from notice where occasion = 'resolved'")}
    mails = [mail for mail in home.mails() if mail.notice in resolved]
    return Counter(mail.recipients[0] for mail in mails)


@pytest.mark.slow
def test_whoever_was_told_of_the_merged_incident_hears_its_end_through_the_other_once(home: Home) -> None:
    home.import_demo()
    home.told(an_event())
    home.told(an_event(components=["payouts"], cause="A full disk."))
    told = set(home.readers())

    home.cli("incident", "merge", "INC-2", "--into", "INC-1", "--yes", token="dana")
    home.accounted()
    home.act("report", status="resolved")
    home.accounted()

    assert ends(home) == Counter(dict.fromkeys(told, 1))
    assert told_by(home, "first") == told
    assert planned_once(home) == len(accepted_once(home))
    merged = home.desk("/v1/outages/INC-2")
    assert (merged["merged_into"], merged["notices"]) == ("INC-1", [])
    assert "merged into INC-1" in home.cli("incident", "show", "INC-2", token="rita")
    _, answer = home.post({"about": "INC-2", "status": "resolved"})
    assert home.done(answer["event_id"])["reason"] == "INC-2 was merged into INC-1; speak of that one"


@pytest.mark.slow
def test_what_was_in_the_air_at_the_merge_leaves_nobody_without_the_end(home: Home) -> None:
    home.crowd(CROWD)
    home.told(an_event(components=["payouts"]))
    home.sandbox.reset()
    home.sandbox.behave(latency_ms=400)
    home.post(an_event(cause="A full disk."))
    home.sandbox.wait_for(6 + CROWD // 5, 30)

    home.act("merge", "INC-2", into="INC-1")
    home.act("report", status="resolved")
    home.sandbox.behave()

    home.accounted(60)
    assert set(ends(home)) >= told_by(home, "first")
    assert set(ends(home).values()) == {1}
    assert planned_once(home) > CROWD
