"""Subjects: short, and outside the same from the first notice to the last, so that mail threads (M2)."""

import re
from collections.abc import Mapping, Sequence

from forewarn.component import Touched
from forewarn.notice import Occasion
from forewarn.outage import Kind
from forewarn.subscriber import Side
from services.planner.blocks import one_line, plain
from services.planner.telling import Named, Telling

LONGEST = 60
NEUTRAL = "our service"
"""Says nothing and names nothing: outside, when no touched component has a public name."""
UNKNOWN = "component unknown"
_TAIL = " Proactive Notification: "
_RELEASE = (" Release ", " Announcement")
_NEWS = " Announcement: "
_LEAST = 16
"""Characters that the name keeps even behind a long company name."""


def subject_name(side: Side, touched: Sequence[Touched], names: Mapping[str, Named]) -> str:
    """The name in the subject: the worst component that may be named on this side, and how many more."""
    worst_first = sorted(touched, key=lambda t: -t.impact.weight)
    if side is Side.INSIDE:
        return plain(one_line(worst_first[0].component)) if worst_first else UNKNOWN
    public = public_names(worst_first, names)
    if not public:
        return NEUTRAL
    return public[0] if len(public) == 1 else f"{public[0]} and {len(public) - 1} more"


def public_names(touched: Sequence[Touched], names: Mapping[str, Named]) -> tuple[str, ...]:
    """The distinct public names of the touched components, in their order."""
    known = (names[t.component].public_name for t in touched if t.component in names)
    return tuple(dict.fromkeys(plain(one_line(name)) for name in known if name and plain(one_line(name))))


def subject(telling: Telling, *, first: bool) -> str:
    """The subject of a notice; `first` when the reader has had none of this outage."""
    mark = mark_of(telling)
    outage, unnamed = telling.outage, UNKNOWN if telling.side is Side.INSIDE else NEUTRAL
    name = plain(one_line(telling.subject_name)) or unnamed
    if telling.side is Side.INSIDE:
        if not (first or telling.occasion is Occasion.FIRST):
            return f"{mark}{outage} Status"
        head = f"{mark}{outage} -- "
        return head + shortened(name, LONGEST - len(head))
    if telling.kind is not Kind.ANNOUNCEMENT:
        return _set(mark, telling, _TAIL, name)
    version = version_of(telling)
    return _set(mark, telling, _RELEASE[0], version, _RELEASE[1]) if version else _set(mark, telling, _NEWS, name)


def mark_of(telling: Telling) -> str:
    """What stands before the title of a test."""
    return "[TEST] " if telling.test else ""


def version_of(telling: Telling) -> str | None:
    """The version that is announced, without the word that stands before it."""
    version = plain(one_line(telling.told_facts.version or ""))
    return re.sub(r"(?i)^release\s+(?=\S)", "", version) or None


def _set(mark: str, telling: Telling, link: str, name: str, tail: str = "") -> str:
    """Company and name around the link; the name is cut last."""
    room = LONGEST - len(mark) - len(link) - len(tail)
    company = shortened(plain(one_line(telling.company.name)), room - min(len(name), _LEAST))
    return " ".join(f"{mark}{company}{link}{shortened(name, room - len(company))}{tail}".split())


def shortened(text: str, room: int) -> str:
    """At most `room` characters; what is left out shows as an ellipsis, after a whole word if one fits."""
    if len(text) <= room:
        return text
    cut = text[: room - 1]
    if text[room - 1] != " " and " " in cut[room // 2 :]:
        cut = cut[: cut.rindex(" ")]
    return cut.rstrip(" ,;:-") + "…"
