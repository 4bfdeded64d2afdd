"""Expand: freeze a window's batches once, publish their bodies, then let the next rank go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from forewarn.notice import Channel, Lane
from services.planner.ports import Due


@dataclass(frozen=True, slots=True)
class Body:
    """A batch's message body as JSON text, and the queue it belongs to."""

    batch_id: int
    channel: Channel
    lane: Lane
    json: str


@dataclass(frozen=True, slots=True)
class Frozen:
    """A window's frozen rows: what is to be published, and the outage it belongs to."""

    outage_id: int
    bodies: tuple[Body, ...]


class Windows(Protocol):
    def freeze(self, window_id: int) -> Frozen | None:
        """Freeze, or freshen what is frozen; None when another has the window or it is published."""

    def published(self, window_id: int) -> Sequence[Due]:
        """Clear the debt; the next rank's windows if this was the last of its rank."""


def expand(
    window_id: int, windows: Windows, publish: Callable[[Sequence[Body]], None]
) -> tuple[Frozen | None, Sequence[Due]]:
    """Freeze and publish one window. A second copy of the message finds nothing to do, or publishes the same rows."""
    frozen = windows.freeze(window_id)
    if frozen is None:
        return None, ()
    publish(frozen.bodies)
    return frozen, windows.published(window_id)
