"""The shapes that the sandbox provider answers over HTTP, shared by its server and its client."""

from typing import TypedDict

Headline = TypedDict(
    "Headline",
    {
        "n": int,
        "provider": str,
        "accepted_at": float,  # Unix seconds
        "connection": int,
        "from": str,
        "to": list[str],
        "subject": str,
        "message_id": str,
        "references": list[str],
        "notice": str | None,  # the X-Forewarn-Notice header, or the notice of the id
        "id": str,  # NOTICE.SUBSCRIBER_ID: the X-Forewarn-Id header, or the left part of the Message-ID
    },
)
"""What a list says of a mail: the envelope's `from` and `to`, and a few decoded headers."""


class Opened(TypedDict):
    """One mail in full; `raw` holds one character per byte (latin-1), `entries` type and text of each calendar's."""

    headline: Headline
    headers: list[tuple[str, str]]
    text: str | None
    html: str | None
    entries: list[tuple[str, str]]
    raw: str


class Count(TypedDict):
    """How many mails were accepted, for how many different recipients (case ignored); and how many webhooks."""

    accepted: int
    recipients_distinct: int
    webhooks: int


class Hook(TypedDict):
    """One webhook as it was accepted; `url` is host and path, `body` its text."""

    n: int
    accepted_at: float
    url: str
    headers: dict[str, str]
    body: str


class Ports(TypedDict):
    """What the process writes when it is ready."""

    smtp: int
    http: int
    ses: int
    webhook: int
    pid: int
