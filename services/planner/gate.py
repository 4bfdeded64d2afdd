"""The gate: one notice in the air per outage, side and channel; what waits is replaced by what is newer."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from forewarn.notice import Channel, ChannelState, Occasion
from forewarn.subscriber import Side

REPLACEABLE = frozenset({Occasion.FIRST, Occasion.UPDATE, Occasion.HOLDING, Occasion.RESOLVED})
"""A waiting one of these is replaced by a newer one of these: that tells the same people the newest facts."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A notice on a channel that is not drained. `serial` is the order of planning.

    `may_go` is False while the head start of the inside lasts.
    """

    notice_id: str
    side: Side
    channel: Channel
    occasion: Occasion
    state: ChannelState
    serial: int
    may_go: bool = True


@dataclass(frozen=True, slots=True)
class Replace:
    """The notice is not told: a newer one tells its audience the newest facts."""

    notice: Standing
    by: Standing


@dataclass(frozen=True, slots=True)
class Release:
    """The notice goes out now, with the facts of now."""

    notice: Standing


Move = Replace | Release


def moves(standing: Iterable[Standing]) -> tuple[Move, ...]:
    """What to do with the notices that stand, per side and channel, in order."""

    def lane(notice: Standing) -> tuple[str, str]:
        return notice.side, notice.channel

    ordered = sorted(standing, key=lambda notice: (*lane(notice), notice.serial))
    return tuple(move for _, group in groupby(ordered, lane) for move in _moves(list(group)))


def _moves(notices: list[Standing]) -> list[Move]:
    waiting = [n for n in notices if n.state in (ChannelState.WAITING, ChannelState.HELD)]
    out: list[Move] = []
    kept: list[Standing] = []
    for place, notice in enumerate(waiting):
        newer = next((n for n in waiting[place + 1 :] if n.occasion in REPLACEABLE), None)
        if newer is not None and notice.occasion in REPLACEABLE:
            out.append(Replace(notice, newer))
        else:
            kept.append(notice)
    in_the_air = any(n.state is ChannelState.RELEASED for n in notices)
    if kept and not in_the_air and kept[0].may_go:
        out.append(Release(kept[0]))
    return out
