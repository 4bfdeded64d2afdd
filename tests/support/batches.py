"""Builders of batches: say only what matters."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from forewarn.content import Content
from forewarn.contracts.messages import Batch, Recipient
from forewarn.notice import Channel, Lane


def a_recipient(position: int = 0, **changes: Any) -> Recipient:
    """One reader; subscriber 100 stands at position 0, 101 at position 1 …"""
    known = Recipient(position, 100 + position, f"reader{position}@nordwind.example", 1, f"Reader {position}", "tok")
    return known._replace(**changes)


def a_batch(recipients: int = 3, **changes: Any) -> Batch:
    """An urgent batch on email that expires tomorrow, of epoch e1."""
    facts: dict[str, Any] = {
        "batch_id": 7,
        "notice_id": "00c0ffee00c0ffee",
        "outage": "INC-1",
        "occasion": "first",
        "channel": Channel.EMAIL,
        "lane": Lane.URGENT,
        "mode": "sandbox",
        "test": False,
        "epoch": "e1",
        "expires_at": datetime.now(UTC) + timedelta(days=1),
        "size": recipients,
        "sender_name": "Acme",
        "sender_address": "status@acme.example",
        "unsubscribe_base": "http://127.0.0.1:8080/u/",
        "content": Content(subject="Card payments are down", text="Hello.\n", html="<p>Hello.</p>", times={}),
        "recipients": [a_recipient(position) for position in range(recipients)],
    }
    return Batch(**facts | changes)


def a_batch_to(people: Sequence[Recipient], **changes: Any) -> Batch:
    """A batch to these, each at the position that it says."""
    return a_batch(len(people), **changes).model_copy(update={"recipients": list(people)})
