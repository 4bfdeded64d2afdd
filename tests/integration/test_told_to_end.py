"""A dispatch told to end amid slow calls begins no other, hears these to their end, and hands on the rest."""

import time
from collections import Counter
from collections.abc import Iterator

import pytest

from forewarn.notice import Lane
from tests.support.home import Home, an_event, until
from tests.support.laws import POSITIONS, accepted_once, planned_once

pytestmark = pytest.mark.slow

CUSTOMERS = 400
CALL_SECONDS, CALLS_AT_ONCE = 3, 16

EVERY_LANE = """
create function of_one_lane() returns trigger language plpgsql as $$ begin new.lane := '{}'; return new; end $$;
create trigger of_one_lane before insert on notice for each row execute function of_one_lane();
"""


@pytest.fixture(params=[Lane.URGENT, Lane.BULK])
def slow(request: pytest.FixtureRequest, home: Home) -> Iterator[Home]:
    """A house in the middle of telling a crowd, on one lane: each call takes 3 s, and no cap binds."""
    home.crowd(CUSTOMERS)
    home.run(EVERY_LANE.format(request.param))
    try:
        home.sandbox.behave(latency_ms=CALL_SECONDS * 1000)
        status, answer = home.post(an_event())
        assert status == 202, answer
        until(lambda: home.sandbox.count()["accepted"] >= CALLS_AT_ONCE, what="the first mails")
        yield home
    finally:
        home.run("drop function of_one_lane cascade")


def test_a_dispatch_told_to_end_amid_slow_calls_ends_soon_and_nobody_is_unknown_or_told_twice(slow: Home) -> None:
    began = time.monotonic()
    slow.house.workers["dispatch"].stop()
    took, there = time.monotonic() - began, slow.sandbox.count()["accepted"]
    slow.sandbox.behave()
    slow.comes_back("dispatch")
    slow.accounted(60)

    assert took < CALL_SECONDS + 5, "no call began after it was told"
    assert there < CUSTOMERS / 2, "most were still to be called"
    accepted_once(slow)
    assert Counter(row["letter"] for row in slow.rows(POSITIONS)) == {"a": planned_once(slow)}
