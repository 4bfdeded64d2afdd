"""The planner's actors: decode, call one function, publish."""

from collections.abc import Callable
from typing import Any

import dramatiq
from dramatiq import Broker

from forewarn.contracts.messages import BatchSettled, OutageRevised, WindowDue
from forewarn.contracts.names import EXPAND, PLAN, PLAN_QUEUE, SETTLE, SETTLE_QUEUE, expand_queue
from forewarn.notice import Lane
from forewarn.runtime.killpoint import killpoint
from services.planner.clock import Hands
from services.planner.expand import Windows, expand
from services.planner.ledger import Outcomes, settle
from services.planner.plan import Planner


def register(broker: Broker, planner: Planner, windows: Windows, outcomes: Outcomes, hands: Hands) -> None:
    """Make the actors on this broker and declare the queues of every lane."""

    def plan_outage(**message: Any) -> None:
        moved = planner.plan(OutageRevised(**message).outage_id)
        killpoint("plan.committed")
        hands.moved(moved)
        killpoint("plan.published")

    def expand_window(**message: Any) -> None:
        frozen, due = expand(WindowDue(**message).window_id, windows, hands.bodies)
        killpoint("expand.published")
        for window in due:
            hands.due(window)
        if frozen is not None and not frozen.bodies:
            hands.advance(frozen.outage_id)

    def settle_batch(**message: Any) -> None:
        settled = settle(BatchSettled(**message), outcomes)
        killpoint("settle.committed")
        if settled is not None and settled.window_settled:
            hands.advance(settled.outage_id)

    make(broker, plan_outage, PLAN, PLAN_QUEUE)
    make(broker, expand_window, EXPAND, expand_queue(Lane.URGENT))
    make(broker, settle_batch, SETTLE, SETTLE_QUEUE)
    for lane in Lane:
        broker.declare_queue(expand_queue(lane))


def make(broker: Broker, act: Callable[..., None], name: str, queue: str) -> None:
    """One actor; lanes share it, a message names its own queue."""
    dramatiq.actor(broker=broker, actor_name=name, queue_name=queue)(act)
