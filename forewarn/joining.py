"""Joining: what two incidents are as one, and what one is as two; a person says so (W10)."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from datetime import datetime

from forewarn.component import Impact, worst
from forewarn.outage import Act, Facts, Kind, Outage, Release
from forewarn.signal import Report, Signal, machines, observed_from, signal_after
from forewarn.verdict import Opened, Rejected, Repeat, Revised


def merge(report: Report, gone: Outage, into: Outage | None, signals: Iterable[Signal]) -> Revised | Repeat | Rejected:
    """`gone` becomes part of `into`, whose own stated facts win; `signals` are those of both.

    Always news: whoever was told of `gone` hears at once where they hear more of it.
    """
    if into is not None and gone.whole == into.name:
        return Repeat(f"{gone.name} is part of {into.name} already")
    refusal = _not_one(report, gone, into)
    if into is None or refusal is not None:
        return Rejected(refusal or f"there is no {report.into}")
    stated = report.facts.laid_over(into.stated.laid_over(gone.stated))
    observed, calm_since = _observed(signals, _together(into.observed, gone.observed), _calmest(into, gone))
    whole = replace(
        into,
        stated=replace(stated, note=report.facts.note),
        observed=observed,
        calm_since=calm_since,
        release=Release.RELEASED if Release.RELEASED in (into.release, gone.release) else into.release,
        revision=into.revision + 1,
    )
    ended = replace(
        gone,
        merged_into=into.number,
        closed_at=report.received_at,
        calm_since=None,
        revision=gone.revision + 1,
    )
    return Revised(whole, None, newsworthy=True, act=Act.MERGE, gone=ended)


def split(report: Report, outage: Outage, signals: Iterable[Signal]) -> Opened | Rejected:
    """The named components leave for an incident of their own, with the signals that are about nothing else.

    What stays is no news: it was told with what leaves. Of a component that leaves, but that a signal names that
    stays, it is stated that it is not touched by what stays.
    """
    leaving = frozenset(report.facts.components)
    refusal = _not_two(outage, leaving)
    if refusal is not None:
        return Rejected(refusal)
    signals = tuple(signals)
    moved = tuple(signal for signal in machines(signals) if signal.components and set(signal.components) <= leaving)
    staying = [signal for signal in signals if signal not in moved]
    still_named = {name for signal in machines(staying) for name in signal.components} & leaving
    observed, calm_since = _observed(staying, _without(outage.observed, leaving), outage.calm_since)
    stated = _without(outage.stated, leaving)
    if still_named:
        stated = replace(stated, components={**stated.components, **dict.fromkeys(sorted(still_named), Impact.NONE)})
    rest = replace(outage, stated=stated, observed=observed, calm_since=calm_since, revision=outage.revision + 1)
    others = frozenset(outage.facts.components) - leaving
    observed, calm_since = _observed(moved, _without(outage.observed, others), outage.calm_since)
    own = replace(
        outage,
        stated=replace(_without(outage.stated, others), note=report.facts.note, unknown_components=()),
        observed=replace(observed, unknown_components=()),
        calm_since=calm_since,
        group=None,
        revision=1,
        id=None,
        number=None,
    )
    return Opened(own, signal_after(report, None), rest=rest, moved=moved)


def merged_refusal(report: Report, outage: Outage) -> str | None:
    """Why nothing is said of an incident that is part of another one."""
    if outage.whole is None or (report.act is Act.MERGE and report.into == outage.whole):
        return None
    return f"{outage.name} was merged into {outage.whole}; speak of that one"


def _not_one(report: Report, gone: Outage, into: Outage | None) -> str | None:
    if report.into is None:
        return f"nobody knows into what; name the incident that {gone.name} is part of in `into`"
    if into is None:
        return f"there is no {report.into}; `forewarn incident list --all` shows what there is"
    if {gone.kind, into.kind} != {Kind.INCIDENT}:
        return f"only incidents are merged, and {_other_kind(gone, into).name} is none"
    if gone.name == into.name:
        return f"{gone.name} cannot become part of itself"
    if into.whole is not None:
        return f"{into.name} was merged into {into.whole}; merge {gone.name} into that one"
    if into.withdrawn:
        return f"{into.name} was withdrawn; nobody would hear more of {gone.name}"
    over = next((each for each in (into, gone) if not each.open), None)
    if over is not None:
        return f"{over.name} is over; if it is not, say so with a report about it, status investigating"
    if gone.test is not into.test:
        return "one of the two is a test: whoever was told of the other would hear no more of it"
    return None


def _other_kind(*outages: Outage) -> Outage:
    return next(outage for outage in outages if outage.kind is not Kind.INCIDENT)


def _not_two(outage: Outage, leaving: Set[str]) -> str | None:
    touched = {name for name, impact in outage.facts.components.items() if impact is not Impact.NONE}
    if outage.kind is not Kind.INCIDENT:
        return f"only incidents are split, and {outage.name} is none"
    if not outage.open:
        return f"{outage.name} is over; there is nothing left of it to tell apart"
    if not leaving:
        return "nobody knows what leaves; name it in `components`"
    strangers = sorted(leaving - touched)
    if strangers:
        return f"{outage.name} is not about {', '.join(strangers)}; it is about {', '.join(sorted(touched))}"
    if leaving >= touched:
        return f"that is all that {outage.name} is about; nothing would be left of it"
    return None


def _together(into: Facts, gone: Facts) -> Facts:
    """What machines saw of both: the worst of it."""
    names = dict.fromkeys((*into.components, *gone.components))
    severities = [severity for severity in (into.severity, gone.severity) if severity is not None]
    return replace(
        into.laid_over(gone),
        severity=max(severities, key=lambda severity: severity.weight, default=None),
        components={name: _worst_of(name, into.components, gone.components) for name in names},
        unknown_components=tuple(sorted({*into.unknown_components, *gone.unknown_components})),
    )


def _worst_of(name: str, *said: Mapping[str, Impact]) -> Impact:
    return worst(impacts[name] for impacts in said if name in impacts)


def _observed(signals: Iterable[Signal], before: Facts, calm_since: datetime | None) -> tuple[Facts, datetime | None]:
    """What the machines see of it now, and since when nothing fires; what no machine watches is as it was."""
    watching = machines(signals)
    if not watching:
        return before, None
    firing = any(signal.firing for signal in watching)
    return observed_from(watching, before, Facts()), None if firing else calm_since


def _calmest(*outages: Outage) -> datetime | None:
    """Since when all of them are calm, if they are; one that only persons spoke of never fired."""
    return max((outage.calm_since for outage in outages if outage.calm_since is not None), default=None)


def _without(facts: Facts, names: Set[str]) -> Facts:
    return replace(facts, components={name: i for name, i in facts.components.items() if name not in names})
