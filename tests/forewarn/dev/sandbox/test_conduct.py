"""What an SMTP client meets when the sandbox provider was told to misbehave."""

import socket
import time
from collections.abc import Callable
from smtplib import SMTP, SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest

from forewarn.dev.sandbox.client import Sandbox

Recorded = Callable[[], list[bytes]]
Talk = Callable[..., str]

A_MAIL = b"From: a@acme.example\r\nSubject: =?utf-8?q?Caf=C3=A9?=\r\n\r\n.dot\r\n\xe9\r\n"


def test_a_refused_recipient_leaves_no_record(sandbox: Sandbox, relay: SMTP, recorded: Recorded) -> None:
    sandbox.behave(refuse=[{"to_regex": "^gone@", "code": 550, "text": "5.1.1 no such user"}])

    with pytest.raises(SMTPRecipientsRefused) as refused:
        relay.sendmail("a@acme.example", ["gone@x.example"], A_MAIL)

    assert refused.value.recipients == {"gone@x.example": (550, b"5.1.1 no such user")}
    assert sandbox.messages() == [] and recorded() == []


def test_a_refusal_touches_no_other_recipient(sandbox: Sandbox, relay: SMTP) -> None:
    sandbox.behave(refuse=[{"to_regex": "^gone@", "code": 550}])

    refused = relay.sendmail("a@acme.example", ["gone@x.example", "here@x.example"], A_MAIL)

    assert list(refused) == ["gone@x.example"]
    assert [mail.recipients for mail in sandbox.messages()] == [("here@x.example",)]


def test_a_rule_fires_as_often_as_it_says_and_then_lies_still(sandbox: Sandbox, relay: SMTP) -> None:
    sandbox.behave(refuse=[{"to_regex": "u@", "code": 451, "text": "later", "stage": "data", "times": 2}])

    for _ in range(2):
        with pytest.raises(SMTPDataError, match="later"):
            relay.sendmail("a@acme.example", ["u@x.example"], A_MAIL)
    relay.sendmail("a@acme.example", ["u@x.example"], A_MAIL)

    assert sandbox.count()["accepted"] == 1
    assert sandbox.behaviour().refuse == ()


def test_after_421_the_connection_is_closed(sandbox: Sandbox, talk: Talk) -> None:
    sandbox.behave(refuse=[{"to_regex": "", "code": 421, "text": "4.7.0 slow down"}])

    heard = talk(b"HELO x\r\n", b"MAIL FROM:<a@b.example>\r\n", b"RCPT TO:<u@x.example>\r\n")

    assert heard.endswith("421 4.7.0 slow down\r\n")


def test_a_busy_provider_says_421_and_closes(sandbox: Sandbox, talk: Talk) -> None:
    sandbox.behave(greeting="421")

    assert talk().startswith("421 ")


def test_the_answer_waits_for_the_latency(sandbox: Sandbox, relay: SMTP) -> None:
    sandbox.behave(latency_ms=200)
    began = time.monotonic()

    relay.sendmail("a@acme.example", ["u@x.example"], A_MAIL)

    assert time.monotonic() - began >= 0.2


def test_silence_on_one_connection_does_not_hold_up_another(sandbox: Sandbox, relay: SMTP) -> None:
    sandbox.behave(time_out=[{"to_regex": "^slow@", "hang_seconds": 60}])
    with socket.create_connection((sandbox.smtp_host, sandbox.smtp_port), timeout=5) as hanging:
        hanging.sendall(b"HELO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<slow@x.example>\r\nDATA\r\n\r\n.\r\n")

        relay.sendmail("a@acme.example", ["u@x.example"], A_MAIL)

    assert [mail.recipients for mail in sandbox.messages()] == [("u@x.example",)]


@pytest.mark.parametrize("kind", ["time_out", "drop"])
@pytest.mark.parametrize(("stage", "records"), [("before_accept", []), ("after_accept", [A_MAIL])])
def test_an_unanswered_message_is_recorded_only_after_accept(
    sandbox: Sandbox, relay: SMTP, kind: str, stage: str, records: list[bytes], recorded: Recorded
) -> None:
    hang = {"hang_seconds": 0.1} if kind == "time_out" else {}
    sandbox.behave(**{kind: [{"to_regex": "u@", "stage": stage, **hang}]})

    with pytest.raises(SMTPServerDisconnected):
        relay.sendmail("a@acme.example", ["u@x.example"], A_MAIL)

    assert recorded() == records


def test_after_accept_records_though_no_answer_comes(sandbox: Sandbox, recorded: Recorded) -> None:
    sandbox.behave(time_out=[{"to_regex": "u@", "stage": "after_accept", "hang_seconds": 60}])

    with (
        SMTP(sandbox.smtp_host, sandbox.smtp_port, timeout=0.3) as relay,
        pytest.raises(SMTPServerDisconnected, match="timed out"),
    ):
        relay.sendmail("a@acme.example", ["u@x.example"], A_MAIL)

    assert recorded() == [A_MAIL]


def test_a_client_that_leaves_during_the_latency_leaves_no_record(sandbox: Sandbox, recorded: Recorded) -> None:
    sandbox.behave(latency_ms=300)

    with (
        SMTP(sandbox.smtp_host, sandbox.smtp_port, timeout=0.1) as relay,
        pytest.raises(SMTPServerDisconnected, match="timed out"),
    ):
        relay.sendmail("a@acme.example", ["u@x.example"], A_MAIL)
    time.sleep(0.4)

    assert recorded() == []
