"""Why a subscriber is, or is not, in the audience of an outage: each way in, each rule out (W9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from forewarn.component import Touched
from forewarn.notice import Channel
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


@dataclass(frozen=True, slots=True)
class Reach:
    """An address of a subscriber. `asleep_until`: now in quiet hours, which the outage heeds."""

    channel: Channel = Channel.EMAIL
    suppression: str | None = None
    asleep_until: str | None = None
    guest: bool = True


def reasons(stakes: tuple[Stake, ...], touched: tuple[Touched, ...], reach: tuple[Reach, ...]) -> Reasons:
    """Each path that puts the subscriber into the audience, and each rule that keeps them from being told."""
    ways: Mapping[str, Touched] = {t.component: t for t in touched}
    side = side_of(frozenset(stake.role for stake in stakes))
    found = [(stake, _paths(stake, ways)) for stake in stakes]
    paths = tuple(path for _, several in found for path in several)
    heard = [_hearing(stake.role) for stake, several in found if several]
    rules = [*_rules_of(stakes, side, paths, touched), *([] if reach else ["has no address on any channel"])]
    rules += [rule for way in reach for rule in _rules_of_reach(way)]
    strongest = min(heard, key=HEARINGS.index, default=None)
    return Reasons(bool(paths and reach), side, strongest, paths, tuple(rules))


def _rules_of(stakes: tuple[Stake, ...], side: Side, paths: tuple[str, ...], touched: tuple[Touched, ...]) -> list[str]:
    rules = []
    if not stakes:
        rules.append("has no stake in anything")
    elif not paths:
        rules.append("no stake leads to anything this outage touches")
    if side is Side.OUTSIDE and paths and not touched:
        rules.append("no known component is touched: the outage is inside only")
    return rules


def _rules_of_reach(reach: Reach) -> list[str]:
    rules = []
    if reach.suppression is not None:
        wins = ": an unsubscribe always wins" if reach.suppression == "unsubscribed" else ""
        rules.append(f"{reach.suppression} on {reach.channel}{wins}")
    if not reach.guest:
        rules.append(f"not_a_guest on {reach.channel}: only the policy's guests are told in this mode, or by a test")
    if reach.asleep_until is not None:
        rules.append(f"asleep until {reach.asleep_until}: told then, but at once of what is critical")
    return rules


def asleep_until(start: time | None, end: time | None, clock: time, zone: str) -> str | None:
    """The end of the quiet hours if the clock on the subscriber's wall is in them; they may go past midnight."""
    if start is None or end is None or start == end:
        return None
    asleep = start <= clock < end if start < end else clock >= start or clock < end
    return f"{end:%H:%M} ({zone})" if asleep else None


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
