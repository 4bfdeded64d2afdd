"""What the dispatch worker counts: tests apart from what is meant."""

from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from forewarn.contracts.messages import BatchSettled
from services.dispatch.outcome import Sent
from services.dispatch.worker import note
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
