"""Laws of an entry inside a mail: every program finds it, none finds two, and none loses the words over it."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import orjson
import pytest

from forewarn.content import Calendar, Content, slot
from forewarn.ics import State
from services.dispatch.channels.bulk import Bulk
from services.dispatch.channels.mail import Mail
from tests.support.batches import a_batch, a_recipient
from tests.support.planned import an_entry
from tests.support.ses import faults_of

NOW = datetime(2026, 12, 7, 9, tzinfo=UTC)
BARE = Content(subject="s", text=f"For {slot('accounts')}.\n", html=f"<p>{slot('accounts')}</p>\n", times={})
CALENDARS = {"published": an_entry(), "cancelled": an_entry(State.CANCELLED)}


def raw(calendar: Calendar | None, **recipient: Any) -> bytes:
    return Mail(a_batch(1, content=replace(BARE, calendar=calendar))).to(a_recipient(**recipient), NOW)


def parts(message: bytes) -> "list[EmailMessage[Any, Any]]":
    mail: EmailMessage[Any, Any] = message_from_bytes(message, policy=policy.default)
    assert all(not part.defects for part in mail.walk())
    return [part for part in mail.walk() if not part.is_multipart()]


@pytest.mark.parametrize("calendar", CALENDARS.values(), ids=CALENDARS)
def test_it_is_the_last_of_the_alternatives_and_a_file(calendar: Calendar) -> None:
    text, html, entry, file = parts(raw(calendar, accounts="Nordwind"))

    assert text.get_content().strip() == "For Nordwind."
    assert html.get_content().strip() == "<p>Nordwind</p>"
    assert entry.get_content_type() == "text/calendar" and entry.get_content_disposition() is None
    assert entry["Content-Type"].params == {"charset": "utf-8", "method": calendar.method}
    assert (file.get_content_type(), file.get_content_disposition()) == ("application/ics", "attachment")
    assert file.get_filename() == "invite.ics"
    assert entry.get_payload(decode=True) == file.get_payload(decode=True) == calendar.text.encode()


@pytest.mark.parametrize("calendar", CALENDARS.values(), ids=CALENDARS)
def test_the_method_in_its_type_is_the_one_inside(calendar: Calendar) -> None:
    entry = parts(raw(calendar))[2]

    assert f"METHOD:{entry.get_param('method')}\r\n" in calendar.text


def test_only_one_part_is_a_calendar_s_by_type_so_that_no_program_shows_two() -> None:
    kinds = [part.get_content_type() for part in parts(raw(an_entry()))]

    assert kinds == ["text/plain", "text/html", "text/calendar", "application/ics"]


def test_text_and_html_and_entry_are_alternatives_and_the_file_is_beside_them() -> None:
    mail = message_from_bytes(raw(an_entry()), policy=policy.default)

    alternatives, file = mail.iter_parts()
    assert mail.get_content_type() == "multipart/mixed"
    assert alternatives.get_content_type() == "multipart/alternative"
    assert len(list(alternatives.iter_parts())) == 3 and not file.is_multipart()
    outer, inner = mail.get_boundary(), alternatives.get_boundary()
    assert outer and inner and not outer.startswith(inner) and not inner.startswith(outer), "RFC 2046 §5.1.1"


def test_a_mail_without_one_is_the_alternatives_alone() -> None:
    assert [part.get_content_type() for part in parts(raw(None))] == ["text/plain", "text/html"]
    assert message_from_bytes(raw(None)).get_content_type() == "multipart/alternative"


def test_it_is_ascii_in_short_lines_ended_by_crlf() -> None:
    added = raw(an_entry())[len(raw(None)) :]

    assert added.isascii()
    assert max(map(len, raw(an_entry()).split(b"\r\n"))) <= 998
    assert raw(an_entry()).count(b"\n") == raw(an_entry()).count(b"\r\n")


def asked(calendar: Calendar | None) -> dict[str, Any]:
    bulk = Bulk(a_batch(1, content=replace(BARE, calendar=calendar)))
    request: dict[str, Any] = orjson.loads(bulk.request([bulk.entry(a_recipient())]))
    return request


@pytest.mark.parametrize("calendar", CALENDARS.values(), ids=CALENDARS)
def test_by_ses_it_is_one_file_of_the_template_and_awss_model_takes_it(calendar: Calendar) -> None:
    request = asked(calendar)

    (file,) = request["DefaultContent"]["Template"]["Attachments"]
    assert faults_of(request) == ""
    assert file["ContentType"] == f"text/calendar; charset=utf-8; method={calendar.method}"
    assert (file["FileName"], file["ContentDisposition"]) == ("invite.ics", "ATTACHMENT")


def test_by_ses_it_stands_once_in_a_call_of_fifty() -> None:
    batch = a_batch(50, content=replace(BARE, calendar=an_entry()))
    bulk, bare = Bulk(batch), Bulk(a_batch(50, content=BARE))
    entries = [bulk.entry(recipient) for recipient in batch.recipients]

    added = len(bulk.request(entries)) - len(bare.request(entries))

    assert added < 2 * len(an_entry().text.encode()) + 300


def test_by_ses_a_batch_without_one_names_no_attachments() -> None:
    assert "Attachments" not in asked(None)["DefaultContent"]["Template"]
