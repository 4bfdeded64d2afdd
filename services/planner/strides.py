"""Strides: how an audience is cut into windows, and by which way each window finds its people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

FIRST, SECOND, MOST = 1_000, 5_000, 25_000
"""People wanted in the first window, so that the first batch leaves early, in the second, so that dispatch has work
until a third is found, and at most in the others: the bodies of a window lie in memory at once (50,000 took the
planner to 158 MB in the smoke benchmark, 25,000 to 135)."""
SLACK = 0.2
"""So much of a window may be spread over the others, rather than be one more that goes through all accounts."""
SMALL = 50_000
"""An audience up to here is looked for among its own, not among everybody, where it is one of so many ids at most."""
SPARSE = 10
FEW = 4_000
"""Ids up to which each one's stakes are looked up; beyond it, reading all touched accounts once is cheaper."""


class Way(StrEnum):
    """How a window finds its people: id by id, all ids beside all accounts, from touched accounts, or who was moved."""

    FEW = "few"
    MANY = "many"
    ACCOUNTS = "accounts"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Stride:
    """One window: a rank's people among these ids."""

    rank: int
    lo: int
    hi: int
    way: Way


@dataclass(frozen=True, slots=True)
class Estimate:
    """How large an audience may be; only the speed depends on it, never who is in it.

    `people`: of the side between `lo` and `hi`, about. `shares`: for each rank that has anybody, which part of them
    it is, by a sample. `told`: who may have been told before and need no stake; `told_only`: nobody else is meant.
    """

    lo: int
    hi: int
    people: int
    shares: Mapping[int, float]
    told: int = 0
    told_only: bool = False

    def up_to(self, rank: int) -> float:
        """People of this rank and those before it."""
        if self.told_only:
            return self.told
        return self.told + self.people * sum(share for of, share in self.shares.items() if of <= rank)

    def density(self, rank: int) -> float:
        """People of this rank for each id."""
        expected = self.told if self.told_only else self.shares[rank] * self.people
        return expected / (self.hi - self.lo + 1)


def strides(estimate: Estimate, last_rank: int) -> tuple[Stride, ...]:
    """The windows, in the order in which they leave. The last rank takes in whoever has no place by then."""
    ranks = sorted(estimate.shares) or [last_rank]
    shown = [*ranks[:-1], last_rank]
    return tuple(
        stride for rank, label in zip(ranks, shown, strict=True) for stride in _of_rank(estimate, rank, label, ranks[0])
    )


def way_of(estimate: Estimate, rank: int) -> Way:
    """A small audience is not looked for among everybody."""
    if estimate.people <= FEW:
        return Way.FEW
    if estimate.people <= SMALL < estimate.hi - estimate.lo:
        return Way.FEW  # colleagues: few among many ids, in many accounts
    wanted, ids = estimate.up_to(rank), estimate.hi - estimate.lo + 1
    return Way.ACCOUNTS if wanted <= SMALL < estimate.people and wanted * SPARSE <= ids else Way.MANY


def _of_rank(estimate: Estimate, rank: int, label: int, first_rank: int) -> Iterator[Stride]:
    if rank not in estimate.shares:
        yield Stride(label, estimate.lo, estimate.hi, way_of(estimate, rank))
        return
    lo, hi, density, way = estimate.lo, estimate.hi, estimate.density(rank), way_of(estimate, rank)
    if rank == first_rank and density * (hi - lo + 1) > 2 * FIRST:
        for wanted in (FIRST, SECOND):
            width = min(MOST, max(wanted, int(wanted / density)))
            yield Stride(label, lo, min(hi, lo + width - 1), Way.FEW if way is Way.FEW or width <= FEW else Way.MANY)
            lo += width
    left = hi - lo + 1
    windows = 1 if way is Way.ACCOUNTS else ceil(density * left / MOST - SLACK)
    width = max(MOST, ceil(left / max(1, windows)))
    while lo <= hi:
        yield Stride(label, lo, min(hi, lo + width - 1), way)
        lo += width
