"""A webhook's body and headers, signed (Standard Webhooks 1.0)."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime

from yarl import URL

from forewarn.content import Words, values_for
from forewarn.contracts.messages import Batch, Recipient
from forewarn.signing import secrets_of, signed


class NoPayload(Exception):
    """The batch holds no words for programs: nobody is called with an empty body."""


class Letter:
    """One batch's body and headers, filled per recipient; the same whoever makes it, but for the time."""

    def __init__(self, batch: Batch, keys: Sequence[str], now: Callable[[], datetime]) -> None:
        self._batch, self._keys, self._now = batch, keys, now
        self._payload = Words(batch.content.payload)

    def to(self, recipient: Recipient, url: URL) -> tuple[bytes, dict[str, str]]:
        """Raises NoPayload if there is none."""
        if not self._batch.content.payload:
            raise NoPayload
        body = self._body(recipient)
        message_id, timestamp = f"{self._batch.notice_id}.{recipient.subscriber_id}", int(self._now().timestamp())
        return body, {
            "Host": url.host_port_subcomponent or "",
            "User-Agent": "Forewarn",
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signed(secrets_of(self._keys, recipient.token), message_id, timestamp, body),
        }

    def _body(self, recipient: Recipient) -> bytes:
        unsubscribe = self._batch.unsubscribe_base + recipient.token
        own = {"accounts": recipient.accounts, "unsubscribe": unsubscribe, "name": recipient.name}
        values = values_for(self._batch.content, recipient.zone, own)
        return self._payload.fill({name: json.dumps(value)[1:-1] for name, value in values.items()}).encode()
