"""Laws of a webhook's body and headers: valid JSON for every reader, signed, and with an id that stays the same."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook
from yarl import URL

from forewarn.content import Content, slot
from forewarn.contracts.messages import Batch
from forewarn.notice import Channel
from forewarn.signing import secrets_of, written
from services.dispatch.channels.letter import Letter, NoPayload
from tests.support.batches import a_batch, a_recipient

KEYS = ("n" * 32, "o" * 32)
NOW = datetime(2026, 11, 22, 14, 2, tzinfo=UTC)
TEXT = f'For {slot("accounts")}, at {slot("t0")}.\nÜber: "x"'
PAYLOAD = json.dumps({"type": "notice.first", "data": {"text": TEXT, "subject": slot("t0")}}, ensure_ascii=False)
URL_ = URL("https://hooks.nordwind.example:8443/in")


def a_webhook_batch(**changes: Any) -> Batch:
    content = Content(subject="s", text="", html="", times={1: ("14:02",), 2: ("22:02",)}, payload=PAYLOAD)
    return a_batch(1, **{"channel": Channel.WEBHOOK, "content": content} | changes)


def made(recipient: dict[str, Any] | None = None, **batch: Any) -> tuple[Any, dict[str, str]]:
    """The body as its receiver reads it, and the headers."""
    letter = Letter(a_webhook_batch(**batch), KEYS, lambda: NOW)
    body, headers = letter.to(a_recipient(**(recipient or {})), URL_)
    return json.loads(body), headers


@given(st.text(), st.text())
def test_the_body_is_valid_json_whatever_a_reader_is_called_or_the_hour_is(accounts: str, hour: str) -> None:
    content = Content(subject="", text="", html="", times={1: (hour,)}, payload=PAYLOAD)

    body, _ = made({"accounts": accounts}, content=content)

    assert body == {
        "type": "notice.first",
        "data": {"text": f'For {accounts}, at {hour}.\nÜber: "x"', "subject": hour},
    }


@pytest.mark.parametrize("evil", ['"}, "x": "', "\\", '\\"', "\x00\x1f\u2028", "\ud800", slot("t0")])
def test_no_value_breaks_out_of_its_string(evil: str) -> None:
    body, _ = made({"accounts": evil})

    assert body["data"]["text"].startswith(f"For {evil}, at 14:02")


def test_every_reader_reads_the_time_of_their_own_zone() -> None:
    assert made({"zone": 2})[0]["data"]["subject"] == "22:02"


def test_each_receiver_verifies_it_by_its_own_secret_of_either_key() -> None:
    letter = Letter(a_webhook_batch(), KEYS, lambda: datetime.now(UTC))  # a receiver refuses what is five minutes old
    reader = a_recipient(token="s3cret", name="Grüße 🚦")

    body, headers = letter.to(reader, URL_)

    for secret in secrets_of(KEYS, "s3cret"):
        Webhook(written(secret)).verify(body, headers)


def test_the_id_is_the_same_whoever_makes_it_and_whenever_and_in_whatever_round() -> None:
    first = made()[1]["webhook-id"]
    again = made(turn=1000, epoch="e2", batch_id=8)[1]["webhook-id"]

    assert first == again == "00c0ffee00c0ffee.100"
    assert made({"subscriber_id": 7})[1]["webhook-id"] != first
    assert made(notice_id="beef")[1]["webhook-id"] != first


def test_headers_say_what_it_is_who_sends_it_and_to_which_host() -> None:
    _, headers = made()

    assert headers["Content-Type"] == "application/json"
    assert headers["User-Agent"] == "Forewarn"
    assert headers["Host"] == "hooks.nordwind.example:8443"
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))


def test_nothing_is_made_of_a_batch_without_words_for_programs() -> None:
    with pytest.raises(NoPayload):
        made(content=Content(subject="s", text="t", html="h", times={}))
