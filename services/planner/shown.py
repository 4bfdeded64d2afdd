"""What the watch shows: its gauges, and the closed sets of their labels."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from prometheus_client import Gauge

from forewarn.contracts.names import EXPAND, PAGE, PLAN, SEND, SETTLE
from forewarn.delivery import State, Tally
from forewarn.notice import Channel, Lane
from forewarn.subscriber import Side
from services.planner import metrics

ARROWS = ("plan", "expand", "publish", "batch")
CLOCK_ARROWS = ("plan", "expand", "sweep", "expire", "pull")
PROMISES = ("open", "kept", "missed", "moot")
SCOPES = ("everything", "channel", "outage")
STATES = (*State, "open")
HEARD = ("yes", "no", "nobody")
NOT_ALL = 0.99
DEAD_ACTORS = (PLAN, EXPAND, SEND, SETTLE, PAGE, "other")

GAUGES: Mapping[str, tuple[Gauge, Iterable[str]]] = {
    "backlog_windows": (metrics.BACKLOG_WINDOWS, Lane),
    "backlog_age": (metrics.BACKLOG_AGE, Lane),
    "debts": (metrics.OWED, ARROWS),
    "debt_age": (metrics.OWED_AGE, ARROWS),
    "promises": (metrics.PROMISES, PROMISES),
    "paused": (metrics.PAUSED, SCOPES),
    "paused_seconds": (metrics.PAUSED_SECONDS, SCOPES),
}
"""What `watch.sql` answers, by its own names; a label that it does not name is 0."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A notice on a channel, and how many of its recipients are where."""

    channel: str
    lane: str
    in_the_air: bool
    unfrozen: bool
    """Not all of its people are found yet."""
    paused: bool
    tally: Tally


def show_recipients(notices: Iterable[Counted]) -> None:
    """Set the gauges of recipients."""
    current: Counter[tuple[str, str, str]] = Counter()
    backlog: Counter[str] = Counter()
    planned: Counter[str] = Counter()
    left: Counter[str] = Counter()
    waiting: Counter[str] = Counter()
    unfrozen = set[str]()
    for notice in notices:
        planned[notice.channel] += notice.tally.planned
        left[notice.channel] += notice.tally.open
        backlog[notice.lane] += notice.tally.open if notice.in_the_air else 0
        waiting[notice.channel] += notice.tally.open if notice.in_the_air and not notice.paused else 0
        unfrozen |= {notice.channel} if notice.unfrozen else set()
        for state in STATES:
            current[notice.channel, notice.lane, state] += getattr(notice.tally, state)
    for channel, lane, state in product(Channel, Lane, STATES):
        metrics.CURRENT.labels(channel, lane, state).set(current[channel, lane, state])
    for lane in Lane:
        metrics.BACKLOG.labels(lane).set(backlog[lane])
    for channel in Channel:
        metrics.WAITING.labels(channel).set(waiting[channel])
        metrics.ACCOUNTED.labels(channel).set(accounted(planned[channel], left[channel], channel in unfrozen))


def accounted(planned: int, left: int, unfrozen: bool) -> float:
    """The share that has an outcome, never all while people are still looked up; 0 when only that has begun."""
    if not planned:
        return 0.0 if unfrozen else 1.0
    share = 1 - left / planned
    return min(share, NOT_ALL) if unfrozen else share


def show_unheard(waits: Mapping[tuple[str, str], float]) -> None:
    """Set how long nobody has been told, in seconds by channel and side; whichever is not named waits for nobody."""
    for channel, side in product(Channel, Side):
        metrics.UNHEARD_SECONDS.labels(channel, side).set(max(0.0, waits.get((channel, side), 0.0)))


def at_zero() -> None:
    """Counters begin with a 0 that is scraped: without it the first dead letter would be no increase."""
    for actor in DEAD_ACTORS:
        metrics.DEAD_LETTERS.labels(actor)
    for arrow in CLOCK_ARROWS:
        metrics.DEBTS.labels(arrow)
    for channel in Channel:
        for side in Side:
            metrics.FIRST_ACCEPTANCE.labels(channel, side)
            metrics.LAST_ACCEPTANCE.labels(channel, side)
