"""Outgoing: all that leaves the planner for a queue, and what its clock says to intake; each is confirmed."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import orjson

from forewarn.contracts.messages import OutageRevised, WindowDue
from forewarn.contracts.names import (
    CLOCK_ROLE,
    EXPAND,
    PAGE,
    PAGE_QUEUE,
    PLAN,
    PLAN_QUEUE,
    ROLE_HEADER,
    SEND,
    dispatch_queue,
    expand_queue,
)
from forewarn.contracts.page import Page
from forewarn.runtime.broker import QuorumBroker, message
from forewarn.runtime.logs import logger
from forewarn.runtime.publisher import NotConfirmed, Publisher
from services.planner.calm import Calm
from services.planner.expand import Body
from services.planner.ports import Due, Opening

log = logger(__name__)

PUBLISHERS = 4
"""Batches published at once: a confirm waits for the disks of RabbitMQ's replicas, and one at a time caps a window."""

CONFIRM_SECONDS = 10.0


class Outgoing:
    """Raises what says that the broker is away, for whoever owes it to publish it again."""

    def __init__(self, broker: QuorumBroker, events: Publisher) -> None:
        self._broker, self._events = broker, events
        self._threads = ThreadPoolExecutor(PUBLISHERS, "publish")

    def stop(self) -> None:
        self._threads.shutdown()

    def plan(self, outage_id: int) -> None:
        self._broker.enqueue(message(PLAN_QUEUE, PLAN, **OutageRevised(outage_id=outage_id).model_dump()))

    def due(self, due: Due) -> None:
        window = WindowDue(window_id=due.window_id)
        self._broker.enqueue(message(expand_queue(due.lane), EXPAND, **window.model_dump()))

    def body(self, body: Body) -> None:
        queue = dispatch_queue(body.channel, body.lane)
        self._broker.enqueue(message(queue, SEND, batch=orjson.Fragment(body.json)))

    def bodies(self, bodies: Sequence[Body]) -> None:
        for _ in self._threads.map(self.body, bodies):  # raises what one of them raised
            pass

    def pages(self, pages: Iterable[Page]) -> None:
        for page in pages:
            self._broker.enqueue(message(PAGE_QUEUE, PAGE, **page.model_dump(mode="json")))

    def openings(self, openings: Iterable[Opening]) -> None:
        """Each once the one before it is confirmed: of what is opened later than a lost one, that would be behind."""
        try:
            for opening in openings:
                word = self._events.publish(opening.body, opening.event_id, {ROLE_HEADER: CLOCK_ROLE})
                word.result(CONFIRM_SECONDS)
        except (NotConfirmed, TimeoutError) as fault:  # the clock looks again soon
            log.warning("windows_not_opened", error=type(fault).__name__)

    def calm(self, calm: Calm) -> None:
        """The one word that nobody waits for: the clock says it again until it is carried out."""
        self._events.publish(calm.body, calm.event_id, {ROLE_HEADER: CLOCK_ROLE})
