"""What a relay says of one message, and what that means for its recipient: one table."""

import re
from datetime import timedelta
from enum import StrEnum

from forewarn.delivery import Accepted, Answer, NotReached, Refused, Unanswered

ITS_OWN = frozenset({421, 452})
"""Of the relay's own trouble (RFC 5321 §4.2.3: it closes, its disk is full), unless an enhanced code says otherwise."""
ENHANCED = re.compile(r"4\.(\d{1,3})\.\d{1,3}\b")
MAIL_SYSTEM = "3"
"""The subject of an enhanced code (RFC 3463 §3.4): the relay itself, not a mailbox, a network or a rule."""


class Said(StrEnum):
    """Each is a metric label."""

    ACCEPTED = "accepted"
    RECIPIENT_4XX = "recipient_4xx"
    RECIPIENT_5XX = "recipient_5xx"
    RELAY_4XX = "relay_4xx"
    """No to us, to our sender or to anybody at all: it says nothing of the recipient."""
    RELAY_5XX = "relay_5xx"
    NOT_REACHED = "not_reached"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    """Our own connections are all taken."""
    UNSENDABLE = "unsendable"
    """Never sent: it would forge a header."""


def refused(code: int, text: str, at_recipient: bool) -> Said:
    """What a reply other than yes says; `at_recipient`: the recipient was named by then."""
    later = 400 <= code < 500
    if not at_recipient or (later and _its_own(code, text)):
        return Said.RELAY_4XX if later else Said.RELAY_5XX
    return Said.RECIPIENT_4XX if later else Said.RECIPIENT_5XX


def _its_own(code: int, text: str) -> bool:
    enhanced = ENHANCED.match(text.strip())
    return enhanced[1] == MAIL_SYSTEM if enhanced else code in ITS_OWN


ANSWERS: dict[Said, Answer] = {
    Said.ACCEPTED: Accepted(),
    Said.RECIPIENT_4XX: Refused(transient=True),
    Said.RECIPIENT_5XX: Refused(transient=False),
    Said.RELAY_4XX: NotReached(),
    Said.RELAY_5XX: NotReached(),
    Said.NOT_REACHED: NotReached(),
    Said.NO_ANSWER: Unanswered(),
    Said.BUSY: NotReached(timedelta(seconds=2), asked=False),
    Said.UNSENDABLE: Refused(transient=False, asked=False),
}
