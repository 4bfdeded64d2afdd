"""How a recipient can end: outcomes, their reasons, their letters, and what follows an attempt."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from operator import add
from typing import assert_never


class State(StrEnum):
    """The final states; planned is always their sum once a notice is accounted."""

    ACCEPTED = "accepted"
    SUPPRESSED = "suppressed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    MOVED = "moved"


class Reason(StrEnum):
    """Every named way to end that is not plain acceptance; each is a metric label."""

    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    ERASED = "erased"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    NOT_A_GUEST = "not_a_guest"
    REJECTED = "rejected"
    ATTEMPTS_SPENT = "attempts_spent"
    DEAD = "dead"
    NO_ANSWER = "no_answer"


OPEN = "."
IN_AIR = "?"
IN_AIR_AGAIN = "!"
ACCEPTED = "a"
UNKNOWN = "u"
MOVED = "m"

LETTERS: dict[str, tuple[State, Reason | None]] = {
    ACCEPTED: (State.ACCEPTED, None),
    UNKNOWN: (State.UNKNOWN, Reason.NO_ANSWER),
    MOVED: (State.MOVED, None),
    "S": (State.SUPPRESSED, Reason.UNSUBSCRIBED),
    "B": (State.SUPPRESSED, Reason.BOUNCED),
    "E": (State.SUPPRESSED, Reason.ERASED),
    "X": (State.SUPPRESSED, Reason.EXPIRED),
    "P": (State.SUPPRESSED, Reason.SUPERSEDED),
    "W": (State.SUPPRESSED, Reason.WITHDRAWN),
    "C": (State.SUPPRESSED, Reason.CANCELLED),
    "G": (State.SUPPRESSED, Reason.NOT_A_GUEST),
    "R": (State.FAILED, Reason.REJECTED),
    "T": (State.FAILED, Reason.ATTEMPTS_SPENT),
    "D": (State.FAILED, Reason.DEAD),
}
"""The one table of final letters, the same in PostgreSQL's `outcomes` and in the marks in Redis."""

TOLD = ACCEPTED + UNKNOWN
"""Whoever ended in one of these is told (DESIGN, words: told)."""


def letter_of(reason: Reason) -> str:
    """The letter that stands for a reason."""
    return next(letter for letter, (_, named) in LETTERS.items() if named is reason)


def overlay(kept: str, news: str) -> str:
    """Lay news over what is recorded: open takes the news, unknown becomes accepted, all else stays.

    Both strings have one letter per position. Idempotent and free of order: a repeat changes nothing.
    """
    if len(kept) != len(news):
        raise ValueError(f"{len(news)} letters cannot be laid over {len(kept)}")
    return "".join(map(_LAID.__getitem__, map(add, kept, news)))


class _Laid(dict[str, str]):
    """For two letters, what stays once the second is laid over the first; each is thought out once."""

    def __missing__(self, pair: str) -> str:
        self[pair] = _laid(*pair)
        return self[pair]


_LAID = _Laid()


def _laid(old: str, new: str) -> str:
    if new not in LETTERS:  # still open, or in the air: no news
        return old
    if old == OPEN or (old == UNKNOWN and new == ACCEPTED):
        return new
    return old


@dataclass(frozen=True, slots=True)
class Tally:
    """How many recipients of something are where; `accounted` when nobody is open."""

    planned: int
    accepted: int = 0
    suppressed: int = 0
    failed: int = 0
    unknown: int = 0
    moved: int = 0

    @property
    def open(self) -> int:
        return self.planned - self.accepted - self.suppressed - self.failed - self.unknown - self.moved

    @property
    def accounted(self) -> float:
        """Share of the planned with a final letter, 0 to 1; 1 when nobody was planned."""
        return 1.0 if not self.planned else 1 - self.open / self.planned


def tally(outcomes: str) -> Tally:
    """Count the letters of one or many batches."""
    states: Counter[State] = Counter()
    for letter, (state, _) in LETTERS.items():  # for a million letters ten times as fast as a Counter of them
        states[state] += outcomes.count(letter)
    return Tally(len(outcomes), **{state.value: states[state] for state in State})


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the message over."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider answered no; `transient` says whether it may say yes later."""

    transient: bool
    retry_after: timedelta | None = None
    asked: bool = True
    """False: it was not the provider that said so, nobody asked it; so it says nothing of the provider."""


@dataclass(frozen=True, slots=True)
class NotReached:
    """No answer about the recipient: nothing went over the wire, or the provider took nothing from us.

    `retry_after`: when the provider said how long, or throttles us; costs no attempt.
    """

    retry_after: timedelta | None = None
    asked: bool = True
    """As in `Refused`."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The message was on the wire and no answer came: it may have been accepted."""


Answer = Accepted | Refused | NotReached | Unanswered


@dataclass(frozen=True, slots=True)
class Done:
    """The position ends with this letter."""

    letter: str


@dataclass(frozen=True, slots=True)
class Again:
    """The position is tried again, not before the wait is over. `tried` says whether it cost an attempt."""

    wait: timedelta
    letter: str = OPEN
    tried: bool = True


Step = Done | Again

LONGEST_WAIT = timedelta(minutes=5)
LONGEST_AWAY = timedelta(minutes=1)
"""Between two looks at a provider that takes nothing: once it does, nobody should wait much longer."""


def backoff(attempt: int) -> timedelta:
    """2 s, 4 s, 8 s … up to 5 min after attempt 1, 2, 3 …"""
    return min(timedelta(seconds=2 ** min(attempt, 12)), LONGEST_WAIT)


def next_step(
    answer: Answer,
    attempt: int,
    max_attempts: int,
    may_repeat: bool,
    rounds: int = 1,
    pause: Callable[[int], timedelta] = backoff,
) -> Step:
    """Decide what follows the given attempt (the first is 1); `rounds` counts those in a row that found it away.

    `pause`: how long to wait after so many; where the provider asked for longer, that counts.
    `may_repeat` says whether a call whose answer never came may be made once more (DELIVERY: urgent
    lane, first call only); its mark then stays in the air, and the next runner sees it.
    """
    match answer:
        case Accepted():
            return Done(ACCEPTED)
        case Unanswered():
            return Again(timedelta(seconds=2), IN_AIR) if may_repeat else Done(UNKNOWN)
        case Refused(transient=False):
            return Done(letter_of(Reason.REJECTED))
        case NotReached(wait):
            return Again(
                min(pause(rounds), LONGEST_AWAY) if wait is None else wait, tried=False
            )  # a provider that is away ends nobody: expiry does
        case Refused() if attempt >= max_attempts:
            return Done(letter_of(Reason.ATTEMPTS_SPENT))
        case Refused(retry_after=wait) if wait is not None:
            return Again(max(wait, pause(attempt)))  # "at once" five times over would be one attempt
        case Refused():
            return Again(pause(attempt))
        case _:
            assert_never(answer)
