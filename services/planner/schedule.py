"""The schedule: which notices an outage wants on a channel, given what it says now and what was planned before."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from forewarn.notice import CHILDREN, Channel, Lane, Occasion
from forewarn.outage import OVER, Act, Kind, Outage
from forewarn.subscriber import Side

NEWS_INSIDE = frozenset({Act.RELEASE, Act.DISMISS})
"""Colleagues who read that customers are held back are told what became of that."""

TAKEN_BACK_BY = {Act.WITHDRAW: Occasion.WITHDRAWN, Act.CORRECT: Occasion.CORRECTION}


@dataclass(frozen=True, slots=True)
class Planned:
    """A notice that stands on a channel; one that ended unheard, withdrawn or dismissed in its hold, is none.

    `minimums`: as of `Wanted`. `id`: of one on record; it is not made of this outage if the notice was adopted.
    """

    side: Side
    occasion: Occasion
    slot: str
    released: bool = True
    waiting: bool = False
    in_the_air: bool = False
    channel: Channel = Channel.EMAIL
    minimums: tuple[str, ...] | None = None
    id: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision that no plan has seen yet. `notices` are those that it takes back; none means all."""

    revision: int
    newsworthy: bool
    act: Act = Act.REPORT
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise of a next update that nothing will keep unless a holding notice leaves now (T13)."""

    side: Side
    due_at: datetime
    channel: Channel = Channel.EMAIL


@dataclass(frozen=True, slots=True)
class Wanted:
    """A notice to plan. Its slot is the revision that brought it about; of a holding notice, the promised time; of a
    rung, which it is. `lane`: where it is not the occasion's own. `minimums`: for accounts with one of these minimum
    notices alone; None: for everybody.
    """

    side: Side
    occasion: Occasion
    slot: str
    names: tuple[str, ...] = ()
    lane: Lane | None = None
    minimums: tuple[str, ...] | None = None


def wanted(
    outage: Outage,
    planned: Iterable[Planned],
    unseen: Iterable[Revision],
    customers: bool,
    promised: Iterable[Promised] = (),
    channel: Channel = Channel.EMAIL,
) -> tuple[Wanted, ...]:
    """The notices that the unseen revisions and the promises bring about on this channel, inside first.

    Each channel keeps its own promises and waits for its own turn, so that a slow one neither delays nor adds
    anything on another. On a channel that joins later the next news is the first.

    Without `customers` (no known component is touched, or they shall not hear) the outside is left out, unless it
    has heard already. Planned work has a schedule of its own (`planned`), and none while nobody says when it is; of
    what was merged no more is told but as a part of the whole.
    """
    if outage.kind is Kind.MAINTENANCE or outage.whole is not None:
        return ()
    standing, unseen, promised = tuple(planned), tuple(unseen), tuple(promised)
    out: list[Wanted] = []
    for side in (Side.INSIDE, Side.OUTSIDE):
        ours = [p for p in standing if p.side is side and p.occasion not in CHILDREN]
        own = [p for p in ours if p.channel is channel]
        # Somebody may have heard by a child alone, where others could not be reached by another channel.
        heard = any(p.released for p in standing if p.side is side and p.channel is channel)
        if side is Side.INSIDE or customers or heard:
            owed = [p for p in promised if p.side is side and p.channel is channel]
            out += taken_back(side, unseen) if heard else ()
            joins = bool(ours) and not own
            out += [] if outage.withdrawn else _told(side, outage, own, unseen, owed, heard=heard, joins=joins)
    return tuple(out)


def taken_back(side: Side, unseen: Sequence[Revision]) -> Iterator[Wanted]:
    """One withdrawal and one correction at most: both tell the newest facts."""
    for act, occasion in TAKEN_BACK_BY.items():
        acts = [revision for revision in unseen if revision.act is act]
        if acts:
            everything = any(not revision.notices for revision in acts)
            named = tuple(dict.fromkeys(name for r in acts for name in r.notices))
            # Colleagues are told of it whatever was named: they answer for what customers are told (W3).
            yield Wanted(side, occasion, str(acts[-1].revision), () if everything or side is Side.INSIDE else named)


def _told(
    side: Side,
    outage: Outage,
    own: Sequence[Planned],
    unseen: Sequence[Revision],
    owed: Sequence[Promised],
    *,
    heard: bool,
    joins: bool,
) -> Iterator[Wanted]:
    over = outage.facts.status in OVER
    if joins and over:  # what is taken back after the end is for whoever was told
        unseen = [revision for revision in unseen if revision.act not in TAKEN_BACK_BY]
    if not heard and _unheard(own, unseen, joins):  # over before anybody heard: told once, in last words (W6, T14)
        yield Wanted(side, Occasion.RESOLVED if over else Occasion.FIRST, str(outage.revision))
        return
    back = [r for r in unseen if heard and r.act in TAKEN_BACK_BY]
    news = [r for r in unseen if r not in back and (r.newsworthy or (side is Side.INSIDE and r.act in NEWS_INSIDE))]
    if news:
        yield Wanted(side, _news(own, over, heard), str(news[-1].revision))
    elif back and (not over or any(p.in_the_air for p in own)):
        yield Wanted(side, _for_the_rest(own, back), str(back[-1].revision))
    elif owed and not over and not any(_tells_all(p, heard) for p in own if p.waiting):
        yield Wanted(side, Occasion.HOLDING, min(p.due_at for p in owed).isoformat())
    elif own and heard and not over and not any(_tells_the_rest(p) for p in own):
        joined = [r for r in unseen if r.act is Act.JOIN]  # told to whoever it newly touches alone (W10)
        yield from (Wanted(side, Occasion.FIRST, str(r.revision)) for r in joined[-1:])


def _unheard(own: Sequence[Planned], unseen: Sequence[Revision], joins: bool) -> bool:
    """Whether nobody of the side has heard or will, and somebody should: nothing was planned, or it is released.

    A channel that `joins` later is told by the next news, and not because it is there.
    """
    if any(p.waiting for p in own):
        return False
    return not (own or joins) or any(r.newsworthy or r.act is Act.RELEASE for r in unseen)


def _tells_the_rest(notice: Planned) -> bool:
    """Whether it goes out with the newest facts, also to whoever is newly touched."""
    return notice.waiting and notice.occasion not in TAKEN_BACK_BY.values()


def _for_the_rest(own: Sequence[Planned], back: Sequence[Revision]) -> Occasion:
    """What still stands, for whoever was not told (T17); all hear it if what was named is stopped in the air."""
    named = any(r.notices for r in back) and any(p.in_the_air for p in own)
    return Occasion.UPDATE if named else Occasion.FIRST


def _tells_all(planned: Planned, heard: bool) -> bool:
    """Whether it keeps a promise; a first for whoever a correction left untold does not (`promises.TO_ALL`)."""
    return not heard or planned.occasion is not Occasion.FIRST


def _news(own: Sequence[Planned], over: bool, heard: bool) -> Occasion:
    """News that waits for its turn before anybody heard a first is a first itself."""
    if over and not _ended(own):
        return Occasion.RESOLVED
    return Occasion.UPDATE if heard else Occasion.FIRST


def _ended(own: Sequence[Planned]) -> bool:
    """Whether the last word was that it is over."""
    words = [p.occasion for p in own if p.occasion not in TAKEN_BACK_BY.values()]
    return bool(words) and words[-1] is Occasion.RESOLVED
