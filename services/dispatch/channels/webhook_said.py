"""What became of a call to an endpoint, and what that means for its recipient."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

from forewarn.delivery import LONGEST_WAIT, Accepted, Answer, NotReached, Refused, Unanswered

LATER = frozenset({408, 409, 425, 429})
TELLS_WHEN = frozenset({429, 503})
BUSY_WAIT = timedelta(seconds=2)


class Said(StrEnum):
    """Each is a metric label."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    LATER = "later"
    REDIRECTED = "redirected"
    BAD_URL = "bad_url"
    PRIVATE = "private"
    NOT_FOUND = "not_found"
    NOT_CONNECTED = "not_connected"
    UNREACHABLE = "unreachable"
    """Our name server or our way out could be away as well: it says nothing of the endpoint."""
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    LATE = "late"
    UNSENT = "unsent"
    """A fault of ours before the call; the log names its type."""


ANSWERS: dict[Said, Answer] = {
    Said.ACCEPTED: Accepted(),
    Said.REFUSED: Refused(transient=False),
    Said.LATER: Refused(transient=True),
    Said.REDIRECTED: Refused(transient=False),  # where to, nobody who was checked has said
    Said.BAD_URL: Refused(transient=False),
    Said.PRIVATE: Refused(transient=False),
    Said.NOT_FOUND: Refused(
        transient=True
    ),  # it is the recipient's own endpoint that is away: nobody else waits for it
    Said.NOT_CONNECTED: Refused(transient=True),
    Said.UNREACHABLE: NotReached(),
    Said.NO_ANSWER: Unanswered(),
    Said.BUSY: NotReached(BUSY_WAIT),
    Said.LATE: NotReached(),
    Said.UNSENT: NotReached(),
}


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of one call; `wait` if the endpoint said how long."""

    said: Said
    wait: timedelta | None = None

    @property
    def answer(self) -> Answer:
        answer = ANSWERS[self.said]
        return replace(answer, retry_after=self.wait) if isinstance(answer, Refused) else answer


def heard(status: int, retry_after: str | None, now: datetime) -> Heard:
    """What a status says (RFC 9110 §15). A server's fault may pass: the id lets a receiver drop a repeat."""
    if status >= 500 or status in LATER:
        return Heard(Said.LATER, wait_of(retry_after, now) if status in TELLS_WHEN else None)
    if status >= 400 or status < 200:
        return Heard(Said.REFUSED)
    return Heard(Said.ACCEPTED if status < 300 else Said.REDIRECTED)


def wait_of(retry_after: str | None, now: datetime) -> timedelta | None:
    """How long Retry-After asks to wait, in seconds or as a date (RFC 9110 §10.2.3): 5 min at most."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(text)
        return max(timedelta(0), min((at if at.tzinfo else at.replace(tzinfo=UTC)) - now, LONGEST_WAIT))
    except (ValueError, OverflowError):  # the latter of a zone or a year beyond all reckoning
        return None
