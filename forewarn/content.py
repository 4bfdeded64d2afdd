"""The words of one variant of a notice, with slots for what differs between its readers."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

OPENING, CLOSING = "\ue000", "\ue001"
"""Slots stand between two private-use characters, which no stated fact may hold (`clean` takes them out)."""

_SLOT = re.compile(f"{OPENING}([a-z0-9_]+){CLOSING}")


def slot(name: str) -> str:
    """The mark that `Words.fill` replaces with the reader's own value of `name`."""
    return f"{OPENING}{name}{CLOSING}"


def clean(text: str) -> str:
    """Text without slot marks and control characters, so that no stated fact can pose as a slot or a header."""
    return "".join(c for c in text if c not in (OPENING, CLOSING) and (c in "\n\t" or c.isprintable()))


@dataclass(frozen=True, slots=True)
class Calendar:
    """An entry for the reader's calendar that goes with a mail: iCalendar text, and its method (RFC 6047)."""

    method: str
    text: str


@dataclass(frozen=True, slots=True)
class Content:
    """What one voice, channel and locale reads, told before or not; times per zone stand in `times`.

    `times[zone]` holds, for the zone with that id, one rendered moment for each slot t0, t1, …
    Reader's own slots: `accounts`, `unsubscribe` (a whole link). Programs read `payload` instead of the rest:
    JSON text (contracts/webhook.py) with slots inside its strings.
    """

    subject: str
    text: str
    html: str
    times: Mapping[int, tuple[str, ...]]
    payload: str = ""
    calendar: Calendar | None = None


class Words:
    """A text split at its slots once, to be filled many times."""

    __slots__ = ("_names", "_parts")

    def __init__(self, text: str, encode: Callable[[str], str] = str) -> None:
        parts = _SLOT.split(text)
        self._names = parts[1::2]
        parts[::2] = [encode(still) for still in parts[::2]]
        self._parts = parts

    def fill(self, values: Mapping[str, str]) -> str:
        """The text with every slot replaced; a slot without a value raises KeyError."""
        return self.fill_in_order([values[name] for name in self._names])

    def fill_in_order(self, values: Sequence[str]) -> str:
        """The same, with a value for each slot in the order in which they stand."""
        out = self._parts.copy()
        out[1::2] = values
        return "".join(out)


def values_for(content: Content, zone: int, own: Mapping[str, str]) -> dict[str, str]:
    """All slot values of one reader: the times of the reader's zone and the reader's own values."""
    return {f"t{i}": moment for i, moment in enumerate(content.times.get(zone, ()))} | dict(own)


def escaped(values: Mapping[str, str]) -> dict[str, str]:
    """The same values, safe inside HTML text and attributes."""
    return {name: escape(value, quote=True) for name, value in values.items()}
