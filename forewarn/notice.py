"""A notice: one thing to say at one moment to one side, and its deterministic id."""

from enum import StrEnum
from hashlib import blake2b

from forewarn.subscriber import Side


class Occasion(StrEnum):
    """Why now. Children tell the newest facts: `wake` at the end of quiet hours, `failover` by another channel to
    whoever could not be reached, `replay` to them again by the same channel, at an operator's word.
    """

    FIRST = "first"
    UPDATE = "update"
    HOLDING = "holding"
    RESOLVED = "resolved"
    CORRECTION = "correction"
    WITHDRAWN = "withdrawn"
    WAKE = "wake"
    FAILOVER = "failover"
    REPLAY = "replay"
    REMINDER = "reminder"
    STARTING = "starting"
    PROGRESS = "progress"
    OVERRUN = "overrun"
    COMPLETED = "completed"
    DELAYED = "delayed"
    CANCELLED = "cancelled"
    FOLLOW_UP = "follow_up"


OF_FAILURES = frozenset({Occasion.FAILOVER, Occasion.REPLAY})
"""Children for whoever a notice, their parent, failed to reach."""

CHILDREN = OF_FAILURES | {Occasion.WAKE}
"""They replace nothing and are not replaced: whom they are for was moved to them."""


class Lane(StrEnum):
    """Lanes are queues: an outage overtakes a running million."""

    URGENT = "urgent"
    NORMAL = "normal"
    BULK = "bulk"


class Channel(StrEnum):
    """Ways to a subscriber."""

    EMAIL = "email"
    WEBHOOK = "webhook"


NEXT = {Channel.WEBHOOK: Channel.EMAIL, Channel.EMAIL: Channel.WEBHOOK}
"""By which channel somebody is told whom this one could not reach (H7)."""


class ChannelState(StrEnum):
    """Where a notice stands on one channel."""

    HELD = "held"
    WAITING = "waiting"
    RELEASED = "released"
    DRAINED = "drained"


class Hold(StrEnum):
    """Why a notice is held: until a time unless dismissed, until a person releases it, by the storm brake, asleep."""

    AFTER = "after"
    PERSON = "person"
    STORM = "storm"
    QUIET = "quiet"


class Ending(StrEnum):
    """How a notice ended that was never released: nobody was told by it."""

    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    DISMISSED = "dismissed"
    CANCELLED = "cancelled"


def lane_of(occasion: Occasion, side: Side) -> Lane:
    """The lane a notice travels in; all that is unplanned, and all for inside, is urgent."""
    if side is Side.INSIDE:
        return Lane.URGENT
    match occasion:
        case Occasion.STARTING | Occasion.PROGRESS | Occasion.COMPLETED:
            return Lane.NORMAL
        case Occasion.REMINDER | Occasion.FOLLOW_UP:
            return Lane.BULK
        case _:
            return Lane.URGENT


def notice_id(outage: str, side: Side, occasion: Occasion, slot: str) -> str:
    """16 hex digits, the same for the same outage, side, occasion and slot, in every process and for ever."""
    words = "\x1f".join((outage, side, occasion, slot))
    return blake2b(words.encode(), digest_size=8).hexdigest()
