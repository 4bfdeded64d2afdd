"""Every acceptance in a record file, read without the server, in the order of the file and with flat memory."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, cast

import orjson

from forewarn.dev.sandbox.lines import ID_HEADER, Line, Provider, provider_of, recipients_of

_MESSAGE_ID = re.compile(r"^message-id:\s*<([^@>\s]*)@", re.IGNORECASE | re.MULTILINE)


class Acceptance(NamedTuple):
    """One message that a provider accepted.

    `notice` and `subscriber_id` are those of its id, NOTICE.SUBSCRIBER_ID; empty and 0 for a message without one.
    `address` is the first recipient's; of a webhook its host and path. `accepted_at` is in Unix seconds.
    """

    provider: Provider
    notice: str
    subscriber_id: int
    address: str
    accepted_at: float


def acceptances(record: Path) -> Iterator[Acceptance]:
    """All of them, by way of a server's record file, whether it runs or not; a line still being written is left."""
    with record.open("rb") as lines:
        for each in lines:
            if not each.endswith(b"\n"):
                return
            line = cast(Line, orjson.loads(each))
            if "call" not in line:
                yield from _of(line)


def _of(line: Line) -> Iterator[Acceptance]:
    kind, at = provider_of(line), line["accepted_at"]
    addresses = _addresses(kind, line)
    for address, identity in zip(addresses, _ids(kind, line, len(addresses)), strict=True):
        notice, subscriber = split_id(identity)
        yield Acceptance(kind, notice, subscriber, address, at)


def split_id(identity: str | None) -> tuple[str, int]:
    """NOTICE.SUBSCRIBER_ID taken apart; empty and 0 for anything else."""
    notice, _, subscriber = (identity or "").partition(".")
    return (notice, int(subscriber)) if subscriber.isdecimal() else ("", 0)


def _addresses(kind: Provider, line: Line) -> list[str]:
    if kind is Provider.WEBHOOK:
        return [line["webhook"]["host"] + line["webhook"]["path"]]
    return [to[0] for to in recipients_of(line)]


def _ids(kind: Provider, line: Line, size: int) -> list[str | None]:
    match kind:
        case Provider.SES:
            column = line["entries"]["headers"].get(ID_HEADER, [None] * size)
            return [column] * size if isinstance(column, str) else column
        case Provider.SMTP:
            found = _MESSAGE_ID.search(line["raw"].partition("\r\n\r\n")[0])
            return [found[1] if found else None]
        case Provider.WEBHOOK:
            return [line["webhook"]["headers"].get("webhook-id")]
