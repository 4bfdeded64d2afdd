"""Joining in the record: two outages that are one, or one that is two, each with its revision of it."""

from forewarn.outage import Act, Outage
from forewarn.verdict import Opened, Revised, Verdict
from services.ingest.ports import Record
from services.ingest.sources.heard import Heard


def beside(verdict: Verdict) -> Outage | None:
    """The other outage that the verdict revises."""
    match verdict:
        case Revised(gone=other) | Opened(rest=other):
            return other
        case _:
            return None


def join(record: Record, heard: Heard, merged: Revised, gone: Outage) -> None:
    """Write that `gone` is part of what the verdict revises."""
    whole = merged.outage
    record.take_in(gone, whole)
    record.revise(whole)
    record.note_revision(gone, heard, newsworthy=False, act=Act.MERGE, other=whole.name)
    record.note_revision(whole, heard, merged.newsworthy, Act.MERGE, other=gone.name)


def part(record: Record, heard: Heard, parted: Opened, rest: Outage) -> Outage:
    """Write what left as an outage of its own, which is returned, and what stays."""
    opened = record.open(parted.outage)
    record.note_signal(parted.signal, opened.id)
    record.move(parted.moved, opened)
    record.revise(rest)
    record.note_revision(rest, heard, newsworthy=False, act=Act.SPLIT, other=opened.name)
    record.note_revision(opened, heard, newsworthy=True, act=Act.SPLIT, other=rest.name)
    return opened
