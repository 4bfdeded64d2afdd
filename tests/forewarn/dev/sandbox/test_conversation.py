"""What an SMTP client of the sandbox provider meets."""

import resource
import time
from collections.abc import Callable
from smtplib import SMTP, SMTPDataError

import pytest

from forewarn.dev.sandbox.client import Sandbox

Recorded = Callable[[], list[bytes]]
Talk = Callable[..., str]

A_MAIL = b"From: a@acme.example\r\nSubject: =?utf-8?q?Caf=C3=A9?=\r\n\r\n.dot\r\n\xe9\r\n"


def test_a_message_is_recorded_before_it_is_answered(sandbox: Sandbox, relay: SMTP, recorded: Recorded) -> None:
    relay.sendmail("a@acme.example", ["u@x.example"], A_MAIL)

    assert recorded() == [A_MAIL]


def test_what_is_recorded_is_what_was_sent(sandbox: Sandbox, relay: SMTP) -> None:
    before = time.time()
    relay.sendmail("bounce+u=x@acme.example", ["u@x.example", "v@x.example"], A_MAIL)

    (mail,) = sandbox.messages()

    assert (mail.sender, mail.recipients) == ("bounce+u=x@acme.example", ("u@x.example", "v@x.example"))
    assert mail.subject == "Café"
    assert before <= mail.accepted_at.timestamp() <= time.time()
    assert sandbox.read(mail.n).raw == A_MAIL


def test_each_connection_has_its_own_number(sandbox: Sandbox, relay: SMTP) -> None:
    with SMTP(sandbox.smtp_host, sandbox.smtp_port, timeout=5) as other:
        for each in (relay, other, relay):
            each.sendmail("a@acme.example", ["u@x.example"], A_MAIL)

    first, second, third = (mail.connection for mail in sandbox.messages())

    assert first == third != second


def test_commands_sent_ahead_are_all_answered_in_order(sandbox: Sandbox, recorded: Recorded, talk: Talk) -> None:
    message = b"MAIL FROM:<a@b.example> BODY=8BITMIME\r\nRCPT TO:<u@x.example>\r\nDATA\r\n"

    heard = talk(b"EHLO x\r\n", message, b"hello\r\n.\r\n" + message, b"again\r\n.\r\nQUIT\r\n")

    assert {"250-PIPELINING", "250-8BITMIME", "250-SIZE 41943040"} <= set(heard.splitlines())
    answers = [line[:3] for line in heard.splitlines() if line[3:4] == " "]
    assert answers == ["220", "250", *["250", "250", "354", "250"] * 2, "221"]
    assert recorded() == [b"hello\r\n", b"again\r\n"]


@pytest.mark.parametrize("address", ["plain@x.example", "a.b+c=d@x.example", '"with space"@x.example', "u@[127.0.0.1]"])
def test_every_form_of_address_is_taken_as_it_is(sandbox: Sandbox, relay: SMTP, address: str) -> None:
    relay.ehlo()
    relay.mail("")
    code, _ = relay.rcpt(address)
    relay.data(A_MAIL)

    assert code == 250
    assert [mail.recipients for mail in sandbox.messages()] == [(address,)]


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="needs Linux to limit another process")
def test_a_record_that_cannot_be_written_is_a_passing_failure(
    sandbox: Sandbox, relay: SMTP, recorded: Recorded
) -> None:
    relay.sendmail("a@acme.example", ["u@x.example"], A_MAIL)
    size = sandbox.record.stat().st_size
    _, hard = usual = resource.prlimit(sandbox.pid, resource.RLIMIT_FSIZE)

    resource.prlimit(sandbox.pid, resource.RLIMIT_FSIZE, (size + 20, hard))
    with pytest.raises(SMTPDataError) as refused:
        relay.sendmail("a@acme.example", ["u@x.example"], A_MAIL)
    resource.prlimit(sandbox.pid, resource.RLIMIT_FSIZE, usual)
    relay.sendmail("a@acme.example", ["v@x.example"], A_MAIL)

    assert refused.value.smtp_code == 452
    assert recorded() == [A_MAIL, A_MAIL]
    assert [mail.recipients for mail in sandbox.messages()] == [("u@x.example",), ("v@x.example",)]
