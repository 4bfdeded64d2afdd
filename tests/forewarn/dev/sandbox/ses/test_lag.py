"""An answer that lags: the call is on record long before its caller hears of it."""

from concurrent.futures import ThreadPoolExecutor

from forewarn.dev.sandbox.client import Sandbox
from tests.forewarn.dev.sandbox.ses.conftest import Call


def test_what_is_accepted_is_on_record_before_the_answer_that_lags(sandbox: Sandbox, send: Call) -> None:
    sandbox.behave(ses={"lag_ms": 700})

    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(send)
        sandbox.wait_for(1, 10)
        answered_by_then = answer.done()

    assert not answered_by_then
    assert [each["Status"] for each in answer.result()["BulkEmailEntryResults"]] == ["SUCCESS"]
