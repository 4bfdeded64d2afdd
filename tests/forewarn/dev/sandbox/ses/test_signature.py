"""Signatures, made by botocore's signer and looked at by ours."""

from datetime import UTC, datetime, timedelta

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from forewarn.dev.sandbox.ses.faults import Fault
from forewarn.dev.sandbox.ses.signature import unsigned

URL = "http://127.0.0.1:4567/v2/email/outbound-bulk-emails"


def look(
    key: str = "sandbox", secret: str = "sandbox", service: str = "ses", late: timedelta = timedelta(0), **given: str
) -> Fault | None:
    """What is said of a call that was signed so, `late` later, with these headers put over those that were signed."""
    request = AWSRequest("POST", URL, {"Host": "127.0.0.1:4567", "Content-Type": "application/json"}, b"{}")
    SigV4Auth(Credentials(key, secret), service, "eu-central-1").add_auth(request)
    body = given.pop("body", "{}").encode()
    for name, value in given.items():
        request.headers.replace_header(name, value)
    return unsigned("POST", URL, request.headers, body, datetime.now(UTC) + late)


def test_what_botocore_signs_is_taken() -> None:
    assert look() is None


def test_another_account_is_looked_at_for_its_form_only() -> None:
    assert look(key="AKIAEXAMPLE", secret="unknown to us") is None


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (look(secret="other"), "does not match"),
        (look(service="sns"), "correct service: 'ses'"),
        (look(body='{"more": 1}'), "does not match"),
        (look(late=timedelta(minutes=6)), "Signature expired"),
        (look(late=timedelta(minutes=-6)), "Signature expired"),
        (look(Authorization="Bearer x"), "no AWS4-HMAC-SHA256"),
    ],
)
def test_what_is_wrong_with_a_signature_is_said(fault: Fault | None, said: str) -> None:
    assert fault and fault.status == 403 and said in fault.message
