"""What a program reads from the sandbox provider, and how it is told when it asks wrongly."""

from smtplib import SMTP

import pytest
import urllib3

from forewarn.dev.sandbox.client import Sandbox
from forewarn.dev.sandbox.process import SandboxError

A_NOTICE = (
    b"From: Status <status@acme.example>\r\nTo: u@x.example\r\n"
    b"Subject: =?utf-8?q?=5BINC-7=5D_Zahlungen_gest=C3=B6rt?=\r\n"
    b"Message-ID: <n1@acme.example>\r\nReferences: <inc-7@acme.example>\r\n <n0@acme.example>\r\n"
    b"X-Forewarn-Notice: holding\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    b"gest\xc3\xb6rt\r\n"
    b"--b\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n<p>gest\xf6rt</p>\r\n--b--\r\n"
)


def deliver(relay: SMTP, *recipients: str, raw: bytes = A_NOTICE) -> None:
    for to in recipients:
        relay.sendmail("bounce@acme.example", [to], raw)


def test_a_list_names_what_a_test_asks_of_a_notice(sandbox: Sandbox, relay: SMTP) -> None:
    deliver(relay, "u@x.example")

    (mail,) = sandbox.messages()

    assert mail.subject == "[INC-7] Zahlungen gestört"
    assert mail.message_id == "<n1@acme.example>"
    assert mail.references == ("<inc-7@acme.example>", "<n0@acme.example>")
    assert mail.notice == "holding"
    assert (mail.provider, mail.id) == ("smtp", "n1")


def test_an_opened_message_shows_every_part_decoded(sandbox: Sandbox, relay: SMTP) -> None:
    deliver(relay, "u@x.example")

    opened = sandbox.read(sandbox.messages()[0].n)

    assert (opened.text or "").strip() == "gestört"
    assert (opened.html or "").strip() == "<p>gestört</p>"
    assert opened.header("subject") == "[INC-7] Zahlungen gestört"
    assert [name for name, _ in opened.headers][:3] == ["From", "To", "Subject"]


def test_raw_is_the_message_to_the_byte(sandbox: Sandbox, relay: SMTP) -> None:
    deliver(relay, "u@x.example")
    n = sandbox.messages()[0].n

    answer = urllib3.request("GET", f"{sandbox.url}/messages/{n}/raw")

    assert answer.headers["content-type"] == "message/rfc822"
    assert answer.data == sandbox.read(n).raw == A_NOTICE


def test_to_is_a_whole_address_in_any_case(sandbox: Sandbox, relay: SMTP) -> None:
    deliver(relay, "ana@x.example", "nana@x.example", "ANA@x.example")

    found = [mail.recipients[0] for mail in sandbox.messages(to="Ana@x.example")]

    assert found == ["ana@x.example", "ANA@x.example"]


def test_subject_is_a_part_of_the_decoded_subject(sandbox: Sandbox, relay: SMTP) -> None:
    deliver(relay, "u@x.example")
    deliver(relay, "v@x.example", raw=b"Subject: other\r\n\r\n")

    assert [mail.recipients[0] for mail in sandbox.messages(subject="GESTÖRT")] == ["u@x.example"]


def test_after_gives_only_what_is_newer(sandbox: Sandbox, relay: SMTP) -> None:
    deliver(relay, "u@x.example", "v@x.example", "w@x.example")
    first = sandbox.messages()[0].n

    assert [mail.recipients[0] for mail in sandbox.messages(after=first)] == ["v@x.example", "w@x.example"]
    assert sandbox.messages(after=first + 2) == []


def test_count_tells_messages_from_recipients(sandbox: Sandbox, relay: SMTP) -> None:
    deliver(relay, "u@x.example", "u@x.example", "v@x.example")

    assert sandbox.count() == {"accepted": 3, "recipients_distinct": 2, "webhooks": 0}


def test_a_message_that_never_came_is_404(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxError, match=r"404.*no message 999999"):
        sandbox.read(999_999)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"latncy_ms": 5}, "latncy_ms"),
        ({"latency_ms": -1}, "latency_ms"),
        ({"greeting": "hello"}, "greeting"),
        ({"refuse": [{"to_regex": "(", "code": 550}]}, "valid regular expression"),
        ({"refuse": [{"to_regex": "x", "code": 250}]}, "code"),
        ({"refuse": [{"to_regex": "x", "code": 550, "text": "a\r\n250 b"}]}, "text"),
        ({"drop": [{"to_regex": "x", "times": 0}]}, "times"),
        ({"time_out": [{"to_regex": "x", "stage": "whenever"}]}, "before_accept"),
        ({"ses": {"refuse": [{"to_regex": "x", "status": "GONE"}]}}, "MESSAGE_REJECTED"),
        ({"ses": {"max_send_rate": 0}}, "max_send_rate"),
        ({"webhook": {"answer": [{"status": 99}]}}, "status"),
    ],
)
def test_a_wrong_behaviour_is_refused_by_name_and_changes_nothing(
    sandbox: Sandbox, settings: dict[str, object], named: str
) -> None:
    sandbox.behave(latency_ms=7)

    with pytest.raises(SandboxError, match=f"422.*{named}"):
        sandbox.behave(**settings)

    assert sandbox.behaviour().latency_ms == 7


def test_a_new_behaviour_replaces_the_whole_old_one(sandbox: Sandbox) -> None:
    sandbox.behave(latency_ms=7, drop=[{"to_regex": "x"}])

    sandbox.behave(greeting="421")

    assert sandbox.behaviour().model_dump(mode="json") == {
        "latency_ms": 0,
        "refuse": [],
        "time_out": [],
        "drop": [],
        "greeting": "421",
        "ses": {
            "checks": True,
            "sending_enabled": True,
            "latency_ms": 0,
            "lag_ms": 0,
            "max_send_rate": None,
            "throttle": "call",
            "refuse": [],
            "fail": [],
            "time_out": [],
            "drop": [],
            "short": [],
        },
        "webhook": {"latency_ms": 0, "answer": [], "verify": [], "time_out": [], "drop": []},
    }


def test_a_page_of_another_host_name_is_not_served(sandbox: Sandbox) -> None:
    answer = urllib3.request("GET", f"{sandbox.url}/messages", headers={"Host": "rebound.example"})

    assert answer.status == 400
