"""Recurring: what a series may not be, and what a change of it leaves as it is, told to whoever changes it (T10)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from forewarn.outage import Act, Outage
from forewarn.series import by_its_clock, refusal
from forewarn.verdict import Opened, Rejected, Revised, Verdict
from services.ingest.ports import Record

MOST_NAMED = 5
CHANGES = frozenset({Act.REPORT, Act.CORRECT, Act.WITHDRAW})


def recurring(verdict: Verdict, before: Outage | None, record: Record, zone: ZoneInfo) -> Verdict:
    """The verdict; refused where a series cannot be like that, with what stands opened where it changes one."""
    if not isinstance(verdict, Opened | Revised) or not verdict.outage.recurs:
        return verdict
    wrong = refusal(before, verdict.outage, zone)
    if wrong is not None:
        return Rejected(wrong)
    verdict = replace(verdict, outage=by_its_clock(before, verdict.outage, zone))
    if isinstance(verdict, Opened) or verdict.act not in CHANGES:
        return verdict
    standing = record.opened_of(verdict.outage.name)
    return replace(verdict, reason=_left(standing, zone)) if standing else verdict


def _left(standing: Sequence[tuple[str, datetime]], zone: ZoneInfo) -> str:
    """What stays as it is, and how it is changed."""
    named = [f"{name} ({start.astimezone(zone):%Y-%m-%d %H:%M %Z})" for name, start in standing[:MOST_NAMED]]
    named += [f"{len(standing) - MOST_NAMED} more"] if len(standing) > MOST_NAMED else []
    first = standing[0][0]
    todo = f"`forewarn maintenance cancel {first}`, or delay or update it"
    return f"opened already, and left as it was: {', '.join(named)}; change each by itself: {todo}"
