"""Dead letters: messages that no try could work on, as the broker has them."""

import orjson

from forewarn.contracts.names import DEAD_QUEUE, SEND
from forewarn.runtime.broker import DEAD_ARGUMENTS


def declare_dead(channel: object) -> None:
    channel.queue_declare(DEAD_QUEUE, durable=True, arguments=DEAD_ARGUMENTS)  # type: ignore[attr-defined]


def read_dead(body: bytes) -> tuple[str, int | None, int]:
    """A dead letter's actor and, if it was to send, its batch and turn; what cannot be read is only counted."""
    try:
        letter = orjson.loads(body)
        actor = str(letter["actor_name"])
        if actor != SEND:
            return actor, None, 0
        batch = letter["kwargs"]["batch"]
        return actor, int(batch["batch_id"]), int(batch["turn"])
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return "unreadable", None, 0
