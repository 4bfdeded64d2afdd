"""What stands over all sending: how far notices may travel, and every pause, in plain words."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from forewarn.cli.moments import said
from forewarn.cli.tables import plain
from forewarn.contracts.api import PauseView

MODES = {
    "sandbox": "sandbox: nothing leaves this machine",
    "guests": "guests: only the policy's guests are sent to",
    "live": "live",
}
TEST = "A test: only the policy's guests are told, and every notice says that it is a test"


def mode_of(mode: str) -> str:
    """The delivery mode, and what it means for readers."""
    return MODES.get(mode, plain(mode))


def pauses(paused: Iterable[PauseView], now: datetime) -> Iterator[str]:
    """One line for each standing pause."""
    for each in paused:
        since = f"since {said(each.at, now)} by {plain(each.author)}"
        yield f"Paused: {what_of(each.channel, each.incident)}, {since}: {plain(each.reason)}"


def what_of(channel: str | None, incident: str | None) -> str:
    """What a pause is of; without a channel and an incident it is of everything."""
    match channel, incident:
        case None, None:
            return "everything"
        case None, str():
            return plain(incident)
        case _, None:
            return plain(channel or "")
        case _:
            return plain(f"{channel} of {incident}")
