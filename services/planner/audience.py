"""The audience of a notice, counted by the rules that freeze its windows, without writing anything."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from forewarn.contracts.policy import Policy
from forewarn.delivery import OPEN
from forewarn.mode import Mode
from forewarn.notice import Channel, Occasion
from forewarn.subscriber import Side, Voice
from services.planner.hearing import membership
from services.planner.members import SQL, members, roomy
from services.planner.strides import Way

AUDIENCE = members(Way.MANY) + SQL["audience"]
CALLED = members(Way.MANY) + SQL["called"]
PARAMETER = re.compile(r"%\((\w+)\)s")

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A notice whose audience is asked for. `outage_id`: of one that does not exist yet nobody was told.

    `touched`: keys of the touched components; `names`: notices that a correction takes back, none means all;
    `minimums`: as of `schedule.Wanted`.
    """

    outage_id: int | None
    side: Side
    channel: Channel
    occasion: Occasion
    touched: Sequence[str]
    names: Sequence[str] = ()
    minimums: Sequence[str] | None = None
    mode: str
    test: bool
    critical: bool

    def values(self, run: Run, policy: Policy) -> dict[str, Any]:
        """The parameters of the statements that find members: everybody, in the last rank."""
        values = membership(self.side, policy) | {
            "outage": self.outage_id,
            "channel": self.channel,
            "occasion": self.occasion,
            "touched": list(self.touched),
            "names": list(self.names),
            "minimums": list(self.minimums) if self.minimums is not None else None,
            "guests_only": self.test or self.mode == Mode.GUESTS,
            "critical": self.critical,
            "open": OPEN,
        }
        asked: dict[str, Any] = run(SQL["asked_audience"], values).fetchone()
        return values | asked | {"rank": values["last_rank"]}


def audience(run: Run, policy: Policy, asked: Asked) -> tuple[Group, ...]:
    """Whom a notice would reach if it were released now."""
    values = asked.values(run, policy)
    with roomy(run, Way.MANY):
        rows = run(AUDIENCE, values).fetchall()
    return tuple(Group(Voice(r["voice"]), r["locale"], r["told"], r["letter"], r["wake_at"], r["people"]) for r in rows)


def people(run: Run, policy: Policy, asked: Sequence[Asked]) -> int:
    """How many people several notices would call together; whoever several of them call counts once."""
    parts, values = [], dict[str, Any]()
    for place, one in enumerate(asked):
        parts.append(PARAMETER.sub(rf"%(\1_{place})s", CALLED))
        values |= {f"{name}_{place}": value for name, value in one.values(run, policy).items()}
    called = ") union all (".join(parts)
    with roomy(run, Way.MANY):
        row = run(f"select count(distinct c.id)::int as people from (({called})) c", values).fetchone()
    return int(row["people"]) if row else 0
