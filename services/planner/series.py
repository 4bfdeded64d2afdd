"""Series: which windows of recurring work our clock opens now, and when it must look again (T10)."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import orjson

from forewarn.component import spread
from forewarn.contracts.policy import Policy
from forewarn.outage import Facts, Outage, Window
from forewarn.recurrence import Recurrence
from forewarn.recurrence_rule import BadRule
from forewarn.wallclock import moment_of, wall_of
from services.planner.leads import before_on
from services.planner.ports import Opening, Page
from services.planner.terms import Terms, calendars

AHEAD = timedelta(days=14)
"""So long before its first notice a window is work of its own: time to say whether it will be used, and for what."""

AGAIN = timedelta(seconds=30)
"""What is opened and not on record after so long is opened again: its id is the same, it is carried out once."""

MOST_AT_ONCE = 50
LOOKED_AT = 600
"""Windows of one look; 600 by the hour reach further than the leads of the class standard and `AHEAD`."""
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
PREFIX = "occurrence"

OpensAt = Callable[[Window], datetime]


@dataclass(frozen=True, slots=True)
class Openings:
    """The windows to open now, in order, and when to look again; None when none is to come."""

    now: tuple[Window, ...] = ()
    due: datetime | None = None


def openings(windows: Sequence[Window], opened: Collection[datetime], opens_at: OpensAt, now: datetime) -> Openings:
    """`windows`: those of the series that are not over, in order. `opened`: the starts of those that were opened.

    They are opened in order, so that what comes before the last of them was opened by another rule, or is over: a
    series that is moved says from then on what is not opened yet.
    """
    until = max(opened, default=None)
    after = [window for window in windows if until is None or window.start > until]
    due = tuple(takewhile(lambda window: opens_at(window) <= now, after))
    if due:
        return Openings(due[:MOST_AT_ONCE], now + AGAIN)
    return Openings((), max(opens_at(after[0]), now + AGAIN) if after else None)


def look(page: Page, outage: Outage, policy: Policy) -> tuple[Opening, ...]:
    """The windows of this series to be opened now; the next look is noted on the page."""
    now, recurrence = page.now(), recurrence_of(outage, policy)
    if recurrence is None:
        page.due(None)
        return ()
    windows = recurrence.windows(now, NEVER, LOOKED_AT)
    terms = page.terms(spread(outage.facts.components, page.graph().dependencies))
    opens = opens_at(outage.facts, policy, terms)
    found = openings(windows, page.opened(outage.name, [w.start for w in windows]), opens, now)
    page.due(found.due)
    return tuple(opening(outage, window, recurrence) for window in found.now)


def recurrence_of(series: Outage, policy: Policy) -> Recurrence | None:
    """How it recurs; None once it is over.

    What was planned before a series kept its zone goes by the policy's, and by one in which its first window is none
    of its own it is None too.
    """
    facts = series.facts
    if not (series.open and series.recurs) or series.withdrawn or facts.recurrence is None or facts.window is None:
        return None
    try:
        return Recurrence(facts.recurrence, facts.window, ZoneInfo(zone_of(series, policy)))
    except BadRule:
        return None


def zone_of(series: Outage, policy: Policy) -> str:
    """By whose clock it recurs."""
    return series.facts.zone or policy.maintenance.zone


def opens_at(facts: Facts, policy: Policy, terms: Terms) -> OpensAt:
    """When a window becomes work of its own: `AHEAD` of its first notice, to whomever."""
    before = before_on(ZoneInfo(policy.maintenance.zone), *calendars(facts, policy, terms))
    leads = (*policy.maintenance.leads(facts.notice_class), *terms.minimums)

    def moment(window: Window) -> datetime:
        return min((before(window.start, lead) for lead in leads), default=window.start) - AHEAD

    return moment


def opening(series: Outage, window: Window, recurrence: Recurrence) -> Opening:
    """The clock's word for it. What readers must do is due as long before this window as before the first."""
    key = f"{key_of(series.name)}{window.start.astimezone(UTC).isoformat()}"
    event: dict[str, object] = {
        "event_id": f"{key}/{series.revision}",
        "key": key,
        "act": "occur",
        "kind": "maintenance",
        "about": series.name,
        "from_revision": series.revision,
        "window": {"start": window.start, "end": window.end},
    }
    action = series.facts.reader_action
    if action is not None:
        by = None if action.by is None else _moved(action.by, window, recurrence)
        event["reader_action"] = {"what": action.what, "by": by, "link": action.link}
    return Opening(f"{key}/{series.revision}", orjson.dumps(event))


def key_of(series: str) -> str:
    """How the keys of the signals of its windows begin; their starts follow."""
    return f"{PREFIX}/{series}/"


def _moved(by: datetime, window: Window, recurrence: Recurrence) -> datetime:
    zone = recurrence.zone
    return moment_of(wall_of(by, zone) + (wall_of(window.start, zone) - wall_of(recurrence.first.start, zone)), zone)
