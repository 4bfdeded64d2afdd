"""An accepted message as a test reads it: values, with nothing left to fetch."""

from dataclasses import dataclass
from datetime import UTC, datetime

from forewarn.dev.sandbox.wire import Headline, Opened


@dataclass(frozen=True, slots=True)
class Mail:
    """What was accepted, in short; `sender` and `recipients` are the envelope's."""

    n: int
    accepted_at: datetime
    connection: int
    sender: str
    recipients: tuple[str, ...]
    subject: str
    message_id: str
    references: tuple[str, ...]
    notice: str | None


@dataclass(frozen=True, slots=True)
class OpenedMail:
    """One message in full; `raw` is what came over the wire, dots unstuffed."""

    mail: Mail
    headers: tuple[tuple[str, str], ...]
    text: str | None
    html: str | None
    raw: bytes

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        return next((value for each, value in self.headers if each.lower() == name.lower()), None)


def mail_of(wire: Headline) -> Mail:
    return Mail(
        n=wire["n"],
        accepted_at=datetime.fromtimestamp(wire["accepted_at"], UTC),
        connection=wire["connection"],
        sender=wire["from"],
        recipients=tuple(wire["to"]),
        subject=wire["subject"],
        message_id=wire["message_id"],
        references=tuple(wire["references"]),
        notice=wire["notice"],
    )


def opened_mail_of(wire: Opened) -> OpenedMail:
    headers = tuple((name, value) for name, value in wire["headers"])
    return OpenedMail(mail_of(wire["headline"]), headers, wire["text"], wire["html"], wire["raw"].encode("latin-1"))
