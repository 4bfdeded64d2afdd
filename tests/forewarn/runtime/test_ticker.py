"""Laws of a ticker."""

import itertools
import threading
import time

from forewarn.runtime.ticker import Ticker
from tests.support.home import until


def test_the_first_round_is_at_once_and_the_next_after_so_many_seconds() -> None:
    began = list[float]()
    ticker = Ticker("test", lambda: began.append(time.monotonic()), 0.05)

    ticker.start()
    until(lambda: len(began) >= 3, what="three rounds")
    ticker.stop()

    assert all(later - before >= 0.05 for before, later in itertools.pairwise(began))


def test_no_round_begins_once_it_was_stopped_and_the_one_under_way_is_waited_for() -> None:
    entered, leave, ended = threading.Event(), threading.Event(), list[str]()

    def step() -> None:
        entered.set()
        leave.wait(5)
        ended.append("a round")

    ticker = Ticker("test", step, 0.0)
    ticker.start()
    assert entered.wait(5)
    threading.Timer(0.05, leave.set).start()
    ticker.stop()

    assert ended == ["a round"]


def test_a_step_that_hangs_is_seen() -> None:
    leave = threading.Event()

    def step() -> None:
        leave.wait(5)

    hangs = Ticker("test", step, 0.01, longest_seconds=0.1)

    assert hangs.alive
    hangs.start()
    until(lambda: not hangs.alive, what="a heart that does not beat")
    leave.set()
    until(lambda: hangs.alive, what="a heart that beats again")
    hangs.stop()


def test_a_round_hears_how_late_it_begins() -> None:
    late = list[float]()
    ticker = Ticker("test", lambda: time.sleep(0.05), 0.01, begun=late.append)

    ticker.start()
    until(lambda: len(late) >= 3, what="three rounds")
    ticker.stop()

    assert late[0] < 0.05 and all(seconds >= 0.03 for seconds in late[1:])
