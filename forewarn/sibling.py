"""Siblings: signals of one source that begin together and need the same thing are of one incident (W10)."""

from collections.abc import Iterable
from datetime import timedelta

from forewarn.component import Dependency, Impact
from forewarn.outage import Act, Facts, Kind, Outage, Release
from forewarn.signal import Report

SIBLING = timedelta(seconds=60)
"""So near to one another two siblings begin."""


def may_join(report: Report) -> bool:
    """Whether it is a machine's word that something known is wrong; only such a word makes siblings."""
    machine = not report.person and report.act is Act.REPORT and report.kind is Kind.INCIDENT
    return machine and not report.over and bool(_touched(report.facts))


def sibling_of(
    report: Report, recent: Iterable[Outage], dependencies: Iterable[Dependency], within: timedelta = SIBLING
) -> Outage | None:
    """The first open incident of its source that began less than `within` before or after it and is related: it touches
    the same component, one that this one cannot work without or the other way round, or both need a third.

    None is joined that a person dismissed: they did not know of this when they did.
    """
    if not may_join(report):
        return None
    needs = dict[str, list[str]]()
    for dependency in dependencies:
        if dependency.hard:
            needs.setdefault(dependency.component, []).append(dependency.needs)
    own = _needed(_touched(report.facts), needs)
    near = [outage for outage in recent if _near(report, outage, within)]
    related = [outage for outage in near if own & _needed(_touched(outage.facts), needs)]
    return min(related, key=lambda outage: (outage.opened_at, outage.id or 0), default=None)


def _near(report: Report, outage: Outage, within: timedelta) -> bool:
    same = (outage.source, outage.kind, outage.test) == (report.source, Kind.INCIDENT, report.test)
    standing = outage.open and not outage.withdrawn and outage.release is not Release.DISMISSED
    return same and standing and abs(report.began - outage.opened_at) < within


def _touched(facts: Facts) -> set[str]:
    return {name for name, impact in facts.components.items() if impact is not Impact.NONE}


def _needed(names: set[str], needs: dict[str, list[str]]) -> set[str]:
    """These, and all that they cannot work without."""
    found, ahead = set(names), list(names)
    while ahead:
        new = [need for need in needs.get(ahead.pop(), ()) if need not in found]
        found.update(new)
        ahead += new
    return found
