"""What intake needs of the record, inside one transaction."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

from forewarn.outage import Act, Outage
from forewarn.revise import Known
from forewarn.signal import Report, Signal
from services.ingest.sources.heard import Heard


class Record(Protocol):
    """The record within one transaction; what is written stands only if the transaction ends well."""

    def planned_by(self, event_id: str) -> tuple[int, ...] | None:
        """Outages that the event has already touched; None for an event never carried out."""

    def told_time(self, moment: datetime) -> datetime:
        """A real moment as the clock that people read has it."""

    def knows_component(self, key: str) -> bool: ...

    def lock(self, names: Iterable[str]) -> None:
        """Hold these names alone until the transaction ends; always taken in one order."""

    def known_of(self, report: Report) -> Known:
        """What the report could be about, held alone until the transaction ends."""

    def alone_on_siblings(self, reports: Sequence[Report]) -> None:
        """Before all else: hold their source alone if one of them may open an incident, so that no two siblings do."""

    def with_recent(self, report: Report, known: Known, within: timedelta) -> Known:
        """What is known, with the incidents that the report may be a sibling of; none if its source is not held."""

    def note_group(self, report: Report, outage: Outage) -> None:
        """The report's group, if it has one, is of that outage from now on."""

    def siblings(self, outage_id: int, report: Report) -> tuple[Signal, ...]:
        """The outage's signals, firing or not, besides the report's own: one for each different thing said."""

    def opened_of(self, series: str) -> Sequence[tuple[str, datetime]]:
        """The windows of a series that are work of their own and not over: name and start, the next one first."""

    def open(self, outage: Outage) -> Outage:
        """Write a new outage; returned with its id and speakable number."""

    def revise(self, outage: Outage) -> None: ...

    def take_in(self, gone: Outage, whole: Outage) -> None:
        """Write that `gone` is part of `whole`; its signals, and what it had taken in itself, are that one's."""

    def move(self, signals: Iterable[Signal], outage: Outage) -> None:
        """These signals are of that outage from now on."""

    def note_revision(
        self,
        outage: Outage,
        heard: Heard,
        newsworthy: bool,
        act: Act = Act.REPORT,
        notices: tuple[str, ...] = (),
        other: str | None = None,
    ) -> None:
        """`other`: the outage that this one was merged with, or split from."""

    def note_signal(self, signal: Signal, outage_id: int | None) -> None: ...

    def note_event(
        self, heard: Heard, verdict: str, reason: str | None, report: Report, outage: Outage | None
    ) -> None: ...

    def note_failed(self, heard: Heard, reason: str) -> None: ...


class Transactions(Protocol):
    """Begins transactions on the record."""

    def __call__(self) -> AbstractContextManager[Record]: ...
