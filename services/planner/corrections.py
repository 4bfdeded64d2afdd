"""Corrections: what persons had stated when a side was told last, and is not so (T17)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from forewarn.component import Impact, worst
from forewarn.notice import Occasion
from forewarn.outage import OVER, Facts, ReaderAction, Status, Window
from forewarn.subscriber import Side
from services.planner.blocks import one_line, plain, said
from services.planner.subjects import public_names
from services.planner.telling import Telling

PROSE = ("symptoms", "cause", "action", "workaround", "whats_new", "benefit", "version")
_ON_THE_WAY = (Status.INVESTIGATING, Status.IDENTIFIED, Status.MONITORING, Status.RESOLVED)
_ON_THE_WAY_OF_WORK = (Status.SCHEDULED, Status.IN_PROGRESS, Status.VERIFYING, Status.COMPLETED)


@dataclass(frozen=True, slots=True)
class Corrected:
    """One fact as it was stated and as it is; `now` None: taken back without a new one."""

    topic: str
    said: str | datetime
    now: str | datetime | None


@dataclass(frozen=True, slots=True)
class Recast:
    """A component, and the public name it bears, that was told to be touched otherwise than it is."""

    key: str
    name: str
    said: Impact
    now: Impact


@dataclass(frozen=True, slots=True)
class Corrections:
    """What was wrong. `status` was told and goes too far; `asked` was asked of readers, and not like that.

    `window`: that of planned work as it was told, if it is another.
    `dropped` are public names that are not affected after all; `dropped_keys` all such components, for colleagues.
    """

    prose: tuple[Corrected, ...] = ()
    times: tuple[Corrected, ...] = ()
    status: Status | None = None
    window: Window | None = None
    asked: str | None = None
    recast: tuple[Recast, ...] = ()
    dropped: tuple[str, ...] = ()
    dropped_keys: tuple[str, ...] = ()

    @property
    def topics(self) -> frozenset[str]:
        """The facts that are told as corrected, and need not be told again."""
        return frozenset(corrected.topic for corrected in (*self.prose, *self.times))

    @property
    def any(self) -> bool:
        return self != Corrections()


def corrections(telling: Telling) -> Corrections:
    """What a correction has to name; nothing on any other occasion, nor when nobody knows what was stated."""
    before, stated = telling.said, telling.told_facts
    if telling.occasion is not Occasion.CORRECTION or before is None:
        return Corrections()
    dropped_keys = _dropped_keys(telling, before)
    return Corrections(
        prose=tuple(_prose(before, stated)),
        times=() if telling.status in OVER else tuple(_times(telling, before)),
        status=_too_far(telling, before),
        window=_window(telling, before.window),
        asked=_asked(before.reader_action, stated.reader_action),
        recast=() if before.symptoms or stated.symptoms else tuple(_recast(telling, before)),
        dropped=_dropped(telling, dropped_keys),
        dropped_keys=tuple(map(one_line, dropped_keys)),
    )


def _prose(before: Facts, stated: Facts) -> Iterator[Corrected]:
    for name in PROSE:
        old, new = said(getattr(before, name)), said(getattr(stated, name))
        if old is not None and old != new:
            yield Corrected(name, old, new)


def _times(telling: Telling, before: Facts) -> Iterator[Corrected]:
    """The expected end; and the next update, unless its time has come and this is it."""
    end = telling.work.end if telling.work else telling.stated.expected_end
    if before.expected_end and _other_minute(before.expected_end, end):
        yield Corrected("expected_end", before.expected_end, end if end and end > telling.now else None)
    promised = before.next_update_at
    changed = promised != telling.told_facts.next_update_at  # a slow channel promises another: that is no mistake
    if promised and promised > telling.now and changed and _other_minute(promised, telling.promised_at):
        yield Corrected("next_update_at", promised, telling.promised_at)


def _other_minute(old: datetime, new: datetime | None) -> bool:
    return new is None or int(old.timestamp() // 60) != int(new.timestamp() // 60)


def _window(telling: Telling, told: Window | None) -> Window | None:
    work = telling.work
    if work is None or told is None or telling.status in OVER:
        return None
    same = not (_other_minute(told.start, work.window.start) or _other_minute(told.end, work.window.end))
    return None if same else told


def _too_far(telling: Telling, before: Facts) -> Status | None:
    """The status that was told, if the outage is not so far; to have come farther is news and no mistake."""
    told, now = before.status, telling.status
    if telling.work is not None and told is Status.CANCELLED:
        return None if now is told else told
    way = _ON_THE_WAY_OF_WORK if telling.work else _ON_THE_WAY
    told = way[-1] if told in OVER else told
    if told not in way or now not in way:
        return None
    return told if way.index(told) > way.index(now) else None


def _asked(old: ReaderAction | None, new: ReaderAction | None) -> str | None:
    """What was asked of readers, if it is asked no more, or otherwise."""
    return said(old.what) if old is not None and old != new else None


def _impacts(telling: Telling) -> dict[str, Impact]:
    """Public name to the worst impact of whatever bears it."""
    out: dict[str, Impact] = {}
    for touched in telling.touched:
        for name in public_names((touched,), telling.names):
            out[name] = worst((out.get(name, Impact.NONE), touched.impact))
    return out


def _recast(telling: Telling, before: Facts) -> Iterator[Recast]:
    now, told = _impacts(telling), dict[str, str]()
    for key, impact in before.components.items():
        name = _public_name(telling, key)
        if name in now and impact is not Impact.NONE and impact.weight > _weight(before, told.get(name)):
            told[name] = key
    for name, key in told.items():
        if before.components[key] is not now[name]:
            yield Recast(key, name, before.components[key], now[name])


def _weight(facts: Facts, key: str | None) -> int:
    return facts.components[key].weight if key is not None else 0


def _dropped_keys(telling: Telling, before: Facts) -> tuple[str, ...]:
    here = {touched.component for touched in telling.touched}
    return tuple(key for key, impact in before.components.items() if impact is not Impact.NONE and key not in here)


def _dropped(telling: Telling, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Their public names; and the name in the subject, if it came there by way of them through the graph."""
    if not keys:
        return ()
    still = _impacts(telling)
    names = dict.fromkeys((*(_public_name(telling, key) for key in keys), _titular(telling)))
    return tuple(name for name in names if name and name not in still)


def _titular(telling: Telling) -> str:
    """The public name that the subject bears; inside it bears a key."""
    if telling.side is Side.INSIDE:
        return _public_name(telling, telling.subject_name)
    title = plain(one_line(telling.subject_name))
    return title if any(title == _public_name(telling, key) for key in telling.names) else ""


def _public_name(telling: Telling, key: str) -> str:
    named = telling.names.get(key)
    return plain(one_line(named.public_name or "")) if named else ""
