"""Broken and hostile mail is read as far as it goes."""

import pytest

from forewarn.dev.sandbox.letter import SNIPPET_CHARACTERS, Letter


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (b"=?utf-8?q?Caf=C3=A9?=", "Café"),
        (b"=?iso-8859-1?q?Caf=E9?= =?utf-8?b?4oCT?=", "Café–"),
        (b"folded\r\n  once", "folded  once"),
        ("roh: Café".encode(), "roh: Café"),
        (b"=?nonsense?q?x?=", "=?nonsense?q?x?="),
        (b"=?utf-8?b?A?=", "=?utf-8?b?A?="),
        (b"=?ut\xfff?q?x?=", "=?ut\N{REPLACEMENT CHARACTER}f?q?x?="),
    ],
)
def test_a_subject_is_decoded_or_shown_as_it_came(value: bytes, read: str) -> None:
    assert Letter(b"Subject: " + value + b"\r\n\r\n").header("subject") == read


@pytest.mark.parametrize("charset", ["nonsense", "rot13", "idna", "utf-8\0"])
def test_a_charset_that_is_none_still_shows_the_words(charset: str) -> None:
    raw = f'Content-Type: text/plain; charset="{charset}"\r\n\r\nwords'.encode()

    assert Letter(raw).text == "words"


def test_no_text_carries_what_json_cannot() -> None:
    raw = b"Content-Type: text/plain; charset=unicode_escape\r\n\r\n\\ud800"

    assert Letter(raw).text == "?"


def test_an_attachment_is_not_the_body() -> None:
    raw = b"Content-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nnot this"

    assert Letter(raw).text is None


def test_parts_nested_beyond_reason_end_nothing() -> None:
    nest = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3_000))

    letter = Letter(b"Subject: deep\r\n" + nest)

    assert (letter.header("subject"), letter.text, letter.html) == ("deep", None, None)


def test_a_snippet_is_short_and_without_the_padding_of_a_preheader() -> None:
    body = "Hello&nbsp;&zwnj;&nbsp;&zwnj;&#847; " + "word " * 200

    snippet = Letter(b"Content-Type: text/html\r\n\r\n" + body.encode()).snippet

    assert snippet.startswith("Hello word word") and len(snippet) <= SNIPPET_CHARACTERS


def test_an_entry_for_a_calendar_is_read_wherever_it_stands() -> None:
    raw = (
        b'Content-Type: multipart/mixed; boundary="o"\r\n\r\n'
        b'--o\r\nContent-Type: multipart/alternative; boundary="i"\r\n\r\n'
        b"--i\r\nContent-Type: text/plain\r\n\r\nwords\r\n"
        b"--i\r\nContent-Type: text/calendar; method=CANCEL\r\n\r\nBEGIN:VCALENDAR\r\n--i--\r\n"
        b"--o\r\nContent-Type: application/ics\r\nContent-Disposition: attachment\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\nQkVHSU4=\r\n--o--\r\n"
    )

    letter = Letter(raw)

    assert letter.entries == [("text/calendar; method=CANCEL", "BEGIN:VCALENDAR"), ("application/ics", "BEGIN")]
    assert letter.text == "words"
    assert Letter(b"Subject: none\r\n\r\nwords").entries == []
