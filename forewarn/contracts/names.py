"""Names on the broker: exchanges, queues, actors, rungs; a change of a queue's arguments is a new version."""

from forewarn.notice import Channel, Lane

EVENTS_EXCHANGE = "forewarn.events"
INTAKE_QUEUE = "forewarn.intake.v1"
INTAKE_DEAD_QUEUE = "forewarn.intake.dead.v1"
DEAD_QUEUE = "forewarn.dead.v1"

PLAN_QUEUE = "forewarn.plan.v1"
SETTLE_QUEUE = "forewarn.settle.v1"


def expand_queue(lane: Lane) -> str:
    """The queue of windows to expand in this lane."""
    return f"forewarn.expand.{lane}.v1"


DISPATCH_QUEUES = "forewarn.dispatch."
"""How the names of all queues begin whose messages carry addresses."""


def dispatch_queue(channel: Channel, lane: Lane) -> str:
    """The queue of batches to send on this channel in this lane."""
    return f"{DISPATCH_QUEUES}{channel}.{lane}.v2"


PAGE_QUEUE = f"{DISPATCH_QUEUES}page.v1"
"""Pages to communicators; whoever sends mails works them off."""

PLAN = "plan"
EXPAND = "expand"
SEND = "send"
SETTLE = "settle"
PAGE = "page"

RUNGS_SECONDS: tuple[int, ...] = (2, 5, 15, 60, 300)
"""The ladder of delays: one TTL queue a rung, behind an exchange a rung, for all lanes."""


def rung(seconds: int) -> str:
    """Name of the rung's exchange and of its queue."""
    return f"forewarn.ladder.{seconds}s.v1"


QUEUES: tuple[str, ...] = (
    *(INTAKE_QUEUE, INTAKE_DEAD_QUEUE, PLAN_QUEUE, SETTLE_QUEUE, DEAD_QUEUE),
    *(expand_queue(lane) for lane in Lane),
    *(dispatch_queue(channel, lane) for channel in Channel for lane in Lane),
    PAGE_QUEUE,
    *(rung(seconds) for seconds in RUNGS_SECONDS),
)
"""Every queue of ours."""

# Headers that the door sets, believed only with the door's AMQP user_id.
FORMAT_HEADER = "format"
SOURCE_HEADER = "source"
AUTHOR_HEADER = "author"
ROLE_HEADER = "role"
RECEIVED_AT_HEADER = "received_at"
CLOCK_ROLE = "clock"
"""The role of our own clock's events; believed only from the workers' own user."""

# Keys in Redis, shared by the planner's clock and dispatch.
CONTROL_KEY = "forewarn:control"
SUPPRESSED_KEY = "forewarn:control:suppressed"
PAUSED_KEY = "forewarn:control:paused"
STOPPED_KEY = "forewarn:control:stopped"


def paused_word(channel: str | None, outage: str | None) -> str:
    """How a pause of this channel (None: all) and this outage (INC-7; None: all) stands in the set of pauses."""
    words = (f"channel:{channel}" if channel else "", f"outage:{outage}" if outage else "")
    return " ".join(filter(None, words)) or "everything"


def paused_words(channel: str, outage: str) -> tuple[str, ...]:
    """What a batch of this channel and outage must not find in the set of pauses."""
    return tuple(paused_word(c, o) for c in (None, channel) for o in (None, outage))


def stopped_word(notice_id: str, channel: str) -> str:
    """What a batch must not find in the set of stops."""
    return f"{notice_id}:{channel}"


def marks_key(batch_id: int) -> str:
    """A letter per position."""
    return f"forewarn:batch:{batch_id}:marks"


def lease_key(batch_id: int) -> str:
    """The token of the one runner."""
    return f"forewarn:batch:{batch_id}:lease"


def turn_key(batch_id: int) -> str:
    """The newest turn that a runner has taken or handed on."""
    return f"forewarn:batch:{batch_id}:turn"
