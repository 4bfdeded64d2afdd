"""Dispatch's actors: decode, send, publish; decode, page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import dramatiq
from dramatiq import Broker

from forewarn.contracts.messages import Batch, BatchSettled
from forewarn.contracts.names import PAGE, PAGE_QUEUE, SEND, dispatch_queue
from forewarn.contracts.page import Page
from forewarn.notice import Channel, Lane
from forewarn.runtime.killpoint import killpoint
from services.dispatch.outcome import Dropped, Outcome, Sent, Wait

Send = Callable[[Batch], Outcome]
Settle = Callable[[BatchSettled], None]
HandOn = Callable[[Batch, timedelta], None]
Free = Callable[[Batch, Sent], None]
Noted = Callable[[Batch, Outcome], None]
Ring = Callable[[Page], None]


def register(
    broker: Broker, channel: Channel, send: Send, settle: Settle, hand_on: HandOn, free: Free, noted: Noted
) -> None:
    """Make the actor of this channel on the broker, for every lane."""

    def send_batch(batch: dict[str, Any]) -> None:
        todo = Batch.model_validate(batch)
        outcome = send(todo)
        noted(todo, outcome)
        match outcome:
            case Wait(_, wait):
                hand_on(todo, wait)
            case Sent(settled, _, rest, wait):
                killpoint("send.called")
                settle(settled)
                if rest is not None:
                    hand_on(rest, wait)
                killpoint("send.published")
                free(todo, outcome)
            case Dropped():
                pass

    actor = dramatiq.actor(broker=broker, actor_name=SEND, queue_name=dispatch_queue(channel, Lane.URGENT))
    actor(send_batch)
    for lane in Lane:
        broker.declare_queue(dispatch_queue(channel, lane))


def register_pages(broker: Broker, ring: Ring) -> None:
    """Make the actor that pages communicators."""

    def page_person(**message: Any) -> None:
        ring(Page(**message))

    dramatiq.actor(broker=broker, actor_name=PAGE, queue_name=PAGE_QUEUE)(page_person)
