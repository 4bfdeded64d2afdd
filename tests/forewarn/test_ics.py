"""Laws of planned work as iCalendar, read back with the library and by the letter of RFC 5545."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from forewarn.ics import FEED_TYPE, Entry, Publisher, State, feed, letter, method_of, uid
from forewarn.outage import Window

ACME = Publisher('Acme "Status"; Ltd, Köln', "status@acme.example", "https://Status.acme.example:8443/here/")
START = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
WORK = Entry(
    name="MNT-7",
    revision=2,
    state=State.CONFIRMED,
    window=Window(START, START + timedelta(hours=2)),
    summary="Acme Proactive Notification: card payments",
    description="Card payments pause for some minutes.\nWhat for: faster answers; no more queues, ever.",
    said_at=START - timedelta(days=7),
    url="https://status.acme.example/o/MNT-7?a=b,c;d",
)
TEXTS = st.text(st.characters() | st.sampled_from("\n\r,;\\nN\"':^🚦ü\u2028\x85\x00\x0b\t"), max_size=400)
STATES = st.sampled_from(State)


def read(body: bytes) -> Any:
    return Calendar.from_ical(body)


def events(body: bytes) -> list[Any]:
    return list(read(body).walk("VEVENT"))


def lines(body: bytes) -> list[str]:
    """Content lines, unfolded (RFC 5545, 3.1)."""
    return body.decode().replace("\r\n ", "").split("\r\n")[:-1]


def text_of(body: bytes, name: str) -> str:
    """A TEXT as any reader has to take it (RFC 5545, 3.3.11)."""
    (value,) = [line.partition(":")[2] for line in lines(body) if line.startswith(f"{name}:")]
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def as_written(words: str) -> str:
    """What of a text iCalendar can hold: one kind of line break, no control characters but the tab, no half ones."""
    words = re.sub("\r\n|[\r\x85\u2028\u2029]", "\n", words).encode(errors="ignore").decode()
    return "".join(char for char in words if char in "\t\n" or not (char < " " or char == "\x7f"))


def test_an_entry_says_what_is_planned() -> None:
    (event,) = events(letter(WORK, ACME))

    assert event["UID"] == "MNT-7@status.acme.example"
    assert event["SEQUENCE"] == 2
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (WORK.window.start, WORK.window.end)
    assert event.decoded("DTSTAMP") == WORK.said_at
    assert event["SUMMARY"] == WORK.summary
    assert event["DESCRIPTION"] == WORK.description
    assert event["STATUS"] == "CONFIRMED"
    assert event["URL"] == WORK.url


def test_without_words_of_its_own_an_entry_has_no_description() -> None:
    (event,) = events(letter(replace(WORK, description=""), ACME))

    assert "DESCRIPTION" not in event


def test_it_makes_nobody_busy_and_asks_nobody_for_an_answer() -> None:
    (event,) = events(letter(WORK, ACME))

    assert event["TRANSP"] == "TRANSPARENT"
    assert "ATTENDEE" not in event
    assert event["ORGANIZER"] == "mailto:status@acme.example"  # RFC 5546 wants one with PUBLISH and with CANCEL


@pytest.mark.parametrize(
    ("state", "method"), [(State.TENTATIVE, "PUBLISH"), (State.CONFIRMED, "PUBLISH"), (State.CANCELLED, "CANCEL")]
)
def test_a_letter_publishes_an_entry_and_cancels_what_is_cancelled(state: State, method: str) -> None:
    entry = replace(WORK, state=state)

    calendar = read(letter(entry, ACME))

    assert calendar["METHOD"] == method_of(entry) == method
    assert [event["STATUS"] for event in calendar.walk("VEVENT")] == [state]


def test_a_feed_publishes_all_entries_by_time_also_cancelled_ones() -> None:
    later = Window(START + timedelta(days=1), START + timedelta(days=2))
    cancelled = replace(WORK, name="MNT-3", state=State.CANCELLED, window=later)

    body = feed([cancelled, WORK], ACME, "Acme: planned work")

    assert read(body)["METHOD"] == "PUBLISH" and "method=PUBLISH" in FEED_TYPE
    assert [(event["UID"], event["STATUS"]) for event in events(body)] == [
        ("MNT-7@status.acme.example", "CONFIRMED"),
        ("MNT-3@status.acme.example", "CANCELLED"),
    ]
    assert text_of(body, "NAME") == text_of(body, "X-WR-CALNAME") == "Acme: planned work"
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in lines(body)


def test_a_feed_without_entries_is_still_a_calendar() -> None:
    assert events(feed([], ACME, "Acme")) == []


def test_all_revisions_of_an_entry_have_one_uid_and_each_a_higher_sequence() -> None:
    said = [events(letter(replace(WORK, revision=n, state=state), ACME))[0] for n, state in enumerate(State, 1)]

    assert {event["UID"] for event in said} == {uid("MNT-7", ACME)}
    assert all(one["SEQUENCE"] < other["SEQUENCE"] for one, other in pairwise(said))


def test_moments_stand_in_utc_whatever_zone_they_come_in() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    window = Window(START.astimezone(berlin), WORK.window.end.astimezone(berlin))

    body = letter(replace(WORK, window=window, said_at=WORK.said_at.astimezone(berlin)), ACME)

    assert body == letter(WORK, ACME)
    assert b"\r\nDTSTART:20261122T010000Z\r\n" in body and b"TZID" not in body


@given(st.lists(STATES, max_size=6), st.randoms())
def test_the_same_entries_make_the_same_bytes_in_whatever_order_they_come(states: list[State], chance: Random) -> None:
    entries = [replace(WORK, name=f"MNT-{n}", state=state) for n, state in enumerate(states)]
    mixed = chance.sample(entries, len(entries))

    assert feed(iter(mixed), ACME, "Acme") == feed(entries, ACME, "Acme")


@given(TEXTS)
@example("C:\\New\\notes;\\, \\\\N")
@example("🚦" * 200)
@example("a\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:other")
def test_a_text_comes_back_as_it_was_written(words: str) -> None:
    words = words or "-"

    body = letter(replace(WORK, description=words), ACME)

    assert text_of(body, "DESCRIPTION") == as_written(words)
    assert len(events(body)) == 1
    if "\\" not in words:  # the library's own reader takes \\n for a line break after a backslash
        assert events(body)[0]["DESCRIPTION"] == as_written(words)


@given(TEXTS, TEXTS)
def test_a_summary_and_a_title_are_one_line(summary: str, title: str) -> None:
    body = feed([replace(WORK, summary=summary)], ACME, title)

    assert text_of(body, "SUMMARY") == " ".join(as_written(summary).split())
    assert text_of(body, "NAME") == " ".join(as_written(title).split())


@given(TEXTS)
@example(ACME.name)
@example("\\")
def test_a_name_of_the_company_breaks_nothing(name: str) -> None:
    (event,) = events(letter(WORK, replace(ACME, name=name)))

    spoken = re.sub(r'["\\^]', "", " ".join(as_written(name).split()))
    assert event["ORGANIZER"].params["CN"] == spoken
    assert event["ORGANIZER"] == "mailto:status@acme.example"
    assert event["UID"] == "MNT-7@status.acme.example"


@given(TEXTS, TEXTS, st.booleans())
def test_lines_end_with_crlf_and_hold_75_octets_at_most_and_whole_characters(
    summary: str, description: str, has_url: bool
) -> None:
    url = f"https://status.acme.example/{'long/' * 40}" if has_url else None
    entry = replace(WORK, summary=summary, description=description, url=url)

    body = feed([entry], ACME, summary)

    assert body.endswith(b"END:VCALENDAR\r\n")
    assert re.search(rb"[^\r]\n|\r[^\n]", body) is None
    assert all(len(line) <= 75 and len(line.decode()) <= len(line) for line in body.split(b"\r\n"))
    assert [found for found in lines(body) if not re.match(r"[A-Z-]+[;:]", found)] == []
