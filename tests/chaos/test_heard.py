"""Whose answer was never sent, read from a real sandbox's record."""

import time
from collections.abc import Sequence

import orjson
import pytest
import urllib3

from forewarn.dev.sandbox.client import Sandbox
from tests.chaos.heard import taken_without_an_answer
from tests.support.ses import PATH

ALWAYS = (0.0, float("inf"))
UNCHECKED = {"checks": False}


@pytest.mark.parametrize("fault", [{"drop": [{"stage": "after_accept", "times": 1}]}, {"lag_ms": 2_000}])
def test_whoever_was_taken_and_not_answered_is_known_by_name(sandbox: Sandbox, fault: dict[str, object]) -> None:
    caller = urllib3.PoolManager(retries=False, timeout=1.0)
    sandbox.behave(ses=UNCHECKED)
    calls(sandbox, caller, [1, 2])
    sandbox.behave(ses=UNCHECKED | fault)

    with pytest.raises(urllib3.exceptions.HTTPError):
        calls(sandbox, caller, [3, 4])
    by_then = time.time()
    sandbox.behave(ses=UNCHECKED)
    calls(sandbox, caller, [5])

    assert taken_without_an_answer(sandbox.record, (0.0, by_then)) == {("n1", "email", 3), ("n1", "email", 4)}


def test_what_was_taken_before_and_after_is_left_out(sandbox: Sandbox) -> None:
    sandbox.behave(ses=UNCHECKED)
    calls(sandbox, urllib3.PoolManager(), [1])

    assert taken_without_an_answer(sandbox.record, (0.0, time.time() - 60)) == set()
    assert taken_without_an_answer(sandbox.record, ALWAYS) == {("n1", "email", 1)}


def calls(sandbox: Sandbox, caller: urllib3.PoolManager, people: Sequence[int]) -> None:
    """One SendBulkEmail of notice n1 for these people."""
    entries = [
        {
            "Destination": {"ToAddresses": [f"reader{person}@nordwind.example"]},
            "ReplacementHeaders": [{"Name": "X-Forewarn-Id", "Value": f"n1.{person}"}],
        }
        for person in people
    ]
    body = orjson.dumps({"FromEmailAddress": "status@norhaven.example", "BulkEmailEntries": entries})
    answer = caller.request("POST", sandbox.ses_url + PATH, body=body)
    assert answer.status == 200, answer.data
