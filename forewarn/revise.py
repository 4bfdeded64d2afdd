"""Revise: what one report does to the record, decided without touching it."""

from dataclasses import dataclass, replace

from forewarn.outage import OVER, Act, Facts, Kind, Outage, Status, newsworthy
from forewarn.signal import Report, Signal, observed_from, older_than, signal_after


@dataclass(frozen=True, slots=True)
class Known:
    """What the record holds that a report could be about.

    `about` is the outage named by the report; `of_signal` the one its signal belongs to; `of_group` the
    open one of its source and group. `siblings` are the other signals of the outage spoken of.
    """

    signal: Signal | None = None
    about: Outage | None = None
    of_signal: Outage | None = None
    of_group: Outage | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    outage: Outage
    signal: Signal


@dataclass(frozen=True, slots=True)
class Revised:
    outage: Outage
    signal: Signal | None
    newsworthy: bool


@dataclass(frozen=True, slots=True)
class Repeat:
    """Nothing changes; the signal may still have been heard from."""

    reason: str
    signal: Signal | None = None


@dataclass(frozen=True, slots=True)
class Stale:
    reason: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The report cannot be carried out; the reason says what to do."""

    reason: str


Verdict = Opened | Revised | Repeat | Stale | Rejected


def spoken_of(report: Report, known: Known) -> Outage | None:
    """The outage that the report is about: the named one, its signal's open one, its group's open one."""
    if report.about is not None:
        return known.about
    same_episode = report.person or not _new_episode(report, known.signal)
    if known.of_signal is not None and (known.of_signal.open or same_episode):
        return known.of_signal
    return known.of_group


def revise(report: Report, known: Known, siblings: tuple[Signal, ...] = ()) -> Verdict:
    """Decide what the report does. `siblings` are the other signals of `spoken_of(report, known)`."""
    refusal = _refusal(report, known)
    if refusal is not None:
        return Rejected(refusal)
    if known.signal is not None and (old := older_than(report, known.signal)) is not None:
        return Stale(old)
    outage = spoken_of(report, known)
    if report.person:
        return _word_of_a_person(report, known.signal, outage)
    return _word_of_a_machine(report, known, outage, siblings)


def _refusal(report: Report, known: Known) -> str | None:
    if report.act is not Act.REPORT:
        return f"act {report.act.value!r} is not carried out by this version; send a report, or leave `act` out"
    if report.about is not None and known.about is None:
        return f"there is no {report.about}; `forewarn incident list --all` shows what there is"
    if report.about is not None and not report.person:
        return f"only a person may speak about {report.about} by name; a machine reports its own signal"
    if report.person and report.facts.unknown_components:
        unknown = ", ".join(report.facts.unknown_components)
        return f"not in the directory: {unknown}; import it with `forewarn directory import`, or mend the name"
    return None


def _word_of_a_person(report: Report, signal: Signal | None, outage: Outage | None) -> Verdict:
    own = None if report.about is not None else signal_after(report, signal)
    if outage is None:
        assert own is not None
        if report.over and not report.facts.components:
            return Repeat("nothing of it was open", own)
        opened = _opened(report, stated=_with_status(report), observed=Facts())
        # A blip that is over when it is told is told all the same, once (W6).
        return Opened(replace(opened, closed_at=report.received_at if report.over else None), own)
    stated = report.facts.laid_over(outage.stated)
    if stated == outage.stated:
        return Repeat(f"{outage.name} says that already", own)
    stated = replace(stated, note=report.facts.note)  # a note is of its moment: no later notice repeats it
    over = stated.status in OVER
    closed = (outage.closed_at or report.received_at) if over else None
    revised = replace(outage, stated=stated, closed_at=closed, revision=outage.revision + 1)
    return Revised(revised, own, newsworthy=True)


def _word_of_a_machine(report: Report, known: Known, outage: Outage | None, siblings: tuple[Signal, ...]) -> Verdict:
    signal = signal_after(report, known.signal)
    if outage is None or (not outage.open and _new_episode(report, known.signal)):
        if report.over:
            return Repeat("nothing of it was open", signal)
        observed = _observed(report, (signal,), Facts())
        return Opened(_opened(report, stated=Facts(), observed=observed), signal)
    if not outage.open:
        return Repeat(f"{outage.name} is over; only a new episode opens another", signal)
    observed = _observed(report, (*siblings, signal), outage.observed)
    closed = report.received_at if observed.status in OVER else None
    revised = replace(outage, observed=observed, closed_at=closed, revision=outage.revision + 1)
    if observed == outage.observed:
        return Repeat(f"{outage.name} knows that already", signal)
    return Revised(revised, signal, newsworthy(outage.facts, revised.facts))


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


def _with_status(report: Report) -> Facts:
    if report.facts.status is not None or report.kind is Kind.ANNOUNCEMENT:
        return report.facts
    planned = report.kind is Kind.MAINTENANCE
    return replace(report.facts, status=Status.SCHEDULED if planned else Status.INVESTIGATING)


def _opened(report: Report, *, stated: Facts, observed: Facts) -> Outage:
    return Outage(
        kind=report.kind,
        source=report.source,
        opened_at=report.started_at or report.occurred_at or report.received_at,
        observed=observed,
        stated=stated,
        group=report.group,
        by_person=report.person,
        test=report.test,
    )
