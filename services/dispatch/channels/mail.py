"""A mail's bytes, prepared once per batch and filled per recipient (RFC 5322, 2369, 3834, 8058)."""

from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr
from quopri import encodestring

from forewarn.content import Words, escaped, values_for
from forewarn.contracts.messages import Batch, Recipient

UNSAFE = frozenset("\r\n\x00")
LONGEST_LINE = 998
"""Octets of a line without its end (RFC 5322 §2.1.1)."""


class Unsafe(ValueError):
    """A value would break out of its header."""


class Mail:
    """Multipart text and HTML in UTF-8, lines ended by CRLF."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._domain = batch.sender_address.rpartition("@")[2]
        self._text = Words(batch.content.text)
        self._html = Words(batch.content.html)
        self._common = self._common_headers()

    def to(self, recipient: Recipient, now: datetime) -> bytes:
        """The whole message. Raises Unsafe for an address or name that could forge a header."""
        batch = self._batch
        unsubscribe = batch.unsubscribe_base + recipient.token
        own = {"accounts": recipient.accounts, "unsubscribe": unsubscribe, "name": recipient.name}
        values = values_for(batch.content, recipient.zone, own)
        boundary = f"=_{batch.notice_id}"
        message = (
            f"To: {_address(recipient.name, recipient.address)}\n"
            f"Date: {format_datetime(now)}\n"
            f"Message-ID: <{batch.notice_id}.{recipient.subscriber_id}@{self._domain}>\n"
            f"List-Unsubscribe: <{_safe(unsubscribe)}>\n"
            f"{self._common}"
            f'Content-Type: multipart/alternative; boundary="{boundary}"\n\n'
            f"--{boundary}\n{_part('plain', self._text.fill(values))}\n"
            f"--{boundary}\n{_part('html', self._html.fill(escaped(values)))}\n"
            f"--{boundary}--\n"
        )
        return message.replace("\r\n", "\n").replace("\n", "\r\n").encode()

    def _common_headers(self) -> str:
        batch, thread = self._batch, f"<{self._batch.outage.lower()}@{self._domain}>"
        headers = {
            "From": _address(batch.sender_name, batch.sender_address),
            "Subject": Header(
                _safe(batch.content.subject), "utf-8" if not batch.content.subject.isascii() else None
            ).encode(),
            "In-Reply-To": thread,
            "References": thread,
            "List-Id": f"<notices.{self._domain}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Feedback-ID": f"{batch.outage}:{batch.occasion}:notices:forewarn",
            "Auto-Submitted": "auto-generated",
            "Precedence": "bulk",
            "X-Auto-Response-Suppress": "All",
            "X-Forewarn-Notice": batch.notice_id,
            "X-Forewarn-Occasion": batch.occasion,
            "MIME-Version": "1.0",
        }
        return "".join(f"{name}: {value}\n" for name, value in headers.items())


def _part(kind: str, text: str) -> str:
    """One part, as it is; quoted-printable when a reader's own values made a line too long for SMTP."""
    encoding = "8bit"
    if any(len(line) > LONGEST_LINE // 4 and len(line.encode()) > LONGEST_LINE for line in text.split("\n")):
        encoding, text = "quoted-printable", encodestring(text.encode()).decode()
    return f"Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n{text}"


def _address(name: str, address: str) -> str:
    """The address with its display name, encoded and folded by RFC 2047 where needed."""
    if not address.isascii():
        raise Unsafe("an address beyond ASCII (RFC 6531 is not spoken)")
    if name.isascii():
        return formataddr((_safe(name), _safe(address)))
    return f"{Header(_safe(name), 'utf-8').encode()} <{_safe(address)}>"


def _safe(value: str) -> str:
    if not UNSAFE.isdisjoint(value):
        raise Unsafe("a line break or NUL in a header's value")
    return value
