"""What SES says to a call or to one of its entries, and what that means for a recipient: one table."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

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
    REQUEST_REFUSED = "request_refused"
    """Refused of everybody in it: it is the request that is not to SES's liking, and nobody's address."""
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
_UNSENT = Refused(transient=False, asked=False)
_WORDS_WAIT = NotReached(timedelta(seconds=30))
"""With a time of its own: SES lives and answers, so that no breaker opens for the words of one batch."""

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
    Said.UNSENDABLE: _UNSENT,
    Said.BAD_REQUEST: _NEVER,
    Said.REQUEST_REFUSED: _WORDS_WAIT,
    Said.NOT_ALLOWED: NotReached(),
    Said.NO_CREDENTIALS: NotReached(),
    Said.WRONG_PLACE: NotReached(),
    Said.UNAVAILABLE: NotReached(),
    Said.NOT_REACHED: NotReached(),
    Said.SERVER_ERROR: Unanswered(),
    Said.NO_ANSWER: Unanswered(),
    Said.UNREADABLE: Unanswered(),
}

FOR_A_PERSON = frozenset(s for s, a in ANSWERS.items() if a in (NotReached(), _WORDS_WAIT)) - {
    *(Said.UNAVAILABLE, Said.NOT_REACHED),
}
"""Faults of the account, the sender or the set-up: they say nothing of a recipient, and wait for somebody."""

REFUSALS = frozenset(s for s, a in ANSWERS.items() if a == _NEVER)
"""SES's no for good to an entry; said of everybody, it is to what they have in common."""
