"""Laws of a mail's bytes (RFC 5322, 2047, 2369, 3834, 8058)."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

import pytest

from forewarn.content import Content, slot
from services.dispatch.channels.mail import Mail, Unsafe
from tests.support.batches import a_batch, a_recipient

NOW = datetime(2026, 11, 22, 13, 2, tzinfo=UTC)

CONTENT = Content(
    subject="Card payments are down",
    text=f"At {slot('t0')} it began.\n\nStop: {slot('unsubscribe')}\n",
    html=f"<p>At {slot('t0')} it began, for {slot('accounts')}.</p>\n",
    times={1: ("14:02",), 2: ("22:02",)},
)


def raw(recipient: dict[str, Any] | None = None, **batch: Any) -> bytes:
    reader = a_recipient(**(recipient or {}))
    return Mail(a_batch(1, **({"content": CONTENT} | batch))).to(reader, NOW)


def read(message: bytes) -> "EmailMessage[Any, Any]":
    return message_from_bytes(message, policy=policy.default)


def name_in(message: bytes, header: str) -> str:
    """The display name. Python 3.11's newer parser puts blanks between encoded words (RFC 2047 §6.2 says none)."""
    name, _ = parseaddr(message_from_bytes(message)[header])
    return str(make_header(decode_header(name)))


def body(message: bytes, kind: str) -> str:
    part = read(message).get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_headers_say_that_no_person_wrote_it_and_how_to_stop_it() -> None:
    mail = read(raw({"token": "s3cret"}, occasion="update"))

    assert mail["List-Unsubscribe"] == "<http://127.0.0.1:8080/u/s3cret>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Precedence"] == "bulk"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["List-Id"] == "<notices.acme.example>"
    assert mail["Feedback-ID"] == "INC-1:update:notices:forewarn"
    assert mail["X-Forewarn-Notice"] == "00c0ffee00c0ffee"
    assert mail["Date"] == "Sun, 22 Nov 2026 13:02:00 +0000"


def test_the_message_id_is_the_same_whenever_and_whoever_makes_it() -> None:
    first = Mail(a_batch(1)).to(a_recipient(), NOW)
    again = Mail(a_batch(1, turn=1000, epoch="e2")).to(a_recipient(), datetime.now(UTC))

    assert read(first)["Message-ID"] == read(again)["Message-ID"] == "<00c0ffee00c0ffee.100@acme.example>"


def test_the_message_id_differs_by_reader_and_by_notice() -> None:
    ids = {
        read(raw({"subscriber_id": subscriber}, notice_id=notice))["Message-ID"]
        for subscriber in (1, 2)
        for notice in ("aa", "bb")
    }

    assert len(ids) == 4


def test_all_notices_of_an_outage_hang_on_its_root() -> None:
    mails = [read(raw(occasion=occasion, notice_id=occasion)) for occasion in ("first", "update", "resolved")]

    assert {mail["References"] for mail in mails} == {"<inc-1@acme.example>"}
    assert {mail["In-Reply-To"] for mail in mails} == {"<inc-1@acme.example>"}


def test_every_reader_reads_the_time_of_their_own_zone() -> None:
    assert "At 14:02 it began." in body(raw({"zone": 1}), "plain")
    assert "At 22:02 it began" in body(raw({"zone": 2}), "html")


def test_values_of_a_reader_cannot_make_markup() -> None:
    html = body(raw({"accounts": '<b>"Nord" & wind</b>'}), "html")

    assert "&lt;b&gt;&quot;Nord&quot; &amp; wind&lt;/b&gt;" in html


def test_every_line_ends_with_crlf_whatever_the_words_hold() -> None:
    content = Content(subject="s", text="one\r\ntwo\nthree\n", html="<p>\r\n</p>\n", times={})

    message = raw(content=content)

    assert re.search(rb"(?<!\r)\n|\r(?!\n)", message) is None
    assert b"one\r\ntwo\r\nthree\r\n" in message


@pytest.mark.parametrize("length", [998, 999, 5000])
@pytest.mark.parametrize("letter", ["x", "ü", "🚦"])
def test_no_line_is_longer_than_998_octets(length: int, letter: str) -> None:
    accounts = letter * length
    content = Content(
        subject=letter * 300, text=f"For {slot('accounts')}.\n", html=f"<p>{slot('accounts')}</p>\n", times={}
    )

    message = raw({"accounts": accounts, "name": letter * 200}, content=content, sender_name=letter * 200)

    assert max(map(len, message.split(b"\r\n"))) <= 998
    assert f"For {accounts}." in body(message, "plain")
    assert f"<p>{accounts}</p>" in body(message, "html")
    assert read(message)["Subject"] == letter * 300
    assert name_in(message, "To") == name_in(message, "From") == letter * 200


def test_names_and_subjects_beyond_ascii_are_encoded_and_read_back() -> None:
    content = Content(subject="Störung: Zahlungen 決済", text="Grüße\n", html="<p>Grüße</p>\n", times={})

    message = raw({"name": "守田 健二"}, content=content, sender_name="Äcme Zahlungen")

    head = message.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert max(map(len, re.findall(rb"=\?[^?]+\?[^?]\?[^?]*\?=", head))) <= 75, "RFC 2047 §2"
    mail = read(message)
    assert mail["Subject"] == "Störung: Zahlungen 決済"
    assert name_in(message, "To") == "守田 健二"
    assert name_in(message, "From") == "Äcme Zahlungen"
    assert "Grüße" in body(message, "plain")


@pytest.mark.parametrize("name", ["Vogel, Hanna", 'Hanna "H" Vogel', "Hanna (Nordwind)", "a@b.example", ""])
def test_a_name_with_marks_of_its_own_stays_a_name(name: str) -> None:
    mail = read(raw({"name": name}))

    (address,) = mail["To"].addresses
    assert (address.display_name, address.addr_spec) == (name, "reader0@nordwind.example")


@pytest.mark.parametrize("field", ["name", "address", "token"])
@pytest.mark.parametrize("evil", ["\r\nBcc: all@acme.example", "\nBcc: all@acme.example", "\rx", "\x00"])
def test_a_value_that_could_forge_a_header_is_refused(field: str, evil: str) -> None:
    value = getattr(a_recipient(), field) + evil

    with pytest.raises(Unsafe):
        raw({field: value})


def test_an_address_beyond_ascii_is_refused() -> None:
    with pytest.raises(Unsafe):
        raw({"address": "jörg@nordwind.example"})
