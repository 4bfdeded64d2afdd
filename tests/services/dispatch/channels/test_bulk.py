"""Laws of a SendBulkEmail request: AWS's model takes it, and what is rendered from it is what was meant."""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parseaddr
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.content import Content, Words, escaped, slot
from services.dispatch.channels.bulk import Bulk
from services.dispatch.channels.mail import Mail, Unsafe
from tests.support.batches import a_batch, a_recipient
from tests.support.ses import faults_of, rendered

CONTENT = Content(
    subject="Card payments are down",
    text=f"At {slot('t0')} it began.\n\nStop: {slot('unsubscribe')}\n",
    html=f"<p>At {slot('t0')} it began, for {slot('accounts')}.</p>\n",
    times={1: ("14:02",), 2: ("22:02 <b>",)},
)
SET_BY_SES = {
    *("bcc", "cc", "content-disposition", "content-type", "date", "from", "message-id"),
    *("mime-version", "reply-to", "return-path", "subject", "to"),
}
"""Headers that SES sets itself: with SendBulkEmail it refuses them (SES developer guide, header fields)."""


def request(recipient: dict[str, Any] | None = None, configuration_set: str = "", **batch: Any) -> dict[str, Any]:
    bulk = Bulk(a_batch(1, **({"content": CONTENT} | batch)), configuration_set)
    asked: dict[str, Any] = orjson.loads(bulk.request([bulk.entry(a_recipient(**(recipient or {})))]))
    return asked


def read(asked: dict[str, Any], part: str) -> str:
    """What the first recipient reads."""
    data = asked["BulkEmailEntries"][0]["ReplacementEmailContent"]["ReplacementTemplate"]["ReplacementTemplateData"]
    return rendered(asked["DefaultContent"]["Template"]["TemplateContent"][part], orjson.loads(data))


def headers(asked: dict[str, Any]) -> dict[str, str]:
    both = asked["DefaultContent"]["Template"]["Headers"] + asked["BulkEmailEntries"][0]["ReplacementHeaders"]
    return {each["Name"]: each["Value"] for each in both}


def test_a_request_of_fifty_is_as_awss_model_says() -> None:
    batch = a_batch(50, content=CONTENT)
    bulk = Bulk(batch, "events")

    asked = orjson.loads(bulk.request([bulk.entry(recipient) for recipient in batch.recipients]))

    assert faults_of(asked) == ""
    assert len(asked["BulkEmailEntries"]) == 50
    assert asked["ConfigurationSetName"] == "events"
    assert asked["DefaultContent"]["Template"]["TemplateData"] == "{}"


def test_without_a_configuration_set_none_is_named() -> None:
    assert "ConfigurationSetName" not in request()


def test_an_entry_says_who_it_is_for_and_how_to_stop_it() -> None:
    asked = request({"position": 7, "subscriber_id": 107, "token": "s3cret"})

    (entry,) = asked["BulkEmailEntries"]
    assert entry["Destination"] == {"ToAddresses": ["Reader 7 <reader7@nordwind.example>"]}
    assert {each["Name"]: each["Value"] for each in entry["ReplacementTags"]} == {
        "notice": "00c0ffee00c0ffee",
        "batch": "7",
        "position": "7",
    }
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,256}", each["Value"]) for each in entry["ReplacementTags"])
    assert headers(asked)["List-Unsubscribe"] == "<http://127.0.0.1:8080/u/s3cret>"
    assert headers(asked)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers(asked)["X-Forewarn-Id"] == "00c0ffee00c0ffee.107"


def test_headers_are_those_of_a_mail_by_smtp_less_what_ses_sets_itself() -> None:
    mail = message_from_bytes(Mail(a_batch(1)).to(a_recipient(), datetime.now(UTC)))

    said = headers(request())

    assert said.items() - {("X-Forewarn-Id", said["X-Forewarn-Id"])} == {
        (name, value) for name, value in mail.items() if name.lower() not in SET_BY_SES
    }
    assert len(said) <= 15


def test_every_reader_reads_the_time_of_their_own_zone() -> None:
    assert "At 14:02 it began." in read(request({"zone": 1}), "Text")
    assert "At 22:02 <b> it began." in read(request({"zone": 2}), "Text")
    assert "At 22:02 &lt;b&gt; it began" in read(request({"zone": 2}), "Html")


@pytest.mark.parametrize("value", ['<b>"Nord" & wind</b>', "back\\slash", "{{name}}", "new\nline\t", "守田 & 健二", ""])
def test_values_of_a_reader_arrive_as_they_are_and_cannot_make_markup(value: str) -> None:
    content = Content(subject="s", text=f"For {slot('accounts')}.", html=f"<p>{slot('accounts')}</p>", times={})

    asked = request({"accounts": value}, content=content)

    assert read(asked, "Text") == f"For {value}."
    assert read(asked, "Html") == f"<p>{escaped({'a': value})['a']}</p>"


AWKWARD = st.lists(st.sampled_from([*'{}\\#a \n%"', slot("t0"), slot("accounts")]), max_size=30).map("".join)


@given(text=AWKWARD, html=AWKWARD, subject=st.text(alphabet="{}\\a ", max_size=12))
def test_what_looks_like_a_tag_comes_out_as_it_was_written(text: str, html: str, subject: str) -> None:
    content = Content(subject=subject, text=text, html=html, times={1: ("{{b}}",)})
    values = {"t0": "{{b}}", "accounts": "<{>"}

    asked = request({"accounts": "<{>"}, content=content)

    assert read(asked, "Text") == Words(text).fill(values)
    assert read(asked, "Html") == Words(html).fill(escaped(values))
    assert read(asked, "Subject") == subject


def test_single_braces_as_in_a_style_sheet_stay_as_they_are() -> None:
    html = "<style>a { color: red; }\n@media (x) {\n  b { margin: 0 }\n}</style>"

    asked = request(content=Content(subject="s", text="t", html=html, times={}))

    assert asked["DefaultContent"]["Template"]["TemplateContent"]["Html"] == html


def test_a_zone_without_times_is_not_sent_for_ses_would_accept_and_then_drop_it() -> None:
    with pytest.raises(Unsafe):
        request({"zone": 3})


@pytest.mark.parametrize("name", ["Vogel, Hanna", 'Hanna "H" Vogel', "a@b.example", "", "守田 健二", "Ü" * 200])
def test_a_name_stays_a_name_on_one_line(name: str) -> None:
    asked = request({"name": name}, sender_name=name)

    for header in (asked["FromEmailAddress"], asked["BulkEmailEntries"][0]["Destination"]["ToAddresses"][0]):
        read_name, address = parseaddr(header)
        assert str(make_header(decode_header(read_name))) == name
        assert header.isascii() and "\n" not in header and address.count("@") == 1


@pytest.mark.parametrize(
    "field, value",
    [
        ("name", "Eve\r\nBcc: all@acme.example"),
        ("name", "Eve\x00"),
        ("name", "half a pair \ud800"),
        ("accounts", "half a pair \ud800"),
        ("address", "reader@nordwind.example\nBcc: all@acme.example"),
        ("address", "reader@nordwind.example>, <all@acme.example"),
        ("address", "reader@nordwind.example,all@acme.example"),
        ("address", "jörg@nordwind.example"),
        ("token", "x\r\nBcc: all@acme.example"),
        ("token", "ü"),
        ("token", "x" * 1000),
    ],
)
def test_a_value_that_could_forge_a_header_is_refused(field: str, value: str) -> None:
    with pytest.raises(Unsafe):
        request({field: value})
