"""What SES says to a call or to one of its entries, and what that means for a recipient: one table."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

import orjson

from forewarn.delivery import Accepted, Answer, NotReached, Refused, Unanswered


class Said(StrEnum):
    """A closed set, each a metric label: first the statuses of SES's own enum, then what we name ourselves."""

    SUCCESS = "success"
    MESSAGE_REJECTED = "message_rejected"
    MAIL_FROM_DOMAIN_NOT_VERIFIED = "mail_from_domain_not_verified"
    CONFIGURATION_SET_NOT_FOUND = "configuration_set_not_found"
    TEMPLATE_NOT_FOUND = "template_not_found"
    ACCOUNT_SUSPENDED = "account_suspended"
    ACCOUNT_THROTTLED = "account_throttled"
    ACCOUNT_DAILY_QUOTA_EXCEEDED = "account_daily_quota_exceeded"
    INVALID_SENDING_POOL_NAME = "invalid_sending_pool_name"
    ACCOUNT_SENDING_PAUSED = "account_sending_paused"
    CONFIGURATION_SET_SENDING_PAUSED = "configuration_set_sending_paused"
    INVALID_PARAMETER = "invalid_parameter"
    TRANSIENT_FAILURE = "transient_failure"
    FAILED = "failed"

    UNSENDABLE = "unsendable"
    """Never sent: it would forge a header, or not be rendered."""
    BAD_REQUEST = "bad_request"
    """Of a call of many it says only that one of them, or all, are not to SES's liking."""
    NOT_ALLOWED = "not_allowed"
    NO_CREDENTIALS = "no_credentials"
    WRONG_PLACE = "wrong_place"
    """Neither SES's yes nor its no: a redirect, no such page; the endpoint is not SES's."""
    UNAVAILABLE = "unavailable"
    NOT_REACHED = "not_reached"
    SERVER_ERROR = "server_error"
    NO_ANSWER = "no_answer"
    UNREADABLE = "unreadable"


_LATER = NotReached(timedelta(seconds=2))
_NEVER = Refused(transient=False)

ANSWERS: Mapping[Said, Answer] = {
    Said.SUCCESS: Accepted(),
    Said.MESSAGE_REJECTED: _NEVER,
    Said.MAIL_FROM_DOMAIN_NOT_VERIFIED: NotReached(),
    Said.CONFIGURATION_SET_NOT_FOUND: NotReached(),
    Said.TEMPLATE_NOT_FOUND: NotReached(),
    Said.ACCOUNT_SUSPENDED: NotReached(),
    Said.ACCOUNT_THROTTLED: _LATER,
    Said.ACCOUNT_DAILY_QUOTA_EXCEEDED: NotReached(),
    Said.INVALID_SENDING_POOL_NAME: NotReached(),
    Said.ACCOUNT_SENDING_PAUSED: NotReached(),
    Said.CONFIGURATION_SET_SENDING_PAUSED: NotReached(),
    Said.INVALID_PARAMETER: _NEVER,
    Said.TRANSIENT_FAILURE: Refused(transient=True),
    Said.FAILED: _NEVER,
    Said.UNSENDABLE: _NEVER,
    Said.BAD_REQUEST: _NEVER,
    Said.NOT_ALLOWED: NotReached(),
    Said.NO_CREDENTIALS: NotReached(),
    Said.WRONG_PLACE: NotReached(),
    Said.UNAVAILABLE: NotReached(),
    Said.NOT_REACHED: NotReached(),
    Said.SERVER_ERROR: Unanswered(),
    Said.NO_ANSWER: Unanswered(),
    Said.UNREADABLE: Unanswered(),
}

FOR_A_PERSON = frozenset(s for s, a in ANSWERS.items() if a == NotReached()) - {Said.UNAVAILABLE, Said.NOT_REACHED}
"""Faults of the account, the sender or the set-up: they say nothing of a recipient, and wait for somebody."""

BY_NAME: Mapping[str, Said] = {
    "TooManyRequestsException": Said.ACCOUNT_THROTTLED,
    "ThrottlingException": Said.ACCOUNT_THROTTLED,
    "Throttling": Said.ACCOUNT_THROTTLED,
    "LimitExceededException": Said.ACCOUNT_DAILY_QUOTA_EXCEEDED,
    "AccountSuspendedException": Said.ACCOUNT_SUSPENDED,
    "SendingPausedException": Said.ACCOUNT_SENDING_PAUSED,
    "MailFromDomainNotVerifiedException": Said.MAIL_FROM_DOMAIN_NOT_VERIFIED,
    "NotFoundException": Said.CONFIGURATION_SET_NOT_FOUND,
    "MessageRejected": Said.BAD_REQUEST,
    "BadRequestException": Said.BAD_REQUEST,
}
"""A refusal of a whole call, by the error's name; some come with HTTP 400 that are no fault of the request."""


def heard(status: int, named: str, body: bytes, entries: int, sender: str) -> list[Said]:
    """What was said of each of the call's entries, in order. `named` is the header X-Amzn-ErrorType."""
    if status == 200:
        return _of_entries(body, entries, sender)
    return [_of_call(status, named, body, sender)] * entries


def _of_entries(body: bytes, entries: int, sender: str) -> list[Said]:
    try:
        results = orjson.loads(body)["BulkEmailEntryResults"]
        said = [_status(result, sender) for result in results]
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        said = []
    return said if len(said) == entries else [Said.UNREADABLE] * entries


def _status(result: Mapping[str, Any], sender: str) -> Said:
    said = _WIRE.get(result["Status"], Said.UNREADABLE)
    return _blamed(said, result.get("Error"), sender) if said is Said.MESSAGE_REJECTED else said


_WIRE = {said.name: said for said in list(Said)[: list(Said).index(Said.UNSENDABLE)]}


def _of_call(status: int, named: str, body: bytes, sender: str) -> Said:
    name, message = _error(named, body)
    if name in BY_NAME:
        return _blamed(BY_NAME[name], message, sender) if name == "MessageRejected" else BY_NAME[name]
    match status:
        case 429:
            return Said.ACCOUNT_THROTTLED
        case 401 | 403:
            return Said.NOT_ALLOWED
        case 400 | 413:
            return Said.BAD_REQUEST
        case 503:
            return Said.UNAVAILABLE
        case _:
            return Said.WRONG_PLACE if 300 <= status < 500 else Said.SERVER_ERROR


def _error(named: str, body: bytes) -> tuple[str, str]:
    """The error's name and text. AWS names it in a header or in the body, with a namespace before or a URL behind."""
    try:
        told = dict(orjson.loads(body))
    except (orjson.JSONDecodeError, TypeError, ValueError):
        told = {}
    name = str(named or told.get("__type") or told.get("code") or "")
    return name.partition(":")[0].rpartition("#")[2], str(told.get("message") or told.get("Message") or "")


def _blamed(said: Said, message: object, sender: str) -> Said:
    """`said`, unless it is our sender that is "not verified": SES says that with the name for bad content, too."""
    text = str(message).lower()
    ours = sender.lower() in text or sender.lower().rpartition("@")[2] in text.replace("@", " ").split()
    return Said.MAIL_FROM_DOMAIN_NOT_VERIFIED if "not verified" in text and ours else said
