"""Revise: what one report does to the record, decided without touching it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from forewarn.acts import act_refusal, as_stated, carry_out, withdrawn_refusal
from forewarn.component import Dependency
from forewarn.early import early_refusal
from forewarn.joining import merge, merged_refusal, split
from forewarn.outage import OVER, PREFIX, Act, Facts, Kind, Outage, Release, Status, newsworthy
from forewarn.series import occurrence
from forewarn.sibling import SIBLING, sibling_of
from forewarn.signal import Report, Signal, machines, observed_from, older_than, signal_after
from forewarn.verdict import Opened, Rejected, Repeat, Revised, Stale, Verdict

__all__ = ["REOPEN", "Known", "Opened", "Rejected", "Repeat", "Revised", "Stale", "Verdict", "revise", "spoken_of"]

REOPEN = timedelta(minutes=15)
"""For so long after its end an incident that fires again is the same one (T18)."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the record holds that a report could be about.

    `about` is the outage named by the report, `into` the one that it is merged into, with one of its signals for each
    different thing said; `of_signal` the one its signal belongs to; `of_group` the open one of its source and group,
    else the one that ended last and was not withdrawn. What was merged is found as what it is part of; by its own name,
    as itself. `recent`: open ones of its source that are as new as it is; `dependencies`: what needs what.
    """

    signal: Signal | None = None
    about: Outage | None = None
    of_signal: Outage | None = None
    of_group: Outage | None = None
    into: Outage | None = None
    signals_of_into: tuple[Signal, ...] = ()
    recent: tuple[Outage, ...] = ()
    dependencies: tuple[Dependency, ...] = ()


def spoken_of(report: Report, known: Known, reopen: timedelta = REOPEN, within: timedelta = SIBLING) -> Outage | None:
    """The outage that the report is about: the named one, its signal's, its group's open one, that of a sibling.

    A new episode is about no outage that is over, but for one that it opens again: over for `reopen` at most. A sibling
    begins `within` so short a time.
    """
    if report.about is not None:
        return known.about
    same_episode = report.person or not _new_episode(report, known.signal)
    if known.of_signal is not None and (known.of_signal.open or same_episode):
        return known.of_signal
    if known.of_group is not None and known.of_group.open:
        return known.of_group
    over = () if same_episode else (known.of_signal, known.of_group)
    again = next((outage for outage in over if outage and _fires_again(report, outage, reopen)), None)
    return again or sibling_of(report, known.recent, known.dependencies, within)


def revise(
    report: Report,
    known: Known,
    siblings: tuple[Signal, ...] = (),
    reopen: timedelta = REOPEN,
    within: timedelta = SIBLING,
) -> Verdict:
    """Decide what the report does. `siblings` are the other signals of `spoken_of(report, known, reopen, within)`."""
    outage = spoken_of(report, known, reopen, within)
    refusal = _refusal(report, outage)
    if refusal is not None:
        return Rejected(refusal)
    if known.signal is not None and (old := older_than(report, known.signal)) is not None:
        return Stale(old)
    if not report.person and report.act is Act.REPORT:
        return _word_of_a_machine(report, known, outage, siblings)
    if outage is None:
        return _first_word_of_a_person(report, known.signal)
    if report.act is Act.OCCUR:
        return occurrence(report, known.signal, outage)
    if report.act is Act.MERGE:
        return merge(report, outage, known.into, (*siblings, *known.signals_of_into))
    if report.act is Act.SPLIT:
        return split(report, outage, siblings)
    verdict = _word_of_a_person(report, known, outage) if report.act is Act.REPORT else carry_out(report, outage)
    if isinstance(verdict, Revised) and not outage.open and verdict.outage.open:
        return replace(verdict, outage=_heard_again(verdict.outage, report, siblings))
    return verdict


def _refusal(report: Report, outage: Outage | None) -> str | None:
    refusal = act_refusal(report)
    if refusal is not None:
        return refusal
    if report.about is not None and outage is None:
        noun = "maintenance" if report.about.startswith(PREFIX[Kind.MAINTENANCE]) else "incident"
        return f"there is no {report.about}; `forewarn {noun} list --all` shows what there is"
    if report.about is not None and not report.person and report.act is Act.REPORT:
        return f"only a person may speak about {report.about} by name; a machine reports its own signal"
    unsaid = outage is None and report.kind is Kind.MAINTENANCE and report.facts.window is None
    if unsaid and (report.person or not report.over):
        return "planned work needs a window; say when it starts and ends"
    if report.person and report.facts.unknown_components:
        unknown = ", ".join(report.facts.unknown_components)
        return f"not in the directory: {unknown}; import it with `forewarn directory import`, or mend the name"
    gone = (merged_refusal(report, outage) or withdrawn_refusal(report, outage)) if outage is not None else None
    return gone or early_refusal(report, outage)


def _first_word_of_a_person(report: Report, signal: Signal | None) -> Verdict:
    own = signal_after(report, signal)
    if report.over and not report.facts.components:
        return Repeat("nothing of it was open", own)
    opened = _opened(report, stated=_with_status(report), observed=Facts())
    # A blip that is over when it is told is told all the same, once (W6).
    return Opened(replace(opened, closed_at=report.received_at if report.over else None), own)


def _word_of_a_person(report: Report, known: Known, outage: Outage) -> Verdict:
    own = None if report.about is not None else signal_after(report, known.signal)
    if report.facts.tentative is False and outage.facts.tentative is None:
        report = replace(report, facts=replace(report.facts, tentative=None))  # it was never in doubt
    said = report.facts.laid_over(outage.stated) != outage.stated
    revised = as_stated(report, outage) if said else outage
    if outage.release is Release.HELD and revised.open:  # of what is over there is nothing left to hear
        revised = replace(revised, release=Release.RELEASED)
    if revised == outage:
        return Repeat(f"{outage.name} says that already", own)
    return Revised(replace(revised, revision=outage.revision + 1), own, newsworthy=said)


def _word_of_a_machine(report: Report, known: Known, outage: Outage | None, siblings: tuple[Signal, ...]) -> Verdict:
    signal = signal_after(report, known.signal)
    if outage is None:
        if report.over:
            return Repeat("nothing of it was open", signal)
        observed = _observed(report, (signal,), Facts())
        return Opened(_opened(report, stated=Facts(), observed=observed), signal)
    if not outage.open and not _new_episode(report, known.signal):
        return Repeat(f"{outage.name} is over; only a new episode opens another", signal)
    before = outage if outage.open else _reopened(outage)
    signals = machines((*siblings, signal))
    observed = _observed(report, signals, before.observed)
    closed = report.received_at if observed.status in OVER else None
    calm = _calm_since(report, outage, signals) if report.kind is Kind.INCIDENT else outage.calm_since
    revised = replace(before, observed=observed, closed_at=closed, calm_since=calm)
    if revised == outage:
        return Repeat(f"{outage.name} knows that already", signal)
    joins = outage not in (known.of_signal, known.of_group) and not _changed(outage.facts, revised.facts)
    news = not outage.open or (newsworthy(outage.facts, revised.facts) and not joins)
    act = Act.JOIN if joins else Act.REPORT
    return Revised(replace(revised, revision=outage.revision + 1), signal, news, act)


def _changed(old: Facts, new: Facts) -> bool:
    """Whether anything is news to those who know the old facts, besides what else is touched."""
    as_before = {name: impact for name, impact in new.components.items() if name in old.components}
    return newsworthy(old, replace(new, components=as_before))


def _observed(report: Report, signals: tuple[Signal, ...], before: Facts) -> Facts:
    """A machine's end of an incident is a guess, its word on planned work is the plan's own (T18).

    Of a source that repeats itself the first words stand: other numbers, or another alert's words, are no news.
    """
    said = report.facts
    if report.started_at is not None and before.symptoms is not None:
        said = replace(said, symptoms=before.symptoms)
    return observed_from(signals, before, said) if report.kind is Kind.INCIDENT else said.laid_over(before)


def _new_episode(report: Report, signal: Signal | None) -> bool:
    return not report.over and (signal is None or not signal.firing)


def _fires_again(report: Report, outage: Outage, reopen: timedelta) -> bool:
    """Planned work that comes again is other work."""
    if outage.closed_at is None or outage.withdrawn or {outage.kind, report.kind} != {Kind.INCIDENT}:
        return False
    return report.received_at - outage.closed_at <= reopen


def _reopened(outage: Outage) -> Outage:
    """An ended outage as its next episode finds it: nobody's word that it is over holds any more."""
    stated = replace(outage.stated, status=None, note=None)
    observed = replace(outage.observed, status=Status.MONITORING)
    release = Release.HELD if outage.release is Release.DISMISSED else outage.release  # it dismissed another episode
    return replace(outage, stated=stated, observed=observed, release=release)


def _heard_again(outage: Outage, report: Report, signals: tuple[Signal, ...]) -> Outage:
    """A machine's outage that a person opened again, with what its signals say by now: they went on meanwhile."""
    signals = machines(signals)
    if outage.by_person or outage.kind is not Kind.INCIDENT or not signals:
        return outage
    observed = observed_from(signals, outage.observed, Facts())
    return replace(outage, observed=observed, calm_since=_calm_since(report, replace(outage, calm_since=None), signals))


def _calm_since(report: Report, outage: Outage, signals: tuple[Signal, ...]) -> datetime | None:
    return None if any(signal.firing for signal in signals) else outage.calm_since or report.received_at


def _with_status(report: Report) -> Facts:
    if report.facts.status is not None or report.kind is Kind.ANNOUNCEMENT:
        return report.facts
    planned = report.kind is Kind.MAINTENANCE
    return replace(report.facts, status=Status.SCHEDULED if planned else Status.INVESTIGATING)


def _opened(report: Report, *, stated: Facts, observed: Facts) -> Outage:
    return Outage(
        kind=report.kind,
        source=report.source,
        opened_at=report.began,
        observed=observed,
        stated=stated,
        group=report.group,
        by_person=report.person,
        test=report.test,
        release=Release.RELEASED if report.person else Release.HELD,
        alert=report.alert,
    )
