"""Redis loses everything in mid-batch: nobody is lost, and few are told twice (DELIVERY §4, §7)."""

import time

import pytest
import redis

from tests.support.home import Home, an_event, until
from tests.support.laws import planned_once, repeats

pytestmark = pytest.mark.slow  # tests/integration/test_wheel.py flushes Redis in every run

PEOPLE = 160
CALLS_IN_THE_AIR = 16
LATENCY_MS = 150


def a_crowd(home: Home) -> None:
    """The demo's people, and many more customers."""
    home.import_demo()
    lines = [f"c{n},customer,kranich,Reader {n},reader{n}@kranich.example\n" for n in range(PEOPLE)]
    people = "id,role,accounts,name,email\n" + "".join(lines)
    status, report = home.request("PUT", "/v1/directory/people?format=csv", people.encode())
    assert status == 200 and report["added"] == PEOPLE, report


def told_half(home: Home) -> None:
    """An incident, a slow provider, and half of the readers told."""
    home.sandbox.behave(latency_ms=LATENCY_MS)
    home.post(an_event())
    home.sandbox.wait_for(12 + PEOPLE // 2, 30)


def flushed(home: Home) -> int:
    """Redis forgets everything; how many were accepted that the record does not know of yet."""
    with redis.Redis.from_url(home.house.servers.urls.redis) as client:
        client.flushall()
    accepted = home.sandbox.count()["accepted"]
    recorded = home.rows("select coalesce(sum(length(replace(outcomes, '.', ''))), 0) as n from batch")[0]["n"]
    return int(accepted - recorded)


def epoch(home: Home) -> str:
    return str(home.rows("select epoch from control")[0]["epoch"])


def everybody_told(home: Home, repeated_at_most: int) -> None:
    letters = home.accounted()
    assert letters == "a" * (12 + PEOPLE)
    assert planned_once(home) == 12 + PEOPLE
    assert home.sandbox.count()["recipients_distinct"] == 12 + PEOPLE
    extra = sum(count - 1 for count in repeats(home.mails()).values())
    assert extra <= repeated_at_most, f"{extra} repeats"


def test_a_runner_that_dies_with_redis_repeats_only_what_was_not_settled(home: Home) -> None:
    a_crowd(home)
    told_half(home)

    home.house.workers["dispatch"].kill()
    unsettled = flushed(home)
    home.house.workers["dispatch"].start()

    everybody_told(home, unsettled + CALLS_IN_THE_AIR)


def test_nothing_is_sent_without_a_snapshot_and_all_is_published_anew_under_a_new_epoch(home: Home) -> None:
    a_crowd(home)
    before = epoch(home)
    told_half(home)

    home.house.workers["planner"].kill()
    unsettled = flushed(home)
    time.sleep(2 * LATENCY_MS / 1000)  # what was in the air ends
    told = home.sandbox.count()["accepted"]
    time.sleep(2.5)  # what waits for a snapshot has come back once
    told_later = home.sandbox.count()["accepted"]
    home.house.workers["planner"].start()

    assert told_later == told < 12 + PEOPLE
    everybody_told(home, unsettled + CALLS_IN_THE_AIR)
    assert epoch(home) != before
    assert home.rows("select max(sweep_no) as most from batch")[0]["most"] == 1, "published anew once"


def test_redis_that_is_away_stops_the_sending_and_loses_nobody(home: Home) -> None:
    a_crowd(home)
    with redis.Redis.from_url(home.house.servers.urls.redis) as client:
        told_half(home)

        client.execute_command("CLIENT", "PAUSE", "4500", "ALL")
        until(lambda: client.ping(), 20, what="Redis to answer again")

    everybody_told(home, 0)
