"""The lines of the record file, one per provider call, and what each of them says was accepted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NotRequired, TypedDict, cast

ID_HEADER = "X-Forewarn-Id"


class Provider(StrEnum):
    """Which side of the sandbox accepted it."""

    SMTP = "smtp"
    SES = "ses"
    WEBHOOK = "webhook"


Column = list[Any] | str
"""One value per entry; a plain text when all entries say the same."""


class Table(TypedDict):
    """The entries of one SES call, column by column, which takes half the bytes of entry by entry."""

    to: list[str | list[str]]
    shown: Column  # the To header, where it is not just the address
    data: Column
    headers: dict[str, Column]
    tags: dict[str, Column]


class Posted(TypedDict):
    """A webhook call: the Standard Webhooks headers and the body as text."""

    host: str
    path: str
    headers: dict[str, str]
    body: str


Line = TypedDict(
    "Line",
    {
        "n": int,
        "accepted_at": float,
        "connection": int,
        "from": NotRequired[str],
        "to": NotRequired[list[str]],
        "raw": NotRequired[str],  # SMTP: one character per byte (latin-1), so that a person can grep it
        "common": NotRequired[str],  # SES: which line of `{"common": …, "call": …}` holds the rest of the call
        "entries": NotRequired[Table],
        "webhook": NotRequired[Posted],
    },
)
"""Entry k of an SES call is message n + k."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted message: who sent what to whom, when (Unix seconds); `place` is its place in the call."""

    n: int
    accepted_at: float
    connection: int
    sender: str
    recipients: tuple[str, ...]
    place: int
    line: Line

    @property
    def provider(self) -> Provider:
        return provider_of(self.line)


def provider_of(line: Line) -> Provider:
    if "raw" in line:
        return Provider.SMTP
    return Provider.SES if "entries" in line else Provider.WEBHOOK


def mails_of(line: Line) -> Iterator[Entry]:
    """The mails of one line; a webhook is none."""
    for place, to in enumerate(recipients_of(line)):
        yield Entry(line["n"] + place, line["accepted_at"], line["connection"], line["from"], to, place, line)


def recipients_of(line: Line) -> list[tuple[str, ...]]:
    """Whom each mail of the line went to."""
    match provider_of(line):
        case Provider.SMTP:
            return [tuple(line["to"])]
        case Provider.SES:
            return [(to,) if isinstance(to, str) else tuple(to) for to in line["entries"]["to"]]
        case Provider.WEBHOOK:
            return []


def table(entries: Sequence[Mapping[str, Any]], to: Sequence[Sequence[str]]) -> Table:
    """The entries of a SendBulkEmail as they are recorded; `to` has the addresses of each."""
    size = len(entries)
    headers: dict[str, list[Any]] = {}
    tags: dict[str, list[Any]] = {}
    data: list[Any] = [None] * size
    shown: list[Any] = [None] * size
    for place, entry in enumerate(entries):
        named = entry["Destination"].get("ToAddresses", [])
        if named != to[place]:
            shown[place] = ", ".join(named)
        for kept, given in ((headers, "ReplacementHeaders"), (tags, "ReplacementTags")):
            for each in entry.get(given, ()):
                name = each["Name"]
                if name not in kept:
                    kept[name] = [None] * size
                kept[name][place] = each["Value"]
        content = entry.get("ReplacementEmailContent")
        if content:
            data[place] = content.get("ReplacementTemplate", {}).get("ReplacementTemplateData")
    return Table(
        to=[each[0] if len(each) == 1 else list(each) for each in to],
        shown=_column(shown),
        data=_column(data),
        headers={name: _column(values) for name, values in headers.items()},
        tags={name: _column(values) for name, values in tags.items()},
    )


def value_of(column: Column, place: int) -> str | None:
    """What a column says of one entry."""
    return column if isinstance(column, str) else cast(str | None, column[place])


def _column(values: list[Any]) -> Column:
    first = values[0]
    return first if isinstance(first, str) and values.count(first) == len(values) else values
