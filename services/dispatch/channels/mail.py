"""A mail's bytes, prepared once per batch and filled per recipient (RFC 5322, 2369, 3834, 6047, 8058)."""

import re
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr
from quopri import encodestring

from forewarn.content import Words, escaped, values_for
from forewarn.contracts.messages import Batch, Recipient
from services.dispatch.channels.calendar_part import around

UNSAFE = re.compile(r"[\r\n\x00]")
NOT_ONE_ADDRESS = re.compile(r"[\s\x00<>,;]")
PLAIN_NAME = re.compile(r"[A-Za-z0-9 '_-]+")
"""A display name that needs neither quotes nor encoding, as most do."""
OCTETS_OF_A_WORD = 45
"""An encoded word has at most 75 characters (RFC 2047 §2); a letter has at most four octets."""
LONGEST_LINE = 998
"""Octets of a line without its end (RFC 5322 §2.1.1)."""


class Unsafe(ValueError):
    """A value would break out of its header."""


class Mail:
    """Multipart text and HTML in UTF-8, lines ended by CRLF; with an entry for the calendar if the batch has one."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._domain = batch.sender_address.rpartition("@")[2]
        self._text = Words(batch.content.text)
        self._html = Words(batch.content.html)
        self._boundary = f"=_{batch.notice_id}"
        self._opening, self._closing = around(batch.content.calendar, self._boundary)
        self._common = _lines(
            {
                "From": address_of(batch.sender_name, batch.sender_address),
                "Subject": _subject(safe(batch.content.subject)),
                **common_headers(batch),
                "MIME-Version": "1.0",
            }
        )

    def to(self, recipient: Recipient, now: datetime) -> bytes:
        """The whole message. Raises Unsafe for an address or name that could forge a header."""
        batch = self._batch
        unsubscribe = batch.unsubscribe_base + recipient.token
        own = {"accounts": recipient.accounts, "unsubscribe": unsubscribe, "name": recipient.name}
        values = values_for(batch.content, recipient.zone, own)
        message = (
            f"To: {address_of(recipient.name, recipient.address)}\n"
            f"Date: {format_datetime(now)}\n"
            f"Message-ID: <{batch.notice_id}.{recipient.subscriber_id}@{self._domain}>\n"
            f"List-Unsubscribe: <{safe(unsubscribe)}>\n"
            f"{self._common}"
            f"{self._opening}"
            f"--{self._boundary}\n{_part('plain', self._text.fill(values))}\n"
            f"--{self._boundary}\n{_part('html', self._html.fill(escaped(values)))}\n"
            f"{self._closing}"
        )
        return message.replace("\r\n", "\n").replace("\n", "\r\n").encode()


def common_headers(batch: Batch) -> dict[str, str]:
    """What every mail of a batch says of itself, whoever sends it: values are printable ASCII."""
    domain = batch.sender_address.rpartition("@")[2]
    thread = f"<{batch.outage.lower()}@{domain}>"
    return {
        "In-Reply-To": thread,
        "References": thread,
        "List-Id": f"<notices.{domain}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Feedback-ID": f"{batch.outage}:{batch.occasion}:notices:forewarn",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        "X-Auto-Response-Suppress": "All",
        "X-Forewarn-Notice": batch.notice_id,
        "X-Forewarn-Occasion": batch.occasion,
    }


def address_of(name: str, address: str) -> str:
    """The address with its display name, encoded and folded by RFC 2047 where needed. Raises Unsafe."""
    if not address.isascii():
        raise Unsafe("an address beyond ASCII (RFC 6531 is not spoken)")
    if NOT_ONE_ADDRESS.search(address):
        raise Unsafe("not one address")
    if PLAIN_NAME.fullmatch(name):
        return f"{name} <{address}>"
    if name.isascii() and '"' not in name and "\\" not in name:  # whoever reads quotes in quotes may read them wrong
        return formataddr((safe(name), address))
    step = len(name) if len(name.encode()) <= OCTETS_OF_A_WORD else OCTETS_OF_A_WORD // 4
    words = (safe(name)[at : at + step].encode() for at in range(0, len(name), step))
    return "\n ".join(f"=?utf-8?b?{b64encode(word).decode()}?=" for word in words) + f" <{address}>"


def safe(value: str) -> str:
    """The value, which stays inside its header. Raises Unsafe."""
    if UNSAFE.search(value):
        raise Unsafe("a line break or NUL in a header's value")
    return value


def _lines(headers: Mapping[str, str]) -> str:
    return "".join(f"{name}: {value}\n" for name, value in headers.items())


def _subject(subject: str) -> str:
    return Header(subject, "utf-8" if not subject.isascii() else None).encode()


def _part(kind: str, text: str) -> str:
    """One part, as it is; quoted-printable when a reader's own values made a line too long for SMTP."""
    encoding = "8bit"
    if any(len(line) > LONGEST_LINE // 4 and len(line.encode()) > LONGEST_LINE for line in text.split("\n")):
        encoding, text = "quoted-printable", encodestring(text.encode()).decode()
    return f"Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n{text}"
