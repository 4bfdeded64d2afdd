"""A hand on the wheel while a notice runs: pause, cancel, stop, each with nobody lost and nobody told twice."""

import re
import time

import pytest
import redis

from forewarn.contracts.names import CONTROL_KEY
from tests.support.home import Home, an_event, until
from tests.support.laws import planned_once, repeats

pytestmark = pytest.mark.slow

CROWD = 160
FIRST_WORDS = re.compile("We noticed|Wir haben das")


def running(home: Home, share: float, latency_ms: int = 400) -> None:
    """An incident whose first has reached so great a share of the customers."""
    home.crowd(CROWD)
    home.sandbox.behave(latency_ms=latency_ms)
    home.post(an_event(cause="A full disk."))
    home.sandbox.wait_for(6 + int(share * CROWD), 30)


def standstill(home: Home, seconds: float = 1.5) -> int:
    """Watch that nothing more is accepted; how many were."""
    before = home.sandbox.count()["accepted"]
    time.sleep(seconds)
    assert home.sandbox.count()["accepted"] == before
    return int(before)


def test_an_update_during_a_running_first_gives_nobody_two_firsts_and_leaves_nobody_out(home: Home) -> None:
    running(home, 0.3)

    home.act("report", status="identified", cause="A lost key.")
    home.sandbox.behave()
    home.accounted()

    by_reader: dict[str, list[str]] = {}
    for mail in home.mails():
        by_reader.setdefault(mail.recipients[0], []).append(home.text(mail))
    assert len(by_reader) == 12 + CROWD
    assert all(len(texts) == len(set(texts)) for texts in by_reader.values())
    assert all("A lost key." in texts[-1] for texts in by_reader.values())
    assert all(len(FIRST_WORDS.findall("".join(texts))) <= 1 for texts in by_reader.values())
    assert repeats(home.mails()) == {}


def test_the_end_stops_a_running_first_and_reaches_whoever_it_did_not(home: Home) -> None:
    running(home, 0.3)

    home.act("report", status="resolved")
    until(lambda: home.rows("select 1 from stop where confirmed_at is not null"), what="stopping the first")
    home.sandbox.behave()

    letters = home.accounted()
    assert "P" in letters, "the first was stopped"
    last = {mail.recipients[0]: home.text(mail) for mail in home.mails()}
    assert len(last) == 12 + CROWD
    ends = ("is over", "is resolved", "ist vorbei")
    assert all(any(words in text for words in ends) for text in last.values())
    assert planned_once(home) == len(letters)


def test_a_pause_acts_within_two_seconds_between_provider_calls_and_loses_nobody(home: Home) -> None:
    running(home, 0.2, latency_ms=300)

    began = time.monotonic()
    home.on_sending("sending/pause", reason="Wrong words.")
    until(lambda: _calls_ended(home), 5, "the last call")
    took = time.monotonic() - began - 0.5
    told = standstill(home)

    assert took <= 2
    assert told < 12 + CROWD
    assert home.desk("/v1/status")["paused"][0]["reason"] == "Wrong words."
    home.on_sending("sending/resume")
    home.sandbox.behave()
    assert home.accounted(40) == "a" * (12 + CROWD)
    assert repeats(home.mails()) == {}


def test_a_pause_holds_through_the_loss_of_redis_and_of_every_worker(home: Home) -> None:
    running(home, 0.2)
    home.on_sending("sending/pause")
    until(lambda: _calls_ended(home), 5, "the last call")
    told = standstill(home, 0.5)

    with redis.Redis.from_url(home.house.servers.urls.redis) as client:
        client.flushall()
    for service in ("dispatch", "planner"):
        home.house.workers[service].kill()
        home.comes_back(service)
    home.post({"about": "INC-1", "cause": "A lost key."})
    with redis.Redis.from_url(home.house.servers.urls.redis) as client:
        until(lambda: client.exists(CONTROL_KEY), what="a new snapshot")

    assert standstill(home, 4) == told, "also after the open batches were published under the new epoch"
    home.on_sending("sending/resume")
    home.sandbox.behave()
    home.accounted(60)
    assert len(set(home.readers())) == 12 + CROWD
    assert repeats(home.mails()) == {}, "the marks are lost, the record was settled: nobody is told twice"


def test_a_pause_of_one_incident_holds_no_other(home: Home) -> None:
    home.import_demo()
    home.told(an_event())
    home.told(an_event(components=["payouts"]))
    sent = home.sandbox.count()["accepted"]

    home.on_sending("sending/pause", incident="INC-1")
    home.post({"about": "INC-1", "cause": "A full disk."})
    home.post({"about": "INC-2", "cause": "A lost key."})
    until(lambda: home.sandbox.count()["accepted"] == sent + 6, what="telling of INC-2")

    assert home.notices("inside")[-1]["state"] == "waiting"
    home.on_sending("sending/resume", incident="INC-1")
    home.accounted()
    assert home.sandbox.count()["accepted"] == sent + 6 + 12


def test_what_waited_out_a_pause_tells_the_newest_facts_once(home: Home) -> None:
    home.import_demo()
    home.told(an_event())
    home.on_sending("sending/pause")
    for cause in ("A full disk.", "A lost key."):
        home.act("report", cause=cause)
    standstill(home, 0.5)

    home.on_sending("sending/resume")

    home.accounted()
    updates = home.mails()[12:]
    assert len(updates) == 12
    assert all("A lost key." in home.text(mail) for mail in updates)


def test_a_cancelled_notice_tells_nobody_more_and_everybody_is_accounted_for(home: Home) -> None:
    running(home, 0.4)
    first = next(notice for notice in home.notices("outside") if notice["occasion"] == "first")

    home.on_sending(f"notices/{first['id']}/cancel", reason="Wrong words.")

    letters = home.accounted()
    assert letters.count("C") > 0 and set(letters) <= set("aCu")
    told = standstill(home)
    assert told == letters.count("a") + letters.count("u")
    (act,) = [entry for entry in home.desk("/v1/outages/INC-1/log") if entry["act"] == "cancel"]
    assert (act["author"], act["revision"]) == ("dana", 1)


def _calls_ended(home: Home) -> bool:
    """Nothing was accepted for half a second."""
    before = home.sandbox.count()["accepted"]
    time.sleep(0.5)
    return bool(home.sandbox.count()["accepted"] == before)
