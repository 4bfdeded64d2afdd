"""Rows of the record as the answers that people get."""

from collections import Counter
from typing import Any

from forewarn.content import Content, Words, values_for
from forewarn.contracts.api import DeliveryView, NoticeView, Sum, TimelineEntry
from forewarn.contracts.record import facts_from_json, outage_from_row
from forewarn.delivery import LETTERS, tally
from services.planner.timeline import what_changed


def sum_of(outcomes: str | None) -> Sum:
    """The sum that must come out even, and how often each reason occurred."""
    total = tally(outcomes or "")
    reasons: Counter[str] = Counter()
    for letter, count in Counter(outcomes or "").items():
        if letter in LETTERS and (reason := LETTERS[letter][1]):
            reasons[reason] += count
    names = ("planned", "accepted", "suppressed", "failed", "unknown", "moved", "open", "accounted")
    return Sum(**{name: getattr(total, name) for name in names}, reasons=dict(reasons))


def row_of(row: dict[str, Any]) -> dict[str, Any]:
    outage = outage_from_row(row)
    facts = outage.facts
    return {
        "name": outage.name,
        "kind": outage.kind,
        "status": facts.status,
        "severity": facts.severity,
        "open": outage.open,
        "opened_at": outage.opened_at,
        "closed_at": outage.closed_at,
        "components": list(facts.components),
        "unknown_components": list(facts.unknown_components),
        "next_update_at": row["promised_at"] if outage.open else None,
        "revision": outage.revision,
        "test": outage.test,
        "sum": sum_of(row["outcomes"]),
    }


def notice_of(row: dict[str, Any]) -> NoticeView:
    state = "replaced" if row["replaced_by"] else row["state"]
    return NoticeView(**{**row, "state": state}, sum=sum_of(row["outcomes"]))


def timeline_of(rows: list[dict[str, Any]]) -> list[TimelineEntry]:
    entries, before = [], None
    for row in rows:
        facts = facts_from_json(row["facts"])
        entries.append(
            TimelineEntry(
                at=row["at"],
                revision=row["revision"],
                author=row["author"],
                by_person=row["by_person"],
                told=row["newsworthy"],
                what=what_changed(before, facts),
            )
        )
        before = facts
    return entries


def delivery_of(row: dict[str, Any]) -> DeliveryView:
    state, reason = LETTERS.get(row["letter"], ("open", None))
    return DeliveryView(
        **{name: row[name] for name in ("subscriber", "name", "side", "voice", "channel", "occasion", "notice")},
        state=state,
        reason=reason,
        at=row["at"],
        subject=row["subject"],
        text=_text(row) if row["body"] else None,
    )


def _text(row: dict[str, Any]) -> str:
    """The words as the subscriber read them; the own unsubscribe link stays out."""
    body = row["body"]
    times = {int(zone): tuple(moments) for zone, moments in body["times"].items()}
    content = Content(body["subject"], body["text"], body["html"], times)
    own = {"accounts": row["accounts"], "unsubscribe": "(their own link)", "name": row["name"]}
    return Words(content.text).fill(values_for(content, row["zone_id"], own))
