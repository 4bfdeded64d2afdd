"""What intake makes of what is said: the real verdict, and the record after it."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from forewarn.outage import Act, Facts, Status
from forewarn.revise import Known, Opened, Rejected, Repeat, Revised, Stale, revise
from forewarn.signal import Report
from forewarn.subscriber import Side
from forewarn.verdict import Verdict
from services.planner.simulation.house import House
from services.planner.simulation.record import Case
from services.planner.simulation.script import Saying

LIVES = 0.9
"""So many sources of alerts live on when their alert is over."""


def take(house: House, saying: Saying, now: datetime) -> Case | None:
    """The outage that must be planned now; None if nothing came of it."""
    case = house.cases.get(saying.key)
    signal = house.signals.get((saying.source or "", saying.key))
    outage = case.outage if case is not None else None
    known = Known(about=outage) if saying.source is None else Known(signal=signal, of_signal=outage)
    return _kept(house, saying.key, case, revise(_report(saying, case, now), known), now)


def settle(house: House, case: Case, now: datetime) -> bool:
    """The clock's word that a calm is an end (T18); whether it was carried out."""
    outage, facts = case.outage, Facts(status=Status.RESOLVED)
    report = Report("clock", "settle", now, facts, act=Act.SETTLE, about=outage.name, clock=True)
    verdict = revise(replace(report, from_revision=outage.revision), Known(about=outage))
    return _kept(house, case.key, case, verdict, now) is not None


def _report(saying: Saying, case: Case | None, now: datetime) -> Report:
    person = saying.source is None
    notices = _last_notice(case) if saying.last_notice and case is not None else ()
    report = Report(saying.source or "people", saying.key, now, saying.facts, person, kind=saying.kind, act=saying.act)
    about = case.outage.name if person and case is not None else None
    return replace(report, about=about, alert=saying.alert, notices=notices, author="dana" if person else None)


def _last_notice(case: Case) -> tuple[str, ...]:
    told = [each for each in case.letters if each.side is Side.OUTSIDE and each.released_at is not None]
    return tuple(each.id for each in told[-1:])


def _kept(house: House, key: str, case: Case | None, verdict: Verdict, now: datetime) -> Case | None:
    match verdict:
        case Opened(outage, signal):
            house.signals[signal.source, signal.key] = signal
            number = len(house.cases) + 1
            made = Case(key, replace(outage, id=number, number=number))
            made.source_lives = house.chance(key, now).random() < LIVES
            made.heard(now, newsworthy=True)
            house.cases[key] = made
            return made
        case Revised(outage, signal, newsworthy, act, notices):
            assert case is not None
            if signal is not None:
                house.signals[signal.source, signal.key] = signal
            if case.outage.open and not outage.open:
                case.before_end = case.outage.facts
            case.outage = outage
            case.heard(now, newsworthy=newsworthy, act=act, names=notices)
            return case
        case Repeat(_, signal):
            if signal is not None:
                house.signals[signal.source, signal.key] = signal
            return None
        case Stale() | Rejected():
            return None
        case _:
            assert_never(verdict)
