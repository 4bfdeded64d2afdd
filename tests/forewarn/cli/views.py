"""Answers of the desk; builders say only what matters."""

from datetime import UTC, datetime, timedelta
from typing import Any

from forewarn.contracts.api import (
    DeliveryView,
    EventProgress,
    EventState,
    FailedView,
    LogEntry,
    NoticeView,
    OutageRow,
    OutageView,
    PauseView,
    PreviewGroup,
    PreviewNotice,
    PreviewText,
    PreviewView,
    SendingView,
    StatusView,
    Sum,
    TimelineEntry,
    TouchedView,
)
from forewarn.contracts.schedule_api import RungView, ScheduleView

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NOTICE = "00ff00ff00ff00ff"


def a_sum(planned: int = 9, accepted: int = 7, **counts: Any) -> Sum:
    closed = {"suppressed": 0, "failed": 0, "unknown": 0, "moved": 0} | counts
    left = planned - accepted - sum(n for name, n in closed.items() if name != "reasons")
    share = (planned - left) / planned if planned else 0.0
    return Sum(planned=planned, accepted=accepted, open=left, accounted=share, **closed)


def a_row(**changes: Any) -> OutageRow:
    said = {
        "name": "INC-7",
        "kind": "incident",
        "status": "identified",
        "severity": "critical",
        "open": True,
        "opened_at": NOON - timedelta(minutes=20),
        "closed_at": None,
        "components": ["api", "checkout"],
        "unknown_components": [],
        "next_update_at": NOON + timedelta(minutes=12),
        "revision": 3,
        "test": False,
        "sum": a_sum(),
    }
    return OutageRow.model_validate(said | changes)


def a_status(**changes: Any) -> StatusView:
    said = {
        "now": NOON,
        "mode": "sandbox",
        "clock_factor": 1.0,
        "outages": [],
        "failed_events": 0,
        "owed": {},
        "snapshot_age_seconds": 1.0,
    }
    return StatusView.model_validate(said | changes)


def a_notice(**changes: Any) -> NoticeView:
    said = {
        "id": NOTICE,
        "side": "outside",
        "occasion": "first",
        "channel": "email",
        "lane": "urgent",
        "state": "drained",
        "revision": 1,
        "made_at": NOON,
        "released_at": NOON,
        "first_at": NOON,
        "last_at": NOON,
        "promised_at": None,
        "subject": "Acme Proactive Notification: card payments",
        "sum": a_sum(),
    }
    return NoticeView.model_validate(said | changes)


def an_outage(**changes: Any) -> OutageView:
    said = a_row().model_dump() | {
        "source": "prometheus",
        "by_person": True,
        "facts": {"cause": "A full disk.", "expected_end": "2026-03-02T14:30:00Z", "components": {"api": "down"}},
        "touched": [TouchedView(component="api", public_name="Our API", impact="down", path=["api"])],
        "accounts_without_reader": [],
        "notices": [a_notice()],
        "timeline": [TimelineEntry(at=NOON, revision=1, author="dana", by_person=True, told=True, what="opened")],
    }
    return OutageView.model_validate(said | changes)


def carried_out(**changes: Any) -> EventState:
    said = {"event_id": "e1", "state": EventProgress.CARRIED_OUT, "verdict": "opened", "outage": "INC-7", "revision": 1}
    return EventState.model_validate(said | changes)


def a_failed(**changes: Any) -> FailedView:
    said = {
        "id": "e1",
        "at": NOON,
        "source": "prometheus",
        "author": None,
        "role": "source",
        "format": "event",
        "reason": "components.0: must be one line",
        "tries": 1,
        "replayed_at": None,
        "body": "{}",
    }
    return FailedView.model_validate(said | changes)


def a_delivery(**changes: Any) -> DeliveryView:
    said = {
        "subscriber": "ana",
        "name": "Ana Lima",
        "side": "outside",
        "voice": "customer",
        "channel": "email",
        "occasion": "first",
        "notice": NOTICE,
        "state": "accepted",
        "reason": None,
        "at": NOON,
    }
    return DeliveryView.model_validate(said | changes)


def a_group(**changes: Any) -> PreviewGroup:
    said = {
        "side": "outside",
        "occasion": "first",
        "voice": "customer",
        "channel": "email",
        "locale": "en",
        "told_before": False,
        "outcome": "told",
        "reason": None,
        "people": 812_410,
    }
    return PreviewGroup.model_validate(said | changes)


def a_text(**changes: Any) -> PreviewText:
    said = {
        "side": "outside",
        "occasion": "first",
        "voice": "customer",
        "channel": "email",
        "locale": "en",
        "told_before": False,
        "people": 700_000,
        "subject": "Acme Proactive Notification: card payments",
        "text": "Some of you cannot pay by card.\n\nWe are sorry for the trouble.",
    }
    return PreviewText.model_validate(said | changes)


def a_preview_notice(**changes: Any) -> PreviewNotice:
    said = {
        "side": "outside",
        "occasion": "first",
        "channel": "email",
        "when": "now",
        "now": True,
        "people": 812_410,
        "seconds": 203.0,
    }
    return PreviewNotice.model_validate(said | changes)


def a_preview(**changes: Any) -> PreviewView:
    said = {
        "outage": "INC-7",
        "revision": 3,
        "verdict": "revised",
        "reason": None,
        "mode": "sandbox",
        "test": False,
        "paused": [],
        "people": 812_441,
        "notices": [a_preview_notice(side="inside", people=31, seconds=0.4), a_preview_notice()],
        "groups": [
            a_group(side="inside", voice="support", people=31),
            a_group(),
            a_group(outcome="suppressed", reason="unsubscribed", people=3_204),
            a_group(outcome="moved", reason="2026-03-03T06:00:00Z", people=18_112),
        ],
        "texts": [
            a_text(side="inside", voice="support", people=31, text="Say that we are looking into it."),
            a_text(locale="de", people=112_410, text="Einige von Ihnen ..."),
            a_text(),
        ],
    }
    return PreviewView.model_validate(said | changes)


def a_pause(**changes: Any) -> PauseView:
    said = {"id": 1, "channel": None, "incident": None, "reason": "Wrong link.", "author": "oleg", "at": NOON}
    return PauseView.model_validate(said | changes)


def a_sending(**changes: Any) -> SendingView:
    return SendingView.model_validate({"mode": "sandbox", "paused": []} | changes)


def a_log_entry(**changes: Any) -> LogEntry:
    said = {
        "at": NOON,
        "author": "dana",
        "role": "communicator",
        "act": "release",
        "what": "customers are told",
        "verdict": "revised",
        "from_revision": 2,
        "revision": 3,
        "event": "e1",
    }
    return LogEntry.model_validate(said | changes)


def a_rung(**changes: Any) -> RungView:
    said = {
        "occasion": "reminder",
        "side": "outside",
        "channel": "email",
        "moment": NOON + timedelta(days=4, hours=7),
        "leaves_at": NOON + timedelta(days=4, hours=6, minutes=5),
        "fate": "waits",
        "audience": 812_410,
        "drain_seconds": 3_250.0,
    }
    return RungView.model_validate(said | changes)


def a_schedule(**changes: Any) -> ScheduleView:
    said = {
        "outage": "MNT-3",
        "zone": "Europe/Berlin",
        "rungs": [a_rung(side="inside", audience=31, drain_seconds=0.2), a_rung()],
    }
    return ScheduleView.model_validate(said | changes)


def a_work(**changes: Any) -> OutageView:
    """Planned work as the desk shows it."""
    window = {"start": "2026-03-09T19:00:00Z", "end": "2026-03-09T21:00:00Z"}
    said: dict[str, Any] = {
        "name": "MNT-3",
        "kind": "maintenance",
        "status": "scheduled",
        "severity": None,
        "next_update_at": None,
        "facts": {"window": window, "benefit": "Payouts within minutes."},
        "notices": [],
    }
    return an_outage(**(said | changes))
