"""T13, on real servers under the fast clock: what readers were promised is kept, with news or without."""

from datetime import datetime, timedelta

import pytest

from tests.support.home import Home, an_event, until

KENJI = "kenji.morita@nordwind.example"


def promises(home: Home) -> list[str]:
    """What became of each promise to customers; one that is answered is judged at the clock's next round."""
    return [n["promise"] for n in home.notices("outside") if n["promised_at"]]


def promised(home: Home, minutes: int) -> str:
    return (home.now() + timedelta(minutes=minutes)).isoformat()


@pytest.mark.slow
def test_with_no_news_a_holding_notice_keeps_the_promise_and_makes_the_next(home: Home) -> None:
    home.import_demo()
    home.fast(10)
    home.told(an_event(next_update_at=promised(home, 3)))

    holding = home.notice("outside", "holding", seconds=40)

    first = until(lambda: next((n for n in home.notices("outside") if n["promise"] == "kept"), None), what="keeping")
    assert datetime.fromisoformat(holding["last_at"]) <= datetime.fromisoformat(first["promised_at"])
    assert datetime.fromisoformat(holding["promised_at"]) > datetime.fromisoformat(first["promised_at"])
    text = home.text(home.mails(KENJI)[1])
    assert "no news" in text.lower()
    assert not any(claim in text for claim in ("cause:", "have found", "is over", "are working on it"))


@pytest.mark.slow
def test_a_persons_update_resets_the_promise(home: Home) -> None:
    home.import_demo()
    home.told(an_event(next_update_at=promised(home, 14)))

    home.told({"about": "INC-1", "cause": "A full disk.", "next_update_at": promised(home, 90)})

    until(lambda: promises(home) == ["kept", "open"], what="the update's answer to the first promise")
    home.fast(240)
    first = next(n for n in home.notices("outside") if n["promised_at"])
    until(lambda: home.now() > datetime.fromisoformat(first["promised_at"]), 40, "the first promise's time")
    assert [n["occasion"] for n in home.notices("outside")] == ["first", "update"], "nothing more was owed"


@pytest.mark.slow
def test_a_promise_that_a_pause_breaks_is_missed_with_its_cause_and_told_late(home: Home) -> None:
    home.import_demo()
    home.told(an_event(next_update_at=promised(home, 12)))

    home.on_sending("sending/pause")
    home.fast(120)
    missed = until(lambda: home.rows("select cause from promise where state = 'missed'"), 40, "missing it")
    sent = home.sandbox.count()["accepted"]
    home.on_sending("sending/resume")

    assert {row["cause"] for row in missed} == {"paused"}
    home.notice("outside", "holding", seconds=30)
    assert sent == 12
    late = home.rows("select state, answered_by from promise order by due_at limit 1")[0]
    assert late["state"] == "missed" and late["answered_by"]


def test_what_is_over_owes_nothing(home: Home) -> None:
    home.import_demo()
    home.fast(120)
    home.told(an_event(next_update_at=promised(home, 20)))

    home.told({"about": "INC-1", "status": "resolved"})

    kept = [{"state": "kept"}]
    until(lambda: home.rows("select distinct state from promise") == kept, what="judging the promise")
    assert home.desk("/v1/outages/INC-1")["next_update_at"] is None
