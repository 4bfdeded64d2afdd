"""Rows of the record as the answers that people get."""

from collections import Counter
from dataclasses import asdict
from typing import Any

from forewarn.content import Content, Words, values_for
from forewarn.contracts.api import DeliveryView, NoticeView, Sum, TimelineEntry
from forewarn.contracts.record import facts_from_json, outage_from_row
from forewarn.delivery import LETTERS, tally
from forewarn.notice import Hold
from forewarn.outage import Act, Outage
from services.planner.asks import asks_of, may_hear
from services.planner.payload import words_of
from services.planner.timeline import line_of


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
    facts, heard = outage.facts, row["heard_outside"]
    held = (Hold(row["hold"]), row["hold_until"]) if row["hold"] else None
    return {
        "name": outage.name,
        "kind": outage.kind,
        "status": _status(outage),
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
        "release": may_hear(outage, heard),
        "withdrawn": outage.withdrawn,
        "merged_into": outage.whole,
        "asks": asks_of(outage, held, heard, row["source_silent"], row["now"]),
        "window": asdict(facts.window) if facts.window else None,
        "expected_end": facts.expected_end,
        "tentative": bool(facts.tentative),
        "recurrence": facts.recurrence,
        "series": facts.series,
    }


def _status(outage: Outage) -> str | None:
    if outage.withdrawn:
        return "withdrawn"
    return "merged" if outage.whole is not None else outage.facts.status


def notice_of(row: dict[str, Any]) -> NoticeView:
    state, reason = row["state"], row["stopped"]
    if row["ended"] or row["replaced_by"]:
        state, reason = ("replaced" if row["replaced_by"] else "suppressed"), row["ended"] or "superseded"
    elif state == "held":
        reason = row["hold"]
    return NoticeView(**{**row, "state": state, "reason": reason}, sum=sum_of(row["outcomes"]))


def timeline_of(rows: list[dict[str, Any]], settle_minutes: int) -> list[TimelineEntry]:
    """The revisions in words, oldest first."""
    entries, before = [], None
    for row in rows:
        facts, act = facts_from_json(row["facts"]), Act(row["act"])
        joined = row["other"], row["newsworthy"]
        entries.append(
            TimelineEntry(
                at=row["at"],
                act=act,
                revision=row["revision"],
                author=row["author"],
                by_person=row["by_person"],
                told=row["newsworthy"] or act is Act.JOIN,
                what=line_of(act, row["author"], row["notices"], before, facts, settle_minutes, *joined),
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
    content = Content(body["subject"], body["text"], "", times, body.get("payload", ""))
    own = {"accounts": row["accounts"], "unsubscribe": "(their own link)", "name": row["name"]}
    return Words(words_of(content)[1]).fill(values_for(content, row["zone_id"], own))
