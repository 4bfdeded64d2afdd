"""Laws of signatures and secrets, with Standard Webhooks' own library as the oracle."""

import textwrap
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from forewarn.signing import secrets_of, signed, written

DOCS = Path(__file__).parents[2] / "docs" / "webhooks.md"
NEW, OLD = "n" * 32, "o" * 32
BODY = '{"type":"notice.first","data":{"name":"Grüße 🚦"}}'.encode()


def headers(keys: tuple[str, ...], token: str, seconds_ago: int = 0) -> dict[str, str]:
    now = int(datetime.now(UTC).timestamp()) - seconds_ago
    signature = signed(secrets_of(keys, token), "00c0ffee.7", now, BODY)
    return {"webhook-id": "00c0ffee.7", "webhook-timestamp": str(now), "webhook-signature": signature}


def verifies(key: str, token: str, said: dict[str, str], body: bytes = BODY) -> bool:
    (secret,) = secrets_of([key], token)
    try:
        Webhook(written(secret)).verify(body, said)
    except WebhookVerificationError:
        return False
    return True


def test_it_is_the_signature_that_the_library_makes() -> None:
    (secret,) = secrets_of([NEW], "token")
    at = datetime(2026, 11, 22, 13, 2, tzinfo=UTC)

    ours = signed([secret], "00c0ffee.7", int(at.timestamp()), BODY)

    assert ours == Webhook(written(secret)).sign("00c0ffee.7", at, BODY.decode())


def test_while_keys_change_a_receiver_may_know_the_old_secret_or_the_new() -> None:
    said = headers((NEW, OLD), "token")

    assert verifies(NEW, "token", said) and verifies(OLD, "token", said)
    assert not verifies("x" * 32, "token", said)


def test_a_receiver_that_knows_its_secret_knows_nobody_elses() -> None:
    assert not verifies(NEW, "another", headers((NEW,), "token"))


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp"])
def test_id_and_time_are_signed_with_the_body(name: str) -> None:
    said = headers((NEW,), "token")
    said[name] = str(int(said["webhook-timestamp"]) + 1)

    assert not verifies(NEW, "token", said)
    assert not verifies(NEW, "token", headers((NEW,), "token"), BODY + b" ")


def test_a_secret_is_as_long_as_the_specification_wants() -> None:
    for secret in secrets_of([NEW, OLD], "token"):
        assert 24 <= len(secret) <= 64
        assert written(secret).startswith("whsec_")


def test_the_lines_in_the_docs_verify_what_we_sign_and_nothing_else() -> None:
    text = DOCS.read_text()
    lines = text[text.index("    import base64, hashlib") : text.index("### Answer")]
    told: dict[str, Any] = {}
    exec(textwrap.dedent(lines), told)
    secret = written(secrets_of([OLD], "token")[0])

    assert told["verified"](secret, headers((NEW, OLD), "token"), BODY)
    assert not told["verified"](secret, headers((NEW, OLD), "token"), BODY + b" ")
    assert not told["verified"](secret, headers((NEW,), "token"), BODY)
    assert not told["verified"](secret, headers((OLD,), "token", seconds_ago=600), BODY)
