"""What was accepted as a test reads it: values, with nothing left to fetch."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from forewarn.dev.sandbox.wire import Headline, Hook, Opened


@dataclass(frozen=True, slots=True)
class Mail:
    """What was accepted, in short; `sender` and `recipients` are the envelope's.

    `id` is NOTICE.SUBSCRIBER_ID, the same for every copy of one message by whatever provider; SES gives
    each copy a `message_id` of its own.
    """

    n: int
    provider: str
    accepted_at: datetime
    connection: int
    sender: str
    recipients: tuple[str, ...]
    subject: str
    message_id: str
    references: tuple[str, ...]
    notice: str | None
    id: str


@dataclass(frozen=True, slots=True)
class OpenedMail:
    """One message in full; `raw` is what came over the wire, dots unstuffed; of SES, what the model rendered.

    `entries`: the media type and the iCalendar text of every entry for a calendar, as an alternative or as a file.
    """

    mail: Mail
    headers: tuple[tuple[str, str], ...]
    text: str | None
    html: str | None
    entries: tuple[tuple[str, str], ...]
    raw: bytes

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        return next((value for each, value in self.headers if each.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Webhook:
    """One accepted webhook: `url` is host and path, `headers` those of Standard Webhooks, names in lower case."""

    n: int
    accepted_at: datetime
    url: str
    headers: Mapping[str, str]
    text: str

    @property
    def id(self) -> str:
        """NOTICE.SUBSCRIBER_ID."""
        return self.headers.get("webhook-id", "")

    @property
    def body(self) -> Any:
        """The JSON that was posted."""
        return orjson.loads(self.text)


def mail_of(wire: Headline) -> Mail:
    return Mail(
        n=wire["n"],
        provider=wire["provider"],
        accepted_at=datetime.fromtimestamp(wire["accepted_at"], UTC),
        connection=wire["connection"],
        sender=wire["from"],
        recipients=tuple(wire["to"]),
        subject=wire["subject"],
        message_id=wire["message_id"],
        references=tuple(wire["references"]),
        notice=wire["notice"],
        id=wire["id"],
    )


def opened_mail_of(wire: Opened) -> OpenedMail:
    headers = tuple((name, value) for name, value in wire["headers"])
    entries = tuple((kind, text) for kind, text in wire["entries"])
    raw = wire["raw"].encode("latin-1")
    return OpenedMail(mail_of(wire["headline"]), headers, wire["text"], wire["html"], entries, raw)


def webhook_of(wire: Hook) -> Webhook:
    at = datetime.fromtimestamp(wire["accepted_at"], UTC)
    return Webhook(wire["n"], at, wire["url"], wire["headers"], wire["body"])
