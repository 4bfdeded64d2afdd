"""What a poster of webhooks meets."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest
import urllib3
from standardwebhooks import Webhook as Signer

from forewarn.dev.sandbox.client import Sandbox

SECRET = "whsec_c2VjcmV0IG9mIHRoZSBlbmRwb2ludCE="
HEADERS = {"webhook-id": "c0ffee.7", "webhook-timestamp": "1795388400", "webhook-signature": "v1,abc="}


def post(sandbox: Sandbox, path: str = "/in?a=1", **headers: str) -> urllib3.BaseHTTPResponse:
    return urllib3.request(
        "POST",
        f"http://127.0.0.1:{sandbox.webhook_port}{path}",
        body='{"subject":"gestört"}'.encode(),
        headers={"Host": "hooks.acme.example", **HEADERS} | headers,
        timeout=5,
        retries=False,
        redirect=False,
    )


def test_what_is_posted_anywhere_is_kept(sandbox: Sandbox) -> None:
    assert post(sandbox).status == 204

    (hook,) = sandbox.webhooks()

    assert (hook.url, hook.id, hook.body) == ("hooks.acme.example/in?a=1", "c0ffee.7", {"subject": "gestört"})
    assert HEADERS.items() <= hook.headers.items()
    assert sandbox.count() == {"accepted": 0, "recipients_distinct": 0, "webhooks": 1}
    assert sandbox.messages() == [] and sandbox.webhooks(after=hook.n) == []


def test_the_inbox_counts_it_apart(sandbox: Sandbox) -> None:
    post(sandbox)

    shown = urllib3.request("GET", sandbox.url).data.decode()

    assert "0 accepted" in shown and '<a href="/webhooks">1 webhook</a>' in shown


def test_only_a_post_is_taken(sandbox: Sandbox) -> None:
    assert urllib3.request("GET", f"http://127.0.0.1:{sandbox.webhook_port}/").status == 405


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        ({"status": 200}, 1),
        ({"status": 410}, 0),
        ({"status": 503, "retry_after": "7"}, 0),
        ({"status": 302, "location": "http://169.254.169.254/"}, 0),
        ({"status": 200, "body_bytes": 1_000_000}, 1),
    ],
)
def test_an_endpoint_answers_as_told_and_keeps_what_it_answers_with_2xx(
    sandbox: Sandbox, answer: dict[str, Any], kept: int
) -> None:
    sandbox.behave(webhook={"answer": [{"to_regex": r"^hooks\.acme\.example/in", "times": 1, **answer}]})

    heard = post(sandbox)

    assert heard.status == answer["status"]
    assert heard.headers.get("Retry-After", "") == answer.get("retry_after", "")
    assert heard.headers.get("Location", "") == answer.get("location", "")
    assert len(heard.data) == answer.get("body_bytes", 0)
    assert len(sandbox.webhooks()) == kept
    assert post(sandbox).status == 204


@pytest.mark.parametrize("kind", ["time_out", "drop"])
@pytest.mark.parametrize(("stage", "kept"), [("before_accept", 0), ("after_accept", 1)])
def test_an_unanswered_call_is_recorded_only_after_accept(sandbox: Sandbox, kind: str, stage: str, kept: int) -> None:
    hang = {"hang_seconds": 0.05} if kind == "time_out" else {}
    sandbox.behave(webhook={kind: [{"stage": stage, **hang}]})

    with pytest.raises(urllib3.exceptions.ProtocolError):
        post(sandbox)

    assert len(sandbox.webhooks()) == kept


def test_the_answer_waits_for_the_latency(sandbox: Sandbox) -> None:
    sandbox.behave(webhook={"latency_ms": 100})
    began = time.monotonic()

    post(sandbox)

    assert time.monotonic() - began >= 0.1


def test_a_signature_is_verified_when_told(sandbox: Sandbox) -> None:
    sandbox.behave(webhook={"verify": [{"to_regex": "^hooks", "secret": SECRET}]})
    moment = datetime.now(UTC)
    signature = Signer(SECRET).sign("c0ffee.7", moment, '{"subject":"gestört"}')
    stamp = str(int(moment.timestamp()))

    signed = post(sandbox, **{"webhook-timestamp": stamp, "webhook-signature": f"v1,other= {signature}"})

    assert (signed.status, post(sandbox).status) == (204, 401)
    assert len(sandbox.webhooks()) == 1
