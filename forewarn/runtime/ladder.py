"""The ladder of delays: a message that must wait leaves the worker and comes home by itself."""

import time
from datetime import timedelta
from typing import Any

import pika
from dramatiq.middleware import Middleware
from pika.exceptions import AMQPError

from forewarn.contracts.names import RUNGS_SECONDS, rung
from forewarn.runtime.broker import QuorumBroker, stale
from forewarn.runtime.logs import logger

log = logger(__name__)

MAX_TRIES = 20
"""After so many raised exceptions a message is a dead letter: 2 + 5 + 15 + 60 + 15 × 300 s, some 75 minutes."""


class Ladder:
    """One TTL queue per rung for all lanes, behind an exchange per rung.

    The rung's queue dead-letters to the default exchange without a routing key, so that a message comes
    home by its own, which is the name of its queue.
    """

    def __init__(self, broker: QuorumBroker) -> None:
        self._broker = broker
        self._declared = False

    def declare(self) -> None:
        """Make sure that every rung stands. Raises AMQPError without a broker."""
        channel = self._broker.channel
        for seconds in RUNGS_SECONDS:
            channel.exchange_declare(rung(seconds), "fanout", durable=True)
            channel.queue_declare(rung(seconds), durable=True, arguments=rung_arguments(seconds))
            channel.queue_bind(rung(seconds), rung(seconds))
        self._declared = True

    def hand_on(self, message: Any, wait: timedelta) -> None:
        """Put the message on the smallest rung that covers the wait, confirmed. Raises AMQPError otherwise.

        A connection that idled away is replaced once; a second copy of a message is harmless (turns).
        """
        try:
            self._publish(message, rung_for(wait))
        except AMQPError:
            self._reset()
            self._publish(message, rung_for(wait))

    def _reset(self) -> None:
        self._declared = False
        del self._broker.connection

    def _publish(self, message: Any, seconds: int) -> None:
        if not self._declared:
            self.declare()
        self._broker.channel.basic_publish(
            exchange=rung(seconds),
            routing_key=message.queue_name,
            body=message.encode(),
            properties=pika.BasicProperties(delivery_mode=2),
            mandatory=True,
        )


def rung_arguments(seconds: int) -> dict[str, Any]:
    """Arguments of a rung's queue."""
    return {
        "x-queue-type": "quorum",
        "x-message-ttl": seconds * 1000,
        "x-dead-letter-exchange": "",
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }


def rung_for(wait: timedelta) -> int:
    """The smallest rung that covers the wait, else the longest."""
    return next((s for s in RUNGS_SECONDS if s >= wait.total_seconds()), RUNGS_SECONDS[-1])


class HandOn(Middleware):
    """What raised goes to the ladder, higher with each try; in place of dramatiq's Retries.

    If the ladder cannot be reached the message is returned to its queue: it is never acked undone. The pause
    before that keeps a queue's delivery limit from being used up within seconds.
    """

    def __init__(self, pause_seconds: float = 5) -> None:
        self._pause_seconds = pause_seconds

    def after_process_message(
        self, broker: Any, message: Any, *, result: Any = None, exception: BaseException | None = None
    ) -> None:
        if exception is None or message.failed or stale(message):
            return
        message._return = True  # until it is handed on: whatever goes wrong here must not ack it
        tries = message.options.get("tries", 0) + 1
        log.warning("message_raised", actor=message.actor_name, tries=tries, exc_info=exception)
        if tries > MAX_TRIES:
            message.fail()
            return
        again = message.copy(options={"tries": tries})
        wait = timedelta(seconds=RUNGS_SECONDS[min(tries, len(RUNGS_SECONDS)) - 1])
        try:
            Ladder(broker).hand_on(again, wait)
        except AMQPError as fault:
            log.warning("ladder_out_of_reach", actor=message.actor_name, error=type(fault).__name__)
            time.sleep(self._pause_seconds)
        else:
            message._return = False
