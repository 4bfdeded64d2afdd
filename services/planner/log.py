"""The log of an outage: what persons and the clock did, and what its communicators were warned of, in order of time."""

from collections.abc import Mapping
from typing import Any

from forewarn.contracts.api import LogEntry
from forewarn.contracts.event import BadEvent, parse_event
from forewarn.outage import Act
from services.planner.pages import SQL, Pages, revisions_of
from services.planner.timeline import PROSE
from services.planner.views import timeline_of

LONGEST = 160
"""Characters of a prose that the log repeats; the whole of it stands in the event."""


def log_of(pages: Pages, outage_id: int) -> list[LogEntry]:
    """Who did what and when, having seen which revision; acts on sending and warnings among them."""
    with pages.database.begin() as connection:
        rows = connection.execute(SQL["acts"], {"outage": outage_id}).fetchall()
        warnings = connection.execute(SQL["warnings"], {"outage": outage_id}).fetchall()
        revisions = revisions_of(connection, outage_id)
    minutes = pages.policy.episodes.settle_minutes
    lines = {entry.revision: entry.what for entry in timeline_of(revisions, minutes)}
    made = {row["event_id"]: lines[row["revision"]] for row in revisions}
    entries = [*(_entry(row, made) for row in rows), *map(_warning, warnings)]
    return sorted(entries, key=lambda entry: entry.at)


def _entry(row: Mapping[str, Any], made: Mapping[str, str]) -> LogEntry:
    names = ("at", "author", "role", "act", "verdict", "from_revision", "revision", "event")
    what = _of_event(row, made.get(row["event"])) if row["event"] else _of_sending(row)
    return LogEntry(**{name: row[name] for name in names}, what=what)


def _of_event(row: Mapping[str, Any], change: str | None) -> str:
    """What it changed, or why it changed nothing, and the words that it brought."""
    what = change or row["reason"] or row["verdict"]
    return "; ".join([what, *_said(bytes(row["body"]))])


def _said(body: bytes) -> list[str]:
    """The prose of an Event v1, quoted; of what is none, nothing."""
    try:
        event = parse_event(body)
    except BadEvent:
        return []
    found = [(name, getattr(event, name)) for name in sorted(PROSE) if getattr(event, name)]
    taken_back = [f"took back {', '.join(event.retract)}"] if event.act is Act.CORRECT and event.retract else []
    return taken_back + [f"{name.replace('_', ' ')}: “{_short(text)}”" for name, text in found]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _of_sending(row: Mapping[str, Any]) -> str:
    match row["act"]:
        case "cancel":
            what = f"cancelled notice {row['notice_id']}, {row['occasion']} to the {row['side']}"
        case "replay":
            of = f"{row['occasion']} to the {row['side']}"
            what = f"replayed notice {row['notice_id']}, {of}, to whom it had not reached"
        case act:
            verb = "paused" if act == "pause" else "resumed"
            what = f"{verb} {row['channel'] or 'sending'} of this outage"
    return f"{what}: {row['reason']}"


def _warning(row: Mapping[str, Any]) -> LogEntry:
    """Who was paged, and what became of it."""
    ended = {"owed": ", not answered yet", "nobody": ""}.get(row["state"], f", {row['state']}")
    why = f" ({row['error']})" if row["error"] else ""
    what = f"paged {row['person'] or 'nobody'}{ended}{why}: {row['text']}"
    return LogEntry(at=row["at"], author=None, role="clock", act="warning", what=what)
