"""What an event would make of the record, by the rules that intake carries it out by; read, and not written."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from forewarn.access import Bearer, TokenRole
from forewarn.contracts.event import BadEvent, Event
from forewarn.contracts.record import outage_from_row, signal_from_json
from forewarn.contracts.reports import report_of
from forewarn.outage import OF_PREFIX, Outage
from forewarn.revise import Known, Opened, Verdict, revise, spoken_of
from forewarn.runtime.postgres import Connection
from forewarn.signal import Report, Signal


def supposed(
    connection: Connection, event: Event, speaker: Bearer, now: datetime, reopen: timedelta
) -> tuple[Verdict, Outage | None]:
    """What the event would do, and the outage that it is about, as it stands. Raises BadEvent."""
    report = _report(connection, event, speaker, now)
    known = _known(connection, report)
    about = spoken_of(report, known, reopen)
    siblings = _siblings(connection, about, report) if about is not None else ()
    verdict = revise(report, known, siblings, reopen)
    return (
        replace(verdict, outage=_numbered(connection, verdict.outage)) if isinstance(verdict, Opened) else verdict
    ), about


def refuse_strangers(connection: Connection, notices: Sequence[str], about: Outage | None) -> None:
    """Raises BadEvent for named notices that are none of this outage's: they would take nothing back."""
    own = connection.execute("select id from notice where outage_id = %s", (about.id if about else 0,)).fetchall()
    strangers = set(notices) - {row["id"] for row in own}
    if strangers and about is not None:
        names = ", ".join(sorted(strangers))
        raise BadEvent(f"not of {about.name}: notice {names}; `forewarn incident show {about.name}` names its notices")


def _report(connection: Connection, event: Event, speaker: Bearer, now: datetime) -> Report:
    """Whoever may only read asks as a person: what if somebody said this."""
    if event.source not in (None, speaker.source):
        raise BadEvent(f"source: this token speaks for {speaker.source!r}, the event says {event.source!r}")
    person = speaker.role is not TokenRole.SOURCE
    key = event.key or (event.event_id or "preview" if person or event.about else None)
    if key is None:
        raise BadEvent('key: missing; name the thing you track, such as "key": "checkout-latency"')

    def knows(component: str) -> bool:
        return connection.execute("select from component where key = %s", (component,)).fetchone() is not None

    return report_of(event, speaker.source, key, now, person, speaker.name if person else None, knows)


def _known(connection: Connection, report: Report) -> Known:
    about, into = _named(connection, report.about), _named(connection, report.into)
    signals_of_into = _siblings(connection, into, report) if into is not None else ()
    row = connection.execute(
        "select state, outage_id from signal where source = %s and key = %s", (report.source, report.key)
    ).fetchone()
    if row is None:
        return Known(about=about, into=into, signals_of_into=signals_of_into)
    of_signal = _outage(connection, "id = %s", (row["outage_id"],))
    return Known(_signal(row), about, of_signal, into=into, signals_of_into=signals_of_into)


def _named(connection: Connection, name: str | None) -> Outage | None:
    if name is None:
        return None
    prefix, _, number = name.partition("-")
    return _outage(connection, "kind = %s and number = %s::bigint", (OF_PREFIX[prefix], number))


def _siblings(connection: Connection, outage: Outage, report: Report) -> tuple[Signal, ...]:
    rows = connection.execute(
        "select state, outage_id from signal where outage_id = %s and (source, key) <> (%s, %s)",
        (outage.id, report.source, report.key),
    ).fetchall()
    return tuple(_signal(row) for row in rows)


def _signal(row: Mapping[str, Any]) -> Signal:
    return signal_from_json(row["state"], row["outage_id"])


def _outage(connection: Connection, where: str, values: tuple[object, ...]) -> Outage | None:
    row = connection.execute(f"select * from outage where {where}", values).fetchone()
    return outage_from_row(row) if row else None


def _numbered(connection: Connection, outage: Outage) -> Outage:
    """With the number that it would have if it were told now."""
    row = connection.execute(
        "select coalesce(max(number), 0) + 1 as next from outage where kind = %s", (outage.kind,)
    ).fetchone()
    assert row is not None
    return replace(outage, number=row["next"])
