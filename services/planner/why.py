"""Why a subscriber is, or is not, in the audience of an outage: each way in, each rule out (W9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forewarn.component import Touched
from forewarn.subscriber import HEARINGS, Hearing, Role, Side, side_of


@dataclass(frozen=True, slots=True)
class Stake:
    """One stake with everything that says whom it is about; `used` are the touched components its account uses."""

    role: Role
    account: str | None = None
    used: tuple[str, ...] = ()
    component: str | None = None
    team: str | None = None
    team_owns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reasons:
    included: bool
    side: Side
    hearing: Hearing | None
    paths: tuple[str, ...]
    rules: tuple[str, ...]


def reasons(
    stakes: tuple[Stake, ...], touched: tuple[Touched, ...], has_address: bool, suppression: str | None
) -> Reasons:
    """Each path that puts the subscriber into the audience, and each rule that keeps them from being told."""
    ways: Mapping[str, Touched] = {t.component: t for t in touched}
    side = side_of(frozenset(stake.role for stake in stakes))
    found = [(stake, _paths(stake, ways)) for stake in stakes]
    paths = tuple(path for _, several in found for path in several)
    heard = [_hearing(stake.role) for stake, several in found if several]
    rules = []
    if not stakes:
        rules.append("has no stake in anything")
    elif not paths:
        rules.append("no stake leads to anything this outage touches")
    if side is Side.OUTSIDE and paths and not touched:
        rules.append("no known component is touched: the outage is inside only")
    if not has_address:
        rules.append("has no email address")
    if suppression is not None:
        rules.append(
            f"{suppression} on email: an unsubscribe always wins" if suppression == "unsubscribed" else suppression
        )
    strongest = min(heard, key=HEARINGS.index, default=None)
    return Reasons(bool(paths) and has_address, side, strongest, paths, tuple(rules))


def _hearing(role: Role) -> Hearing:
    return next(hearing for hearing in HEARINGS if hearing.role is role)


def _paths(stake: Stake, ways: Mapping[str, Touched]) -> list[str]:
    who = stake.role.value.replace("_", " ")
    if stake.account is not None:
        return [f"{who} of {stake.account}, which uses {name}, {_way(ways[name])}" for name in stake.used]
    if stake.team is not None:
        return [f"{who} in team {stake.team}, which owns {name}, {_way(ways[name])}" for name in stake.team_owns]
    if stake.component is not None:
        return [f"{who} for {stake.component}, {_way(ways[stake.component])}"] if stake.component in ways else []
    return [f"{who} of everything"]


def _way(touched: Touched) -> str:
    if len(touched.path) == 1:
        return f"which is {touched.impact}"
    return f"which is {touched.impact} because it needs {' ← '.join(reversed(touched.path[:-1]))}"


def stake_from(row: Mapping[str, Any]) -> Stake:
    """A stake from its row in why.sql."""
    return Stake(
        Role(row["role"]),
        row["account"],
        tuple(row["used"]),
        row["component"],
        row["team"],
        tuple(row["team_owns"]),
    )
