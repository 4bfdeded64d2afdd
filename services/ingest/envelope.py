"""What the door writes on an event, and what intake believes of it."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from forewarn.access import PERSONS, Bearer
from forewarn.contracts.names import (
    AUTHOR_HEADER,
    CLOCK_ROLE,
    FORMAT_HEADER,
    RECEIVED_AT_HEADER,
    ROLE_HEADER,
    SOURCE_HEADER,
)
from forewarn.runtime.reader import Delivery
from services.ingest.sources import Heard, event_v1

MACHINE = "machine"
OURS = "forewarn"
"""The source of what our own clock says."""


def headers_of(heard: Heard) -> dict[str, Any]:
    """Headers by which intake hears the body exactly as the door did."""
    known = {SOURCE_HEADER: heard.source, AUTHOR_HEADER: heard.author}
    return {
        FORMAT_HEADER: heard.format,
        ROLE_HEADER: heard.role,
        RECEIVED_AT_HEADER: heard.received_at.isoformat(),
    } | {name: value for name, value in known.items() if value is not None}


def at_the_door(bearer: Bearer, format: str, body: bytes, event_id: str, now: datetime) -> Heard:
    """A body as whoever holds the token brings it."""
    author = bearer.name if bearer.person else None
    return Heard(event_id, format, body, now, bearer.source, author, bearer.role.value, bearer.person)


def from_the_broker(delivery: Delivery, door_user: str, worker_user: str, now: datetime) -> Heard:
    """A body as the broker delivers it. Headers count only with the door's user, vouched for by RabbitMQ.

    Our own clock is whoever claims to be it with the workers' user; with the door's, its failed event is replayed.
    """
    if delivery.user_id in (door_user, worker_user) and delivery.headers.get(ROLE_HEADER) == CLOCK_ROLE:
        event_id = delivery.message_id or digest(delivery.body)
        return Heard(event_id, event_v1.FORMAT, delivery.body, now, OURS, role=CLOCK_ROLE, clock=True)
    if delivery.user_id != door_user:
        event_id = f"amqp/{delivery.message_id}" if delivery.message_id else digest(delivery.body)
        return Heard(event_id[:500].replace("\x00", ""), event_v1.FORMAT, delivery.body, now)
    headers = {name: value for name, value in delivery.headers.items() if isinstance(value, str)}
    role = headers.get(ROLE_HEADER, MACHINE)
    return Heard(
        id=delivery.message_id or digest(delivery.body),
        format=headers.get(FORMAT_HEADER, event_v1.FORMAT),
        body=delivery.body,
        received_at=datetime.fromisoformat(headers.get(RECEIVED_AT_HEADER, now.isoformat())).astimezone(UTC),
        source=headers.get(SOURCE_HEADER),
        author=headers.get(AUTHOR_HEADER),
        role=role,
        person=role in PERSONS,
    )


def digest(body: bytes) -> str:
    """The id of a body that came without one."""
    return f"sha256:{sha256(body).hexdigest()}"
