"""The times in what was given to a verb: read on the system's clock, and on the wall of the zone that was named."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from forewarn.cli.client import Client
from forewarn.cli.moments import end_of, moment_of, zone_named
from forewarn.cli.trouble import Kind, Trouble

MOMENTS = {
    "expected_end": ("expected_end", "--expected-end"),
    "until": ("expected_end", "--until"),
    "next_update_at": ("next_update_at", "--next-update"),
}
"""Options that name a moment: the field of Event v1 that each is, and how it is spelled."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Now, and whose wall-clock times are meant; None: the user's own."""

    now: datetime
    zone: ZoneInfo | None = None

    def read(self, text: str, what: str) -> datetime:
        return moment_of(text, self.now, what, self.zone)

    def after(self, start: datetime, text: str, what: str) -> datetime:
        return end_of(text, start, self.now, what, self.zone)


def clock_of(client: Client, zone: object) -> Clock:
    """The system's own now: a sandbox's clock may run fast, and this machine's may be wrong."""
    named = zone_named(str(zone)) if zone else None
    try:
        return Clock(client.status().now, named)
    except Trouble:
        return Clock(datetime.now(UTC), named)


def timed(given: Mapping[str, object], clock: Callable[[], Clock]) -> dict[str, object]:
    """The fields of Event v1 that hold times, read from the options that name them; the clock only if there is one.

    Raises Trouble for a time that cannot be meant, and for half of what belongs together.
    """
    texts = {name: str(given[name]) for name in (*MOMENTS, "start", "end", "action_by") if given.get(name)}
    if given.get("zone"):
        zone_named(str(given["zone"]))
    known = clock() if texts else None
    said: dict[str, object] = {}
    if known is not None:
        named = {name: text for name, text in texts.items() if name in MOMENTS}
        said = {MOMENTS[name][0]: known.read(text, MOMENTS[name][1]) for name, text in named.items()}
        said |= _window(texts, known)
    return said | _reader_action(given, texts, known)


def _window(texts: Mapping[str, str], clock: Clock) -> dict[str, object]:
    if not {"start", "end"} & texts.keys():
        return {}
    if "start" not in texts or "end" not in texts:
        missing = "--end" if "start" in texts else "--start"
        raise Trouble(Kind.USAGE, f"a window has a start and an end, and {missing} is missing", f"Add {missing}")
    start = clock.read(texts["start"], "--start")
    return {"window": {"start": start, "end": clock.after(start, texts["end"], "--end")}}


def _reader_action(given: Mapping[str, object], texts: Mapping[str, str], clock: Clock | None) -> dict[str, object]:
    """What readers must do, with by when and where to read how."""
    what, link = given.get("reader_action"), given.get("action_link")
    if not what:
        if link or "action_by" in texts:
            todo = 'Add --reader-action "Allow our new address in your firewall."'
            raise Trouble(Kind.USAGE, "--action-by and --action-link say nothing without --reader-action", todo)
        return {}
    by = clock.read(texts["action_by"], "--action-by") if clock and "action_by" in texts else None
    said = {"what": what, "by": by, "link": link}
    return {"reader_action": {name: value for name, value in said.items() if value is not None}}
