"""What one writes first: an actor that tells one recipient, once, by the word of Redis. Nothing is sent.

`dramatiq benchmarks.plain_worker:set_up` runs it; the environment says where (see one_message_each.py).
"""

import os
from typing import Any

import dramatiq
import redis
from dramatiq.brokers.rabbitmq import RabbitmqBroker

QUEUE = "one-message-each"
REMEMBERED_SECONDS = 86_400


class Quorum(RabbitmqBroker):
    """Stock, but for the kind of queue: quorum, as ours are."""

    def _build_queue_arguments(self, queue_name: str) -> dict[str, Any]:
        arguments: dict[str, Any] = super()._build_queue_arguments(queue_name)  # type: ignore[no-untyped-call]
        return arguments | {"x-queue-type": "quorum"}


def set_up() -> None:
    """The actor on the broker that the environment names."""
    broker(os.environ["PLAIN_RABBITMQ_URL"], os.environ["PLAIN_REDIS_URL"], os.environ["PLAIN_CONFIRMS"] == "1")


def broker(rabbitmq_url: str, redis_url: str, confirms: bool) -> "dramatiq.Actor[..., None]":
    """Stock dramatiq; with confirms on quorum queues, else on the durable ones that it declares by itself."""
    made = (Quorum if confirms else RabbitmqBroker)(url=rabbitmq_url, confirm_delivery=confirms)
    dramatiq.set_broker(made)
    seen = redis.Redis.from_url(redis_url)

    @dramatiq.actor(queue_name=QUEUE)
    def tell(notice: str, subscriber: int, address: str) -> None:
        seen.set(f"told:{notice}:{subscriber}", 1, nx=True, ex=REMEMBERED_SECONDS)

    return tell
