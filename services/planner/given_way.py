"""Own texts that gave way to the prepared ones: counted each time, and said once in the log (M8)."""

from collections.abc import Iterable
from dataclasses import dataclass

from forewarn.runtime.logs import logger
from services.planner.metrics import TEXTS_GIVEN_WAY
from services.planner.unfit import GaveWay, Why

log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Gap:
    """A text that gave way in a notice."""

    outage: int
    notice: str
    gave_way: GaveWay


class GivenWay:
    """What this process has said of which text; each reason begins at 0, for from no series at all 1 is no increase."""

    def __init__(self) -> None:
        self._said: set[tuple[str, Why]] = set()
        for why in Why:
            TEXTS_GIVEN_WAY.labels(why)

    def note(self, gaps: Iterable[Gap]) -> list[Gap]:
        """Count them all, and log the first of each text and reason; those are returned."""
        news = []
        for gap in gaps:
            TEXTS_GIVEN_WAY.labels(gap.gave_way.why).inc()
            key = gap.gave_way.text, gap.gave_way.why
            if key not in self._said:
                self._said.add(key)
                news.append(gap)
        for gap in news:
            _say(gap)
        return news


def _say(gap: Gap) -> None:
    of = gap.gave_way
    where = {"text": of.text, "line": of.line, "reason": of.why, "error": of.error}
    log.warning("text_gave_way", outage=gap.outage, notice=gap.notice, **where)
