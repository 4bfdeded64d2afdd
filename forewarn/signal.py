"""Signals and reports: what a source says of one thing it tracks, and which of its words are old."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from forewarn.component import Impact, worst
from forewarn.outage import OVER, Act, Facts, Kind, Severity, Status


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing a source tracks, and its present or last episode.

    `person`: it is a person's, whose word stands as stated: nobody waits for it to fall silent.
    """

    source: str
    key: str
    firing: bool
    since: datetime
    until: datetime | None = None
    severity: Severity | None = None
    components: Mapping[str, Impact] = field(default_factory=dict)
    unknown_components: tuple[str, ...] = ()
    sequence: int | None = None
    occurred_at: datetime | None = None
    received_at: datetime | None = None
    outage_id: int | None = None
    person: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """An event in our words: who says what of which signal, and when it was so.

    `into`: what `about` is merged into. `started_at` is set by sources that know when an episode began. `person` says
    whose word it is; a machine's prose is never read outside (M12). `alert`: it comes from a source of alerts; `clock`:
    from our own clock. `from_revision` is what a person saw when they acted; `notices` are those that a correction or a
    withdrawal names, none meaning all; `retract` names facts that are taken back. `alive`: it shows that its source
    lives.
    """

    source: str
    key: str
    received_at: datetime
    facts: Facts
    person: bool = False
    author: str | None = None
    kind: Kind = Kind.INCIDENT
    act: Act = Act.REPORT
    about: str | None = None
    into: str | None = None
    group: str | None = None
    sequence: int | None = None
    occurred_at: datetime | None = None
    started_at: datetime | None = None
    test: bool = False
    alert: bool = False
    clock: bool = False
    from_revision: int | None = None
    notices: tuple[str, ...] = ()
    retract: tuple[str, ...] = ()
    clock_ahead: bool = False
    alive: bool = True

    @property
    def over(self) -> bool:
        return self.facts.status in OVER

    @property
    def began(self) -> datetime:
        """When what it tells of began, as far as anybody knows."""
        return self.started_at or self.occurred_at or self.received_at


CLOCK_TOLERANCE = timedelta(minutes=5)


def clamp(report: Report) -> Report:
    """Moments of a clock more than 5 min ahead are set to the moment of receipt, and the report is flagged."""
    latest = report.received_at + CLOCK_TOLERANCE
    occurred, started = report.occurred_at, report.started_at
    if (occurred is None or occurred <= latest) and (started is None or started <= latest):
        return report
    return replace(
        report,
        occurred_at=report.received_at if occurred and occurred > latest else occurred,
        started_at=report.received_at if started and started > latest else started,
        clock_ahead=True,
    )


def older_than(report: Report, signal: Signal) -> str | None:
    """Why the report is older than what its signal knows, or None when it is news.

    By sequence if both have one, else by when it occurred, else by when it was received; for a source
    that knows when an episode began, only the episodes are compared: such a source repeats itself.
    """
    if report.sequence is not None and signal.sequence is not None:
        return (
            None if report.sequence > signal.sequence else f"sequence {report.sequence} is not after {signal.sequence}"
        )
    if report.started_at is not None:
        return _masked(report, signal)
    mine, known = report.occurred_at or report.received_at, signal.occurred_at or signal.received_at
    if known is not None and mine < known:
        return f"it is of {mine.isoformat()}, the newest known is of {known.isoformat()}"
    return None


def _masked(report: Report, signal: Signal) -> str | None:
    assert report.started_at is not None
    if not report.over and not signal.firing and signal.until and report.started_at <= signal.until:
        return f"it repeats the episode that ended {signal.until.isoformat()}"
    if report.over and signal.firing and report.occurred_at and report.occurred_at < signal.since:
        return f"it ends an episode before the present one of {signal.since.isoformat()}"
    return None


def signal_after(report: Report, signal: Signal | None) -> Signal:
    """The signal as the report leaves it."""
    ended = (report.occurred_at or report.received_at) if report.over else None
    same_episode = signal is not None and (signal.firing or report.over)
    named = _named(report, signal)
    return Signal(
        source=report.source,
        key=report.key,
        firing=not report.over,
        since=signal.since if signal and same_episode else report.began,
        until=(signal.until if signal and not signal.firing and report.over else ended),
        severity=report.facts.severity or (signal.severity if signal else None),
        components=named.components if named else {},
        unknown_components=named.unknown_components if named else (),
        sequence=report.sequence if report.sequence is not None else (signal.sequence if signal else None),
        occurred_at=report.occurred_at,
        received_at=report.received_at,
        outage_id=signal.outage_id if signal else None,
        person=report.person and (signal is None or signal.person),
    )


def _named(report: Report, signal: Signal | None) -> Facts | Signal | None:
    """Who names the components: the report, or the signal as it was; an end does not change what was touched."""
    if signal is not None and report.over and (signal.components or signal.unknown_components):
        return signal
    return report.facts if report.facts.components or report.facts.unknown_components else signal


def machines(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    """Those that a machine tracks."""
    return tuple(signal for signal in signals if not signal.person)


def observed_from(signals: Iterable[Signal], before: Facts, machine: Facts) -> Facts:
    """What the machines' signals say together: the worst firing one per component, and whether any still fires.

    When none fires any more, severity and impacts stay as they last were, and the components are again all that the
    signals touched, whichever fired last: all of them are told that it is over (T14). The status is `monitoring`:
    a monitoring source knows that it sees nothing wrong, not that all is well (T18).
    """
    signals = tuple(signals)
    said = machine.laid_over(before)
    firing = [signal for signal in signals if signal.firing]
    if not firing:
        return replace(
            said,
            status=Status.MONITORING,
            severity=before.severity,
            components=_touched(signals) | dict(before.components),
            unknown_components=_unknown(signals, before.unknown_components),
        )
    severity = max((s.severity for s in firing if s.severity), key=lambda s: s.weight, default=before.severity)
    begun = before.status is None or before.status in {Status.MONITORING, *OVER}
    status = Status.INVESTIGATING if begun else before.status
    if machine.status is not None and machine.status not in OVER:
        status = machine.status
    return replace(
        said,
        status=status,
        components=_touched(firing),
        severity=severity,
        unknown_components=_unknown(firing),
    )


def _touched(signals: Collection[Signal]) -> dict[str, Impact]:
    """The worst that the signals say of each component."""
    named = sorted({name for signal in signals for name in signal.components})
    return {name: worst(s.components[name] for s in signals if name in s.components) for name in named}


def _unknown(signals: Collection[Signal], before: Iterable[str] = ()) -> tuple[str, ...]:
    return tuple(sorted({*before, *(name for signal in signals for name in signal.unknown_components)}))
