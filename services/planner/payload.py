"""The payload that a webhook's receiver reads: what a mail says, as facts and as text for a chat window."""

from collections.abc import Mapping
from datetime import UTC, datetime

from forewarn.component import Impact, worst
from forewarn.content import Content
from forewarn.contracts.webhook import WebhookComponent, WebhookNotice, WebhookPayload
from forewarn.notice import Occasion
from forewarn.outage import Status
from forewarn.subscriber import Side
from services.planner.blocks import one_line, plain
from services.planner.sayings import to_come
from services.planner.subjects import public_names
from services.planner.telling import Telling


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
            occasion=occasion,
            status="withdrawn" if telling.withdrawn else telling.status,
            severity=severity.value if severity else None,
            test=telling.test,
            components=tuple(WebhookComponent(name=name, impact=impact) for name, impact in _touched(telling).items()),
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


def _touched(telling: Telling) -> Mapping[str, Impact]:
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
    resolved = telling.status is Status.RESOLVED and not telling.withdrawn
    found = {
        "started_at": None if telling.withdrawn else telling.opened_at,
        "resolved_at": max(telling.closed_at or telling.now, telling.opened_at) if resolved else None,
        "expected_end": None if telling.over else to_come(telling.stated.expected_end, telling.now),
        "next_update_at": None if telling.over else to_come(telling.promised_at, telling.now),
    }
    return {name: _to_the_second(moment) for name, moment in found.items() if moment is not None}


def _to_the_second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
