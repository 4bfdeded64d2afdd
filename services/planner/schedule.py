"""The schedule: which notices an outage wants, given what it says now and what was planned before."""

from collections.abc import Iterable
from dataclasses import dataclass

from forewarn.notice import Occasion
from forewarn.outage import OVER, Kind, Outage
from forewarn.subscriber import Side


@dataclass(frozen=True, slots=True)
class Planned:
    """A notice that stands already."""

    side: Side
    occasion: Occasion
    slot: str


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision that no plan has seen yet."""

    revision: int
    newsworthy: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """A notice to plan. Its slot is the revision that brought it about."""

    side: Side
    occasion: Occasion
    slot: str


def wanted(
    outage: Outage, planned: Iterable[Planned], unseen: Iterable[Revision], touches_somebody: bool
) -> tuple[Wanted, ...]:
    """The notices that the unseen revisions bring about, at most one for a side, inside first.

    Outside hears nothing while no known component is touched: the outage is inside only. Planned work
    is recorded and wants no notice yet.
    """
    if outage.kind is not Kind.INCIDENT:
        return ()
    standing = tuple(planned)
    news = [revision.revision for revision in unseen if revision.newsworthy]
    sides = (Side.INSIDE, Side.OUTSIDE) if touches_somebody else (Side.INSIDE,)
    notices = (_wanted_by(side, outage, [p for p in standing if p.side is side], news) for side in sides)
    return tuple(notice for notice in notices if notice is not None)


def _wanted_by(side: Side, outage: Outage, planned: list[Planned], news: list[int]) -> Wanted | None:
    over = outage.facts.status in OVER
    if not planned:  # an outage over before anybody heard of it is told once, in its last words (W6, T14)
        return Wanted(side, Occasion.RESOLVED if over else Occasion.FIRST, str(outage.revision))
    if not news:
        return None
    if over:
        ended = planned[-1].occasion is Occasion.RESOLVED
        return Wanted(side, Occasion.UPDATE if ended else Occasion.RESOLVED, str(news[-1]))
    return Wanted(side, Occasion.UPDATE, str(news[-1]))
