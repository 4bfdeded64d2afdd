"""The audience of a notice, counted by the rules that freeze its windows, without writing anything."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from forewarn.contracts.policy import Policy
from forewarn.mode import Mode
from forewarn.notice import Channel, Occasion
from forewarn.runtime.postgres import queries
from forewarn.subscriber import Side, Voice
from services.planner.hearing import membership

SQL = queries(Path(__file__).parent / "sql")
AUDIENCE = SQL["asked_audience"] + SQL["member"] + SQL["audience"]

Run = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Group:
    """So many people who would be told the same, or not: `letter` is `.` for whoever would be called.

    `locale` is the language that they read; whether there are texts in it is not asked here.
    """

    voice: Voice
    locale: str
    told: bool
    letter: str
    wake_at: datetime | None
    people: int


def audience(
    run: Run,
    policy: Policy,
    *,
    outage_id: int | None,
    side: Side,
    channel: Channel,
    occasion: Occasion,
    touched: Sequence[str],
    names: Sequence[str] = (),
    mode: str,
    test: bool,
    critical: bool,
) -> tuple[Group, ...]:
    """Whom a notice would reach if it were released now; of an outage that does not exist yet nobody was told.

    `touched`: keys of the touched components; `names`: notices that a correction takes back, none means all.
    """
    values = membership(side, policy) | {
        "outage": outage_id,
        "side": side,
        "channel": channel,
        "occasion": occasion,
        "touched": list(touched),
        "names": list(names),
        "guests_only": test or mode == Mode.GUESTS,
        "critical": critical,
    }
    rows = run(AUDIENCE, values).fetchall()
    return tuple(Group(Voice(r["voice"]), r["locale"], r["told"], r["letter"], r["wake_at"], r["people"]) for r in rows)
