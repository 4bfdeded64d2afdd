"""Laws of counting a provider's calls."""

import asyncio
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from forewarn.delivery import Accepted, Answer, NotReached, Refused, Unanswered
from services.dispatch.breaker import Result
from services.dispatch.watched import Watched
from tests.support.batches import a_batch, a_recipient
from tests.support.provider import FakeProvider


def a_provider(*answers: Answer | Exception) -> FakeProvider:
    fake = FakeProvider({place: [answer] for place, answer in enumerate(answers)}, call_size=50, calls_at_once=7)
    fake.account, fake.cap_per_second = "trial:somewhere", 14.0
    return fake


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, {"provider": "trial", **labels}) or 0.0


def call(provider: Watched, people: int) -> list[Answer]:
    return list(asyncio.run(provider.prepare(a_batch(people)).call([a_recipient(place) for place in range(people)])))


@pytest.mark.parametrize(
    "answers, result",
    [
        ([Accepted(), NotReached()], "answered"),
        ([Refused(transient=False)], "answered"),
        ([NotReached(timedelta(seconds=2))], "throttled"),
        ([NotReached(), NotReached()], "not_reached"),
        ([NotReached(), Unanswered()], "unanswered"),
    ],
)
def test_each_call_is_counted_once_by_what_it_came_to(answers: list[Answer], result: str) -> None:
    before = {each: counted("forewarn_provider_calls_total", result=each) for each in Result}
    timed = counted("forewarn_provider_call_seconds_count")

    assert call(Watched(a_provider(*answers)), len(answers)) == answers

    after = {each: counted("forewarn_provider_calls_total", result=each) for each in Result}
    assert {each: after[each] - before[each] for each in after} == {each: each == result for each in after}
    assert counted("forewarn_provider_call_seconds_count") - timed == 1


def test_what_was_asked_of_nobody_is_counted_as_no_call() -> None:
    before = {each: counted("forewarn_provider_calls_total", result=each) for each in Result}

    call(Watched(a_provider(Refused(transient=False, asked=False))), 1)

    assert {each: counted("forewarn_provider_calls_total", result=each) for each in Result} == before


def test_a_call_that_raises_is_counted_as_unanswered_and_is_not_in_flight_any_more() -> None:
    before = counted("forewarn_provider_calls_total", result="unanswered")

    with pytest.raises(RuntimeError):
        call(Watched(a_provider(RuntimeError("a bug"))), 1)

    assert counted("forewarn_provider_calls_total", result="unanswered") - before == 1
    assert counted("forewarn_calls_in_flight") == 0


def test_while_it_lasts_it_is_in_flight() -> None:
    fake, seen = a_provider(), list[float]()
    fake.on_call = lambda _position: seen.append(counted("forewarn_calls_in_flight"))

    call(Watched(fake), 1)

    assert (seen, counted("forewarn_calls_in_flight")) == ([1], 0)


def test_all_else_is_the_provider_s() -> None:
    watched = Watched(a_provider())

    assert (watched.account, watched.cap_per_second, watched.call_size, watched.calls_at_once) == (
        *("trial:somewhere", 14.0, 50, 7),
    )
