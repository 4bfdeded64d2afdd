"""What SES's answer to a call says of each entry: by HTTP status, by the error's name, by its text."""

from collections.abc import Mapping
from typing import Any

import orjson

from services.dispatch.channels.ses_said import Said

_OF_THE_CALLER = (
    *("AccessDenied", "NotAuthorized", "OptInRequired", "RequestExpired", "ExpiredToken", "UnrecognizedClient"),
    *("InvalidClientTokenId", "MissingAuthenticationToken", "IncompleteSignature", "SignatureDoesNotMatch"),
    "InvalidSignature",
)
BY_NAME: Mapping[str, Said] = {
    **{name + end: Said.NOT_ALLOWED for name in _OF_THE_CALLER for end in ("", "Exception")},
    "TooManyRequestsException": Said.ACCOUNT_THROTTLED,
    "ThrottlingException": Said.ACCOUNT_THROTTLED,
    "Throttling": Said.ACCOUNT_THROTTLED,
    "LimitExceededException": Said.ACCOUNT_DAILY_QUOTA_EXCEEDED,
    "AccountSuspendedException": Said.ACCOUNT_SUSPENDED,
    "SendingPausedException": Said.ACCOUNT_SENDING_PAUSED,
    "AccountSendingPausedException": Said.ACCOUNT_SENDING_PAUSED,
    "ConfigurationSetSendingPausedException": Said.CONFIGURATION_SET_SENDING_PAUSED,
    "ConfigurationSetDoesNotExistException": Said.CONFIGURATION_SET_NOT_FOUND,
    "MailFromDomainNotVerifiedException": Said.MAIL_FROM_DOMAIN_NOT_VERIFIED,
    "NotFoundException": Said.CONFIGURATION_SET_NOT_FOUND,
    "MessageRejected": Said.BAD_REQUEST,
    "BadRequestException": Said.BAD_REQUEST,
}
"""A refusal of a whole call, by the error's name, whatever its HTTP status is."""

BY_TEXT: Mapping[str, Said] = {
    "not verified": Said.MAIL_FROM_DOMAIN_NOT_VERIFIED,
    "suspended": Said.ACCOUNT_SUSPENDED,
    "sending paused": Said.ACCOUNT_SENDING_PAUSED,
    "for this account": Said.ACCOUNT_SENDING_PAUSED,
}
"""Faults of the account that come under the names of bad content. Of an account that Amazon still keeps in its
sandbox it is the recipient who is "not verified"; that, too, says nothing of a recipient."""


def heard(status: int, named: str, body: bytes, entries: int) -> list[Said]:
    """What was said of each of the call's entries, in order. `named` is the header X-Amzn-ErrorType."""
    if status == 200:
        return _of_entries(body, entries)
    return [_of_call(status, named, body)] * entries


def _of_entries(body: bytes, entries: int) -> list[Said]:
    try:
        results = orjson.loads(body)["BulkEmailEntryResults"]
        if {result["Status"] for result in results} == {"SUCCESS"}:  # nearly always
            said = [Said.SUCCESS] * len(results)
        else:
            said = [_status(result) for result in results]
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        said = []
    return said if len(said) == entries else [Said.UNREADABLE] * entries


def _status(result: Mapping[str, Any]) -> Said:
    said = _WIRE.get(result["Status"], Said.UNREADABLE)
    return _blamed(said, result.get("Error")) if said is Said.MESSAGE_REJECTED else said


_WIRE = {said.name: said for said in list(Said)[: list(Said).index(Said.UNSENDABLE)]}


def _of_call(status: int, named: str, body: bytes) -> Said:
    name, message = _error(named, body)
    if name in BY_NAME:
        return _blamed(BY_NAME[name], message) if BY_NAME[name] is Said.BAD_REQUEST else BY_NAME[name]
    match status:
        case 429:
            return Said.ACCOUNT_THROTTLED
        case 400 | 401 | 403:  # a 400 of a name that we do not know can be anything but one person's fault
            return Said.NOT_ALLOWED
        case 413:
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


def _blamed(said: Said, message: object) -> Said:
    """`said`, unless the text names a fault of the account."""
    text = str(message).lower()
    return next((fault for words, fault in BY_TEXT.items() if words in text), said)
