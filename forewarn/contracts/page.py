"""Pages: a line to one communicator, and where planner and dispatch meet over it."""

from datetime import datetime
from enum import StrEnum

from forewarn.contracts.messages import Message

IN_AIR = "?"
"""The mark of a page whose call was begun and has no answer yet."""


class Paged(StrEnum):
    """What became of a page: someone's provider took it; none did; nobody heard; or it was not to leave."""

    ACCEPTED = "accepted"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SUPPRESSED = "suppressed"


class Page(Message):
    """Where the person is reached is no part of it: dispatch finds that in its own policy.

    `attempt` grows when it is known that the one before reached nobody; each is called once at most.
    """

    warning_id: str
    person: str
    text: str
    attempt: int = 1
    expires_at: datetime


def page_key(warning_id: str, attempt: int) -> str:
    """Where Redis has what became of an attempt: IN_AIR, else an answer, then a space and the error if there is one."""
    return f"forewarn:page:{warning_id}:{attempt}"


def answer_said(paged: Paged, error: str | None = None) -> str:
    return f"{paged} {error}" if error else str(paged)


def answer_heard(mark: str) -> tuple[Paged, str | None]:
    """Read what `answer_said` wrote."""
    paged, _, error = mark.partition(" ")
    return Paged(paged), error or None
