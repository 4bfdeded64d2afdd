"""How long a notice took from its cause to its first and last acceptance; noted once, when it has drained."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from forewarn.notice import Channel, Occasion
from forewarn.runtime.postgres import Connection, queries
from forewarn.subscriber import Side
from services.planner.metrics import FIRST_ACCEPTANCE, LAST_ACCEPTANCE

SQL = queries(Path(__file__).parent / "sql")
TOOK, UNHEARD = SQL["took"] + SQL["since"], SQL["unheard"] + SQL["since"]

OF_AN_EVENT = (
    *(Occasion.FIRST, Occasion.UPDATE, Occasion.RESOLVED, Occasion.CORRECTION, Occasion.WITHDRAWN),
    *(Occasion.COMPLETED, Occasion.DELAYED, Occasion.CANCELLED),
)
"""Occasions whose cause is the event that they tell of; the others' cause is a time, or another notice."""


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds from the cause to the first and the last acceptance on a channel."""

    channel: Channel
    side: Side
    first: float
    last: float


def how_long(connection: Connection, drained: Sequence[tuple[str, str]]) -> tuple[Took, ...]:
    """What these notices, each on its channel, took; nothing of those that nobody accepted."""
    if not drained:
        return ()
    values = {
        "notices": [notice for notice, _ in drained],
        "channels": [channel for _, channel in drained],
        "of_an_event": list(OF_AN_EVENT),
    }
    rows = connection.execute(TOOK, values).fetchall()
    return tuple(Took(Channel(r["channel"]), Side(r["side"]), max(0.0, r["first"]), max(0.0, r["last"])) for r in rows)


def unheard(connection: Connection) -> dict[tuple[str, str], float]:
    """How long the oldest notice in the air that nobody was told by has taken so far, by channel and side."""
    rows = connection.execute(UNHEARD, {"of_an_event": list(OF_AN_EVENT)}).fetchall()
    longest = dict[tuple[str, str], float]()
    for row in rows:
        where = row["channel"], row["side"]
        longest[where] = max(row["wait"], longest.get(where, 0.0))
    return longest


def note(took: Iterable[Took]) -> None:
    """Count them."""
    for one in took:
        FIRST_ACCEPTANCE.labels(one.channel, one.side).observe(one.first)
        LAST_ACCEPTANCE.labels(one.channel, one.side).observe(one.last)
