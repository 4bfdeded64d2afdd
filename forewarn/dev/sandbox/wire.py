"""The shapes that the sandbox provider answers over HTTP, shared by its server and its client."""

from typing import TypedDict

Headline = TypedDict(
    "Headline",
    {
        "n": int,
        "accepted_at": float,  # Unix seconds
        "connection": int,
        "from": str,
        "to": list[str],
        "subject": str,
        "message_id": str,
        "references": list[str],
        "notice": str | None,  # the X-Forewarn-Notice header
    },
)
"""What a list says of a message: the envelope's `from` and `to`, and a few decoded headers."""


class Opened(TypedDict):
    """One message in full; `raw` holds one character per byte (latin-1)."""

    headline: Headline
    headers: list[tuple[str, str]]
    text: str | None
    html: str | None
    raw: str


class Count(TypedDict):
    """How many messages were accepted, and for how many different recipients (case ignored)."""

    accepted: int
    recipients_distinct: int


class Ports(TypedDict):
    """What the process writes when it is ready."""

    smtp: int
    http: int
    pid: int
