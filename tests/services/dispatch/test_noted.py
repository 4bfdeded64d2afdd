"""What is counted of a batch message: tests apart from what is meant."""

from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from forewarn.contracts.messages import BatchSettled
from services.dispatch.noted import note
from services.dispatch.outcome import Sent
from tests.support.batches import a_batch

MEANT = ("forewarn_recipients_total", {"channel": "email", "state": "accepted", "reason": "none"})
TRIED = ("forewarn_test_recipients_total", {"channel": "email", "state": "accepted"})


def counted(series: tuple[str, dict[str, str]]) -> float:
    return REGISTRY.get_sample_value(*series) or 0.0


@pytest.mark.parametrize("test, meant, tried", [(False, 2, 0), (True, 0, 2)])
def test_recipients_of_tests_are_counted_apart(test: bool, meant: int, tried: int) -> None:
    before = counted(MEANT), counted(TRIED)
    batch = a_batch(3, test=test)

    note(batch, Sent(BatchSettled(batch_id=7, letters="aa."), "mine", None, timedelta(0)))

    assert (counted(MEANT) - before[0], counted(TRIED) - before[1]) == (meant, tried)


def test_attempts_are_counted_by_provider_and_which_it_was() -> None:
    def attempts() -> list[float]:
        series = ({"provider": "ses", "attempt": attempt} for attempt in ("1", "2", "3+"))
        return [counted(("forewarn_attempts_total", labels)) for labels in series]

    before = attempts()
    settled, called = BatchSettled(batch_id=7, letters="..."), {("ses", 1): 50, ("ses", 3): 2, ("ses", 5): 1}

    for test in (False, True):
        note(a_batch(3, test=test), Sent(settled, "mine", None, timedelta(0), called=called))

    assert [now - then for now, then in zip(attempts(), before, strict=True)] == [50, 0, 3]
