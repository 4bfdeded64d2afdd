"""An estimate of an audience from a sample of the directory, in milliseconds, whatever its statistics say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from forewarn.component import Touched
from forewarn.contracts.policy import Policy
from forewarn.notice import Channel, Occasion
from forewarn.runtime.postgres import queries
from forewarn.subscriber import Side
from services.planner.hearing import parameters
from services.planner.strides import SMALL, Estimate

SQL = queries(Path(__file__).parent / "sql")
SAMPLE = 500
"""People asked: 50,000 among a million are then seen as 25 ± 5."""
TOLD_ONLY = (Occasion.CORRECTION, Occasion.WITHDRAWN, Occasion.WAKE, Occasion.CANCELLED)

Run = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Estimates:
    """Estimates of one page: the directory is sampled once for each side and what is touched, on all its channels."""

    run: Run
    policy: Policy
    _exposed: dict[tuple[Side, tuple[str, ...], tuple[str, ...] | None], Estimate | None] = field(default_factory=dict)

    def exposed(self, side: Side, touched: Sequence[str], minimums: Sequence[str] | None = None) -> Estimate | None:
        """How many may have a stake; None when this side has nobody. `minimums`: as of `schedule.Wanted`."""
        asked = side, tuple(touched), tuple(minimums) if minimums is not None else None
        if asked not in self._exposed:
            self._exposed[asked] = _sampled(self.run, self.policy, *asked)
        return self._exposed[asked]

    def people(self, side: Side, touched: Sequence[Touched]) -> float:
        """How many a notice to everybody on a side is for: each is told once, whoever was told before."""
        size = self.exposed(side, [t.component for t in touched])
        return size.up_to(max(size.shares, default=0)) if size is not None else 0

    def audience(
        self,
        side: Side,
        occasion: Occasion,
        channel: Channel,
        outage_id: int | None,
        touched: Sequence[str],
        minimums: Sequence[str] | None = None,
    ) -> Estimate | None:
        """How large the audience of a notice may be; None when its side has nobody."""
        exposed, told = self.exposed(side, touched, minimums), 0
        if exposed is None:
            return None
        if occasion is not Occasion.FIRST and outage_id is not None:
            before = self.run(SQL["told_before"], {"outage": outage_id, "channel": channel}).fetchone()
            told = before["slept" if occasion is Occasion.WAKE else "placed"]
        return replace(exposed, told=told, told_only=occasion in TOLD_ONLY)


def _sampled(
    run: Run, policy: Policy, side: Side, touched: Sequence[str], minimums: Sequence[str] | None
) -> Estimate | None:
    values = parameters(side, policy.tiers) | {"touched": list(touched), "sample": SAMPLE, "most": SMALL + 1}
    values["minimums"] = list(minimums) if minimums is not None else None
    rows = run(SQL["sample"], values).fetchall()
    lo, hi = rows[0]["lo"], rows[0]["hi"]
    if lo is None:
        return None
    asked = sum(row["people"] for row in rows)
    shares = {row["rank"]: row["people"] / asked for row in rows if row["rank"] is not None}
    inside = side is Side.INSIDE and rows[0]["insiders"] <= SMALL
    return Estimate(
        lo=lo,
        hi=hi,
        people=rows[0]["insiders"] if inside else hi - lo + 1,
        shares=shares | dict.fromkeys(_unmet(run, values, shares), 0.0),
    )


def _unmet(run: Run, values: dict[str, Any], shares: dict[int, float]) -> set[int]:
    """Ranks that have somebody perhaps, whom the sample did not meet.

    Customers of a rank after all that it met leave with the last of these: that is no pass more over everybody.
    Colleagues have a window of every rank: the first one holds customers back, and is to hold no others.
    """
    if values["inside"]:
        return set(range(values["last_rank"] + 1)) - shares.keys()
    unmet = set(range(max(shares, default=values["last_rank"]))) - shares.keys()
    if not unmet:
        return unmet
    rows = run(SQL["ranks"], values | {"unmet": list(unmet)}).fetchall()
    return unmet & {row["rank"] for row in rows}
