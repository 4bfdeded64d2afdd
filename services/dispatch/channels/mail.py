"""A mail's bytes, prepared once per batch and filled per recipient (RFC 5322, 2369, 3834, 8058)."""

from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr

from forewarn.content import Words, escaped, values_for
from forewarn.contracts.messages import Batch, Recipient

UNSAFE = frozenset("\r\n\x00")


class Unsafe(ValueError):
    """A value would break out of its header."""


class Mail:
    """Multipart text and HTML, 8bit UTF-8, lines ended by CRLF."""

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
            f"--{boundary}\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
            f"{self._text.fill(values)}\n"
            f"--{boundary}\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
            f"{self._html.fill(escaped(values))}\n"
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


def _address(name: str, address: str) -> str:
    """The address with its display name, encoded by RFC 2047 where needed."""
    return formataddr((_safe(name), _safe(address)))


def _safe(value: str) -> str:
    if not UNSAFE.isdisjoint(value):
        raise Unsafe("a line break or NUL in a header's value")
    return value
