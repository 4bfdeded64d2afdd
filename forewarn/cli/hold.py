"""Where a notice stands, in words: held and until when, ended and why, its promise kept or missed."""

from datetime import datetime

from forewarn.cli.moments import said
from forewarn.contracts.api import NoticeView
from forewarn.notice import Hold

BY_A_PERSON = frozenset({Hold.AFTER, Hold.PERSON, Hold.STORM})


def held_by_rule(notice: NoticeView, released: bool) -> bool:
    """Whether it waits for a time or a person, not for its turn.

    Once the outage is released for customers, only readers asleep are waited for.
    """
    if notice.state != "held" or notice.reason is None:
        return False
    return notice.reason == Hold.QUIET or (notice.reason in BY_A_PERSON and not released)


def hold_of(notice: NoticeView, now: datetime) -> str:
    """Why it is held, and until when or until what."""
    until = said(notice.hold_until, now) if notice.hold_until else None
    match notice.reason:
        case Hold.AFTER:
            return f"held until {until}, unless dismissed" if until else "held, unless dismissed"
        case Hold.PERSON:
            return "held until a person releases it"
        case Hold.STORM:
            return "held by the storm brake, until a person releases it"
        case Hold.QUIET:
            return f"asleep until {until}" if until else "asleep"
        case _:
            return "held for a moment: the inside hears first"


def state_of(notice: NoticeView, now: datetime) -> str:
    """The state on one line, with what holds, stopped or ended it, and what was promised."""
    match notice.state:
        case "held":
            state = hold_of(notice, now)
        case "suppressed":
            state = f"not told: {notice.reason or 'ended'}"
        case "replaced":
            state = "replaced by a newer one"
        case _:
            state = f"{notice.state}, stopped: {notice.reason}" if notice.reason else notice.state
    return f"{state}; {promise}" if (promise := _promise(notice, now)) else state


def _promise(notice: NoticeView, now: datetime) -> str:
    at = f" ({said(notice.promised_at, now)})" if notice.promised_at else ""
    return {"open": f"promised more{at}", "kept": "promise kept", "missed": f"promise missed{at}"}.get(
        notice.promise or "", ""
    )
