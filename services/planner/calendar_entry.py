"""The entry for the reader's calendar that goes with a notice of planned work (T3)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from forewarn import ics
from forewarn.component import Touched
from forewarn.content import OPENING, Calendar
from forewarn.contracts.policy import Company
from forewarn.ics import Entry, Publisher, State
from forewarn.notice import CHILDREN, Occasion
from forewarn.outage import OVER, Facts, Status, Window
from services.planner.blocks import BREAK, GUARD, said
from services.planner.subjects import public_names, shortened
from services.planner.telling import Named, PlannedWork, Telling

SAID_WHEN = CHILDREN | {
    *(Occasion.FIRST, Occasion.UPDATE, Occasion.CORRECTION),
    *(Occasion.REMINDER, Occasion.DELAYED, Occasion.CANCELLED),
}
"""Occasions that say when the work is; those of its way and its end say how it goes, which is no calendar's matter.
Children tell what their parents did, to whoever was asleep or could not be reached."""

LONGEST_TITLE = 120
"""Characters."""
TITLES: Mapping[str, str] = {
    "en": "{company}: planned work on {names}",
    "de": "{company}: geplante Arbeiten an {names}",
}
"""In English where a locale has no words here."""


def calendar_of(telling: Telling, subject: str, description: str, revision: int, said_at: datetime) -> Calendar | None:
    """One entry for all readers of a variant; None for a notice that is not about when planned work is.

    Slots are a reader's own, and an entry has none: a paragraph of the description that holds one is left out.
    """
    work = telling.work
    state = None if work is None else _state(telling, work)
    if work is None or state is None:
        return None
    entry = Entry(
        name=telling.outage,
        revision=revision,
        state=state,
        window=span(work.window, work.end),
        summary=subject,
        description="\n\n".join(part for part in description.split("\n\n") if OPENING not in part),
        said_at=said_at,
        url=telling.company.status_page,
    )
    return Calendar(ics.method_of(entry), ics.letter(entry, publisher_of(telling.company)).decode())


def title_of(company: Company, names: Sequence[str], locale: str) -> str:
    """What the work is called in a calendar, in a mail as in the feed: there it is one entry."""
    written = TITLES.get(locale, TITLES["en"]).format(company=company.name, names=", ".join(names))
    return shortened(written, LONGEST_TITLE)


def names_of(touched: Iterable[Touched], names: Mapping[str, Named]) -> tuple[str, ...]:
    """The public names of what is touched, the worst first."""
    return public_names(sorted(touched, key=lambda t: -t.impact.weight), names)


def description_of(stated: Facts) -> str:
    """What an entry says of the work: what persons stated for readers, and nothing that a machine wrote (M12)."""
    action = stated.reader_action
    asked = (action.what, action.link) if action else ()
    prose = (stated.symptoms, stated.benefit, stated.whats_new, *asked)
    return "\n\n".join(filter(None, map(_without_marks, prose)))


def publisher_of(company: Company) -> Publisher:
    return Publisher(company.name, company.from_address, company.public_url)


def span(window: Window, end: datetime) -> Window:
    """From the start to the end that is expected now; an end before the start is none."""
    return Window(window.start, end if end > window.start else window.end)


def _state(telling: Telling, work: PlannedWork) -> State | None:
    """A notice that is taken back takes its entry along; none on an occasion without one."""
    if telling.withdrawn or telling.occasion is Occasion.WITHDRAWN:
        return State.CANCELLED
    if telling.occasion not in SAID_WHEN:
        return None
    if telling.occasion is Occasion.CANCELLED or work.status is Status.CANCELLED:
        return State.CANCELLED
    if work.status in OVER:
        return None
    return State.TENTATIVE if work.tentative else State.CONFIRMED


def _without_marks(text: str | None) -> str:
    return (said(text) or "").replace(GUARD, "").replace(BREAK, "\n")
