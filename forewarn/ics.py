"""Planned work as iCalendar (RFC 5545): in a letter to somebody, and as a feed to subscribe to (T3, T9).

Nobody is invited, so no ATTENDEE and no REQUEST, which would ask each reader for an answer. RFC 5546 (3.2.1) has
PUBLISH for that: it posts an entry, another with a higher SEQUENCE replaces it, and CANCEL takes it back. A letter
about cancelled work is therefore a CANCEL; a feed, which is one PUBLISH of all, keeps the entry with its STATUS.

Moments stand in UTC, which every calendar shows in its reader's own zone, with no VTIMEZONE to be out of date. Work
does not make a reader busy: TRANSPARENT. The same entries make the same bytes, so that a feed has a stable ETag.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from icalendar import Calendar, Event, vCalAddress, vText, vUri

from forewarn.outage import Window

PRODUCT = "-//Forewarn//Forewarn//EN"
FEED_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"
REFRESH = timedelta(hours=1)
LINE_BREAKS = re.compile("\r\n|[\r\x85\u2028\u2029]")
NOT_IN_A_NAME = re.compile(r'["\\^]')  # a parameter holds no quote; of the others readers make escapes
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class State(StrEnum):
    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who speaks: the company, its address of mail, and the URL whose domain makes UIDs the world's own."""

    name: str
    address: str
    public_url: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of planned work. `name` (MNT-7) stays, `revision` grows; `said_at` is when this revision was said."""

    name: str
    revision: int
    state: State
    window: Window
    summary: str
    description: str
    said_at: datetime
    url: str | None = None


def feed(entries: Iterable[Entry], publisher: Publisher, title: str) -> bytes:
    """All entries, by time, for a URL that calendars ask again and again; its media type is FEED_TYPE."""
    calendar = _calendar("PUBLISH")
    calendar.add("name", _Text(_line(title)))
    calendar.add("x-wr-calname", _Text(_line(title)))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for entry in sorted(entries, key=lambda entry: (entry.window.start, entry.name)):
        calendar.add_component(_event(entry, publisher))
    return bytes(calendar.to_ical())


def letter(entry: Entry, publisher: Publisher) -> bytes:
    """One entry, for a letter about it; its media type names its method, too (RFC 6047)."""
    calendar = _calendar(method_of(entry))
    calendar.add_component(_event(entry, publisher))
    return bytes(calendar.to_ical())


def method_of(entry: Entry) -> str:
    """What a letter does with the entry."""
    return "CANCEL" if entry.state is State.CANCELLED else "PUBLISH"


def uid(name: str, publisher: Publisher) -> str:
    """The same for all revisions of an entry: MNT-7@status.acme.example."""
    return f"{name}@{urlsplit(publisher.public_url).hostname}"


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _event(entry: Entry, publisher: Publisher) -> Event:
    organizer = vCalAddress(f"mailto:{publisher.address}")
    organizer.params["CN"] = NOT_IN_A_NAME.sub("", _line(publisher.name))
    event = Event()
    event.add("uid", uid(entry.name, publisher))
    event.add("sequence", entry.revision)
    event.add("dtstamp", entry.said_at.astimezone(UTC))
    event.add("dtstart", entry.window.start.astimezone(UTC))
    event.add("dtend", entry.window.end.astimezone(UTC))
    event.add("organizer", organizer)
    event.add("summary", _Text(_line(entry.summary)))
    if entry.description:
        event.add("description", _Text(_text(entry.description)))
    event.add("status", str(entry.state))
    event.add("transp", "TRANSPARENT")
    if entry.url:
        event.add("url", vUri(entry.url))
    return event


def _text(words: str) -> str:
    """With line breaks of one kind, and without what RFC 5545 (3.3.11) knows no writing for."""
    return NOT_TEXT.sub("", LINE_BREAKS.sub("\n", words))


def _line(words: str) -> str:
    return " ".join(_text(words).split())


class _Text(vText):
    """A TEXT whose \\N stays what it is: the library takes it for a line break, and C:\\New falls in two."""

    def to_ical(self) -> bytes:
        return re.sub(r"[\\;,]", r"\\\g<0>", str(self)).replace("\n", r"\n").encode()
