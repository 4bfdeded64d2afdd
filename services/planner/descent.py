"""Descent: on whose behalf a child of failures tells, as the slots of notices say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from forewarn.notice import OF_FAILURES, Occasion, notice_id
from services.planner.schedule import Planned


@dataclass(frozen=True, slots=True)
class Descent:
    """`parent`: the notice that failed to reach somebody. `first`: the notice that the line goes back to, which is no
    child of failures itself, and its `occasion`."""

    parent: str
    occasion: Occasion
    first: str = ""


def descents(outage_id: int | None, planned: Iterable[Planned]) -> Mapping[str, Descent]:
    """Of each child of failures by its id. One whose line is not planned any more is left out."""
    notices = {p.id or notice_id(str(outage_id), p.side, p.occasion, p.slot): p for p in planned}
    out = dict[str, Descent]()
    for key, notice in notices.items():
        first = key
        while first in notices and notices[first].occasion in OF_FAILURES:
            first = _parent(notices[first])
        if first in notices and first != key:
            out[key] = Descent(_parent(notice), notices[first].occasion, first)
    return out


def _parent(child: Planned) -> str:
    """A child's slot begins with its parent's id (see `failures`)."""
    return child.slot.partition("/")[0]
