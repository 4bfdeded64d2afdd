"""The payload that a webhook's receiver reads: what a mail says, as facts and as text for a chat window."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from forewarn.component import Impact, worst
from forewarn.content import Content
from forewarn.contracts.webhook import WebhookComponent, WebhookNotice, WebhookPayload, WebhookWindow
from forewarn.notice import Occasion
from forewarn.outage import Kind, Status
from forewarn.subscriber import Side
from services.planner.blocks import one_line, plain
from services.planner.sayings import to_come
from services.planner.subjects import public_names, version_of
from services.planner.telling import Stage, Telling


def payload_of(telling: Telling, occasion: Occasion, language: str, subject: str, text: str) -> str:
    """The whole call as JSON text; what differs from reader to reader stands in it as slots, unescaped.

    To the outside it names no component by its key and no severity, as no mail does.
    """
    inside = telling.side is Side.INSIDE
    severity = telling.severity if inside else None
    return WebhookPayload(
        type=f"notice.{occasion}",
        timestamp=_to_the_second(telling.now),
        data=WebhookNotice(
            notice=telling.notice,
            outage=telling.outage,
            kind=telling.kind,
            occasion=occasion,
            status=telling.standing,
            severity=severity.value if severity else None,
            test=telling.test,
            components=() if telling.stage is Stage.AHEAD else _touched(telling),
            expected=_touched(telling) if telling.work and not telling.over else None,
            **_planned(telling),
            version=version_of(telling) if telling.kind is Kind.ANNOUNCEMENT else None,
            subject=subject,
            language=language,
            text=text,
            **_times(telling),
        ),
    ).model_dump_json(exclude_none=True)


def words_of(content: Content) -> tuple[str, str]:
    """Subject and text for people, of whatever channel, with the slots in them."""
    if not content.payload:
        return content.subject, content.text
    notice = WebhookPayload.model_validate_json(content.payload).data
    return notice.subject, notice.text


def _planned(telling: Telling) -> dict[str, Any]:
    """Of planned work, also when it was called off: what receivers have noted of it."""
    work = telling.work
    if work is None or telling.withdrawn:
        return {}
    window = WebhookWindow(start=_to_the_second(work.window.start), end=_to_the_second(work.window.end))
    return {"window": window, "tentative": work.tentative, "short_notice": work.short_notice}


def _touched(telling: Telling) -> tuple[WebhookComponent, ...]:
    return tuple(WebhookComponent(name=name, impact=impact) for name, impact in _impacts(telling).items())


def _impacts(telling: Telling) -> Mapping[str, Impact]:
    """By name the worst impact of whatever bears it, in the order of the telling; nothing once nothing is wrong."""
    out: dict[str, Impact] = {}
    for touched in () if telling.over else telling.touched:
        inside = telling.side is Side.INSIDE
        names = (plain(one_line(touched.component)),) if inside else public_names((touched,), telling.names)
        for name in names:
            out[name] = worst((out.get(name, Impact.NONE), touched.impact))
    return {name: impact for name, impact in out.items() if impact is not Impact.NONE}


def _times(telling: Telling) -> dict[str, datetime]:
    """What is still to come of what persons stated and we promise; nothing of it once it is over, and no beginning
    of what never was."""
    incident, never = telling.kind is Kind.INCIDENT, telling.withdrawn or telling.kind is Kind.ANNOUNCEMENT
    ended = not never and telling.status in (Status.RESOLVED, Status.COMPLETED)
    end = telling.work.end if telling.work else telling.stated.expected_end
    found = {
        "started_at": telling.opened_at if incident and not never else None,
        "resolved_at": max(telling.closed_at or telling.now, telling.opened_at) if ended else None,
        "expected_end": None if telling.over else to_come(end, telling.now),
        "next_update_at": None if telling.over else to_come(telling.promised_at, telling.now),
    }
    return {name: _to_the_second(moment) for name, moment in found.items() if moment is not None}


def _to_the_second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
