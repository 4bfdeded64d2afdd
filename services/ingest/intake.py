"""Intake: carry out one event exactly once, or keep it in `failed` with its reason."""

from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from forewarn.contracts.event import BadEvent
from forewarn.contracts.policy import Policy
from forewarn.outage import Facts, Outage
from forewarn.revise import Opened, Rejected, Repeat, Revised, Stale, Verdict, revise, spoken_of
from forewarn.sibling import may_join
from forewarn.signal import Report
from services.ingest.joining import beside, join, part
from services.ingest.ports import Record, Transactions
from services.ingest.reached import reached
from services.ingest.recurring import recurring
from services.ingest.sources import READERS, Heard, Rules, read


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an event: the outages to plan, or the reason it failed."""

    outages: tuple[int, ...] = ()
    verdicts: tuple[str, ...] = ()
    failed: str | None = None


def take(heard: Heard, begin: Transactions, policy: Policy) -> Taken:
    """Read, revise, record, all in one transaction; a redelivery finds its event there and changes nothing.

    A bad event is recorded as failed in a transaction of its own, after the first one was undone.
    """
    try:
        with begin() as record:
            return _carry_out(heard, record, policy)
    except BadEvent as fault:
        with begin() as record:
            record.note_failed(heard, str(fault))
        return Taken(failed=str(fault))


def _carry_out(heard: Heard, record: Record, policy: Policy) -> Taken:
    heard = replace(heard, received_at=record.told_time(heard.received_at))
    reports = read(heard, Rules(policy, record.knows_component), READERS)
    if not reports:
        return _alive(heard, record)
    if policy.episodes.sibling_seconds:
        record.alone_on_siblings(reports)
    record.lock({f"{r.source}/{name}" for r in reports for name in (r.group or r.key, r.key)} | {heard.id})
    already = record.planned_by(heard.id)
    if already is not None:
        return Taken(already, ("redelivered",))
    outcomes = [_take_one(heard, report, record, policy) for report in reports]
    touched = [outage for verdict, own in outcomes for outage in (own, beside(verdict)) if outage is not None]
    verdict, outage = next((o for o in outcomes if isinstance(o[0], Opened | Revised)), outcomes[0])
    record.note_event(heard, name_of(verdict), getattr(verdict, "reason", None), reports[0], outage)
    ids = tuple(dict.fromkeys(outage.id for outage in touched if outage.id is not None))
    return Taken(ids, tuple(name_of(v) for v, _ in outcomes))


def _alive(heard: Heard, record: Record) -> Taken:
    """A watchdog: the source was heard from, and nothing is to be told."""
    record.lock({heard.id})
    if record.planned_by(heard.id) is None:
        word = Report(heard.source or heard.format, "watchdog", heard.received_at, Facts())
        record.note_event(heard, name_of(Repeat("")), "a watchdog: its source lives", word, None)
    return Taken((), ("alive",))


def _take_one(heard: Heard, report: Report, record: Record, policy: Policy) -> tuple[Verdict, Outage | None]:
    reopen = timedelta(minutes=policy.episodes.reopen_minutes)
    within = timedelta(seconds=policy.episodes.sibling_seconds)
    known = record.known_of(report)
    if spoken_of(report, known, reopen, within) is None and within and may_join(report):
        known = record.with_recent(report, known, within)
    outage = spoken_of(report, known, reopen, within)
    siblings = record.siblings(outage.id, report) if outage and outage.id is not None else ()
    verdict = revise(report, known, siblings, reopen, within)
    verdict = recurring(verdict, outage, record, ZoneInfo(policy.maintenance.zone))
    verdict = reached(verdict, policy.communication)
    if outage is not None and outage in known.recent:
        record.note_group(report, outage)
    match verdict:
        case Rejected(reason):
            raise BadEvent(reason)
        case Opened(rest=Outage() as rest):
            return verdict, part(record, heard, verdict, rest)
        case Opened(opened, signal):
            opened = record.open(opened)
            record.note_signal(signal, opened.id)
            record.note_revision(opened, heard, newsworthy=True)
            return verdict, opened
        case Revised(gone=Outage() as gone):
            join(record, heard, verdict, gone)
            return verdict, verdict.outage
        case Revised(revised, own, newsworthy, act, notices):
            record.revise(revised)
            if own is not None:
                record.note_signal(own, revised.id)
            record.note_revision(revised, heard, newsworthy, act, notices)
            return verdict, revised
        case Repeat(_, own):
            if own is not None:
                record.note_signal(own, outage.id if outage else own.outage_id)
            return verdict, outage
        case Stale():
            return verdict, outage


def name_of(verdict: Verdict) -> str:
    """opened, revised, repeat or stale, as the record has it."""
    return type(verdict).__name__.lower()
