"""Reports as builders that say only what matters, and a record in memory to hear them."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from forewarn.component import Dependency, Impact
from forewarn.outage import Act, Facts, Outage, Severity, Status, Window
from forewarn.revise import Known, Opened, Repeat, Revised, Verdict, revise, spoken_of
from forewarn.signal import Report, Signal, clamp

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

CARDS: Mapping[str, Impact] = {"card-payments": Impact.DOWN}


def after(minutes: float) -> datetime:
    """Noon and so many minutes."""
    return NOON + timedelta(minutes=minutes)


def firing(at: float = 0, key: str = "checkout", components: Mapping[str, Impact] = CARDS, **changes: Any) -> Report:
    """A machine sees something wrong; `at` is when it was received, in minutes after noon."""
    said: dict[str, Any] = {"status": Status.INVESTIGATING, "severity": Severity.CRITICAL, "components": components}
    facts = Facts(**said | changes.pop("facts", {}))
    given: dict[str, Any] = {"source": "monitoring", "key": key, "received_at": after(at), "facts": facts}
    return Report(**given | changes)


def resolved(at: float, key: str = "checkout", **changes: Any) -> Report:
    """The same machine sees nothing wrong any more."""
    return firing(at, key, facts={"status": Status.RESOLVED, "components": {}, "severity": None}, **changes)


def alert(at: float = 0, key: str = "a1", started: float = 0, ended: float | None = None, **changes: Any) -> Report:
    """An alert as Alertmanager repeats it: `started` and `ended` are minutes after noon."""
    given: dict[str, Any] = {"group": "{}:{}", "source": "alertmanager", "started_at": after(started)}
    if ended is None:
        return firing(at, key, **given | {"occurred_at": after(started)} | changes)
    facts: dict[str, Any] = {"status": Status.RESOLVED} | changes.pop("facts", {})
    return firing(at, key, **given | {"occurred_at": after(ended), "facts": facts} | changes)


OF_THE_REPORT = frozenset(f.name for f in fields(Report)) - {"facts"}


TONIGHT = Window(NOON + timedelta(hours=10), NOON + timedelta(hours=12))


def by_hand(at: float = 0, about: str | None = None, **said: Any) -> Report:
    """A person's word; what is not of the report is a fact."""
    whole = {name: said.pop(name) for name in OF_THE_REPORT & said.keys()}
    given: dict[str, Any] = {
        "source": "people",
        "key": f"event at {at}",
        "person": True,
        "author": "dana",
        "about": about,
    }
    return Report(**given | {"received_at": after(at), "facts": Facts(**said)} | whole)


def act(act: Act, at: float = 0, about: str | None = "INC-1", **said: Any) -> Report:
    """What a person does to an outage."""
    return by_hand(at, about, act=act, **said)


def settle(at: float, from_revision: int, about: str = "INC-1", **changes: Any) -> Report:
    """Our own clock says that an outage has been calm for long enough."""
    given = {"key": f"settle/{about}/{from_revision}", "act": Act.SETTLE, "from_revision": from_revision}
    own: dict[str, Any] = {"source": "forewarn", "person": False, "author": None, "clock": True}
    return by_hand(at, about, **given | own | changes)


class Memory:
    """A record in memory that hears reports as intake does, one after the other.

    `needs`: what hard depends on what; without it there are no siblings.
    """

    def __init__(self, needs: Iterable[tuple[str, str]] | None = None) -> None:
        self.needs = None if needs is None else [Dependency(*pair) for pair in needs]
        self.outages: list[Outage] = []
        self.signals: dict[tuple[str, str], Signal] = {}

    def hear(self, *reports: Report) -> Verdict:
        """What the last one did."""
        return [self._hear(clamp(report)) for report in reports][-1]

    def _hear(self, report: Report) -> Verdict:
        known = self.known(report)
        outage = spoken_of(report, known)
        verdict = revise(report, known, self._siblings(outage, report))
        match verdict:
            case Opened(opened, signal, rest, moved):
                number = len(self.outages) + 1
                self.outages.append(replace(opened, id=number, number=number))
                self._put(rest)
                for each in (signal, *moved):
                    self._note(each, number)
            case Revised(revised, own, gone=gone):
                self._put(revised)
                self._put(gone)
                self._note(own, revised.id)
                self._move(gone, revised)
            case Repeat(_, own):
                self._note(own, outage.id if outage else None)
        return verdict

    def known(self, report: Report) -> Known:
        signal = self.signals.get((report.source, report.key))
        grouped = [o for o in self.outages if o.group and (o.source, o.group) == (report.source, report.group)]
        mine = [whole for o in grouped if (whole := self._whole(o)) is not None]
        into = self._named(report.into)
        return Known(
            signal=signal,
            about=self._named(report.about),
            of_signal=self.outages[signal.outage_id - 1] if signal and signal.outage_id else None,
            of_group=max((o for o in mine if not o.withdrawn), key=_newest, default=None),
            into=into,
            signals_of_into=self._siblings(into, report),
            recent=() if self.needs is None else tuple(self.outages),
            dependencies=tuple(self.needs or ()),
        )

    def _siblings(self, outage: Outage | None, report: Report) -> tuple[Signal, ...]:
        own = (report.source, report.key)
        return tuple(s for name, s in self.signals.items() if outage and s.outage_id == outage.id and name != own)

    def _put(self, outage: Outage | None) -> None:
        if outage is not None and outage.id is not None:
            self.outages[outage.id - 1] = outage

    def _move(self, gone: Outage | None, whole: Outage) -> None:
        """All that was of the one is the other's, also what it had taken in itself."""
        if gone is None:
            return
        for signal in [s for s in self.signals.values() if s.outage_id == gone.id]:
            self._note(signal, whole.id)
        self.outages = [
            replace(o, merged_into=whole.number) if o.merged_into == gone.number else o for o in self.outages
        ]

    def _whole(self, outage: Outage | None) -> Outage | None:
        if outage is None or outage.merged_into is None:
            return outage
        return self.outages[outage.merged_into - 1]

    def _named(self, name: str | None) -> Outage | None:
        return next((outage for outage in self.outages if outage.name == name), None)

    def _note(self, signal: Signal | None, outage_id: int | None) -> None:
        if signal is not None:
            self.signals[signal.source, signal.key] = replace(signal, outage_id=outage_id)

    @property
    def last(self) -> Outage:
        return self.outages[-1]

    @property
    def state(self) -> object:
        """All that is kept, to be compared."""
        return list(self.outages), dict(self.signals)


def _newest(outage: Outage) -> tuple[bool, datetime, int]:
    """An open one first, else the last that ended."""
    return outage.open, outage.closed_at or NOON, outage.id or 0


def news(verdict: Verdict) -> bool:
    """Whether somebody is told of it."""
    return isinstance(verdict, Opened) or (isinstance(verdict, Revised) and verdict.newsworthy)
