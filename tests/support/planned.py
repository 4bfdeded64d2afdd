"""Builders of planned work as its readers meet it: an entry of a calendar, read back as any program does."""

from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar as ICalendar

from forewarn import ics
from forewarn.content import Calendar
from forewarn.ics import Entry, Publisher, State
from forewarn.outage import Window

ACME = Publisher("Acme", "status@acme.example", "https://status.acme.example")
START = datetime(2026, 12, 14, 20, 0, tzinfo=UTC)


def an_entry(state: State = State.CONFIRMED, **changes: Any) -> Calendar:
    """MNT-7 in Acme's words, some of them long and beyond ASCII."""
    said: dict[str, Any] = {
        "name": "MNT-7",
        "revision": 2,
        "state": state,
        "window": Window(START, START + timedelta(hours=2)),
        "summary": "Acme Proactive Notification: Kartenzahlung für 決済",
        "description": "Zahlungen ruhen für Minuten; danach geht es schneller. " * 4,
        "said_at": START - timedelta(days=7),
    }
    entry = Entry(**said | changes)
    return Calendar(ics.method_of(entry), ics.letter(entry, ACME).decode())


def events_in(text: str) -> list[Any]:
    """Every event of a calendar."""
    return list(ICalendar.from_ical(text).walk("VEVENT"))


def event_in(text: str) -> Any:
    """The one event of an entry."""
    (event,) = events_in(text)
    return event
