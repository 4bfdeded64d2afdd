"""T17, on real servers: what was wrong is taken back from exactly those who were told it."""

import pytest

from tests.support.home import Home, an_alert, an_event, until

CROWD = 160


def told_by(home: Home, occasion: str) -> set[str]:
    """Whoever is recorded as accepted or unknown of this occasion's notices."""
    rows = home.rows(
        "select d.address from notice n join notice_window w on w.notice_id = n.id join batch b on b.window_id = w.id"
        " cross join lateral unnest(b.ids) with ordinality as u (id, place)"
        " join address d on d.subscriber_id = u.id"
        " where n.occasion = %s and substr(b.outcomes, u.place::int, 1) in ('a', 'u')",
        occasion,
    )
    return {row["address"] for row in rows}


def readers_of(home: Home, words: str) -> list[str]:
    return [mail.recipients[0] for mail in home.mails() if words in home.text(mail)]


def test_a_correction_reaches_exactly_whoever_was_told(home: Home) -> None:
    home.import_demo()
    home.told(an_event(components=["payouts"], cause="A full disk."))
    told = set(home.readers())

    home.act("correct", components=[{"component": "payouts", "impact": "none"}, "card-payments"], cause="A lost key.")

    home.accounted()
    assert told_by(home, "correction") == told
    assert sorted(readers_of(home, "A lost key.")) == sorted(set(home.readers())), "each told, or first told, once"
    new = set(home.readers()) - told
    assert new, "whoever card payments touch is told a first"
    assert told_by(home, "first") == told | new


@pytest.mark.slow
def test_what_a_correction_says_was_wrong_is_named(home: Home) -> None:
    home.import_demo()
    home.told(an_event(cause="A full disk."))

    home.act("correct", cause="A lost key.")

    home.accounted()
    text = home.text(home.mails("hanna.vogel@nordwind.example")[-1])
    assert "A full disk." in text and "A lost key." in text and "falsch" in text


@pytest.mark.slow
@pytest.mark.parametrize(("act", "occasion"), [("correct", "correction"), ("withdraw", "withdrawn")])
def test_it_reaches_exactly_the_told_also_after_a_cancel_in_mid_run(home: Home, act: str, occasion: str) -> None:
    home.crowd(CROWD)
    home.sandbox.behave(latency_ms=400)
    home.post(an_event(cause="A full disk."))
    home.sandbox.wait_for(6 + int(0.4 * CROWD), 30)
    first = next(notice for notice in home.notices("outside") if notice["occasion"] == "first")
    home.on_sending(f"notices/{first['id']}/cancel")
    home.accounted()
    home.sandbox.behave()
    told = told_by(home, "first")
    assert 6 < len(told) < 12 + CROWD, "the cancel came in time for some"

    home.act(act, **({"cause": "A lost key."} if act == "correct" else {"note": "A test went out by mistake."}))

    home.accounted()
    assert told_by(home, occasion) == told


@pytest.mark.slow
def test_a_withdrawal_under_a_pause_stops_what_was_running_before_it_goes_on(home: Home) -> None:
    home.crowd(CROWD)
    home.sandbox.behave(latency_ms=400, refuse=[{"to_regex": "joel.okafor", "code": 450, "text": "4.2.0 later"}])
    home.post(an_event(cause="A full disk."))
    home.sandbox.wait_for(6 + CROWD // 5, 30)
    home.on_sending("sending/pause")

    home.act("withdraw")

    until(lambda: home.rows("select 1 from stop where confirmed_at is not null"), what="stopping the first")
    home.sandbox.behave()
    home.on_sending("sending/resume")
    home.accounted(60)
    told = told_by(home, "first")
    assert told == told_by(home, "withdrawn")
    assert len(told) < 12 + CROWD


@pytest.mark.slow
def test_the_end_waits_for_a_correction_in_the_air(home: Home) -> None:
    home.crowd(CROWD)
    home.told(an_event(cause="A full disk."))
    home.sandbox.behave(latency_ms=400)
    home.act("correct", cause="A lost key.")
    home.sandbox.wait_for(12 + CROWD + 6 + CROWD // 5, 30)

    home.act("report", status="resolved")
    home.sandbox.behave()

    home.accounted(60)
    assert told_by(home, "correction") == told_by(home, "resolved") == set(home.readers())


@pytest.mark.slow
def test_a_correction_of_what_is_over_leaves_nobody_out_whom_it_stopped(home: Home) -> None:
    home.crowd(CROWD)
    home.sandbox.behave(latency_ms=400)
    home.post(an_event(status="resolved", cause="A full disk."))
    home.sandbox.wait_for(6 + CROWD // 5, 30)

    home.act("correct", cause="A lost key.")
    home.sandbox.behave()

    home.accounted(60)
    assert len(set(home.readers())) == 12 + CROWD


@pytest.mark.slow
def test_a_withdrawn_incident_is_over_for_good_and_tells_nobody_new(home: Home) -> None:
    home.import_demo()
    home.told(an_event(components=["payouts"]))
    told = set(home.readers())

    home.act("withdraw", note="We looked at the wrong graph.")

    home.accounted()
    assert told_by(home, "withdrawn") == told == set(home.readers())
    assert home.desk("/v1/outages/INC-1")["status"] == "withdrawn"
    status, answer = home.post({"about": "INC-1", "cause": "A full disk."})
    assert status == 202
    assert home.done(answer["event_id"])["state"] == "failed"


@pytest.mark.slow
def test_a_withdrawal_in_the_hold_reaches_colleagues_and_no_customer(home: Home) -> None:
    home.import_demo()
    home.alert(an_alert(), token="monitoring")
    home.notice("inside", "first")

    home.act("withdraw")

    home.notice("inside", "withdrawn")
    home.accounted()
    assert home.notices("outside")[-1]["reason"] == "withdrawn"
    assert {reader.partition("@")[2] for reader in home.readers()} == {"acme.example"}


@pytest.mark.slow
def test_a_correction_overtakes_what_is_in_the_air(home: Home) -> None:
    home.crowd(CROWD)
    home.sandbox.behave(latency_ms=600)
    home.post(an_event(cause="A full disk."))
    home.sandbox.wait_for(6 + CROWD // 4, 30)

    home.act("correct", cause="A lost key.")
    until(lambda: home.rows("select 1 from stop where confirmed_at is not null"), what="stopping the first")
    home.sandbox.behave()

    letters = home.accounted()
    assert "P" in letters
    assert set(home.readers()) == told_by(home, "first"), "whoever the first did not reach has a first of its own"
    wrong, right = readers_of(home, "A full disk."), readers_of(home, "A lost key.")
    assert len(set(home.readers())) == 12 + CROWD
    assert sorted(right) == sorted(set(right)) and set(right) == set(home.readers())
    assert set(wrong) < set(right), "some are told the right cause only"
