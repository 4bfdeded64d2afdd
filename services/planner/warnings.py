"""Warnings: what the communicator of an outage is to be told now, or the next one if nobody answers (T13, T15, T16)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b

from forewarn.contracts.policy_communication import Communication
from forewarn.outage import Kind, Outage
from services.planner.communicator import Duty

NAMED = 3
"""Components that a page names; who reads it looks up the others."""


class Why(StrEnum):
    """It was handed over; a promise is due soon; readers hear nothing new; customers wait for a person."""

    HANDED = "handed"
    PROMISE = "promise"
    SILENCE = "silence"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Promise:
    """The next one of an outage that nothing in the air answers: when it was made, when it is due."""

    made_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Silence:
    """So many automatic holding notices in a row since the last news, which was notice number `serial`."""

    serial: int
    news_at: datetime
    holdings: int


@dataclass(frozen=True, slots=True)
class Handed:
    """The newest hand-over, to somebody who can be reached: by whom else; it made this revision."""

    revision: int
    author: str


@dataclass(frozen=True, slots=True)
class Watched:
    """An open outage as warnings see it. `held_since`: customers wait since then, and no person has acted since."""

    outage: Outage
    promise: Promise | None = None
    silence: Silence | None = None
    held_since: datetime | None = None
    handed: Handed | None = None


@dataclass(frozen=True, slots=True)
class Warned:
    """Something to be said once. `step` 0 is for the communicator, 1 for who comes next, and so on."""

    outage_id: int
    why: Why
    slot: str
    step: int
    text: str

    @property
    def id(self) -> str:
        """16 hex digits, the same whichever clock finds it."""
        said = "\n".join((str(self.outage_id), self.why, self.slot, str(self.step)))
        return blake2b(said.encode(), digest_size=8).hexdigest()


def warned(watched: Watched, communication: Communication, now: datetime) -> Iterator[Warned]:
    """What is to be said of this outage now; whoever asks has kept what was said already."""
    if watched.handed is not None:
        yield _handed(watched.outage, watched.handed, watched.promise)
    if watched.promise is not None:
        yield from _before(watched.outage, watched.promise, communication.warn_minutes, now)
    if watched.silence is not None:
        yield from _silent(watched.outage, watched.silence, communication.escalate_after_holdings)
    if watched.held_since is not None:
        limit = timedelta(minutes=communication.unanswered_minutes)
        yield from _unanswered(watched.outage, watched.held_since, limit, now)


def addressee(duty: Duty, step: int, reached: Sequence[str]) -> str | None:
    """Who is paged at this step: the first who can be reached, from whoever's turn it is; None: there is nobody."""
    first = (step - 1) % len(duty.others) if step and duty.others else 0
    others = duty.others[first:] + duty.others[:first]
    communicator = (duty.person,) if duty.person is not None else ()
    order = (*others, *communicator) if step else (*communicator, *others)
    return next((person for person in order if person in reached), None)


def words_to(person: str | None, warning: Warned, duty: Duty) -> str:
    """The page. Whoever mends it and speaks for it too is told so each time (T15)."""
    if person is None or person != duty.person or not duty.responder:
        return warning.text
    return f"{warning.text} You are its responder too: can somebody else speak for it?"


def _handed(outage: Outage, handed: Handed, promise: Promise | None) -> Warned:
    due = f"; readers were promised more by {_clock(promise.due_at)}" if promise else ""
    said = f"it is yours now, handed over by {handed.author}{due}"
    return _warned(outage, Why.HANDED, str(handed.revision), 0, said, "show")


def _before(outage: Outage, promise: Promise, minutes: Sequence[int], now: datetime) -> Iterator[Warned]:
    """The latest only of what is due: two at once say no more. Who has just promised is not warned of it."""
    reached = [n for n in minutes if promise.made_at <= promise.due_at - timedelta(minutes=n) <= now < promise.due_at]
    if reached:
        slot = f"{promise.due_at.isoformat()} -{min(reached)}"
        left = -(-(promise.due_at - now) // timedelta(minutes=1))
        said = f"readers were promised more by {_clock(promise.due_at)}, in {left} min, and nothing new is on its way"
        yield _warned(outage, Why.PROMISE, slot, 0, said, "update")


def _silent(outage: Outage, silence: Silence, limit: int) -> Iterator[Warned]:
    step = silence.holdings // limit
    if step:
        said = f"readers have heard nothing new since {_clock(silence.news_at)}, {silence.holdings} notices in a row"
        yield _warned(outage, Why.SILENCE, str(silence.serial), step, said, "update", "take")


def _unanswered(outage: Outage, since: datetime, limit: timedelta, now: datetime) -> Iterator[Warned]:
    """The waits double: it goes on for as long as nobody answers, and nobody is paged every few minutes for ever."""
    step = ((now - since) // limit).bit_length()
    if step:
        said = f"customers are not told since {_clock(since)}, until a person says so, and nobody has answered"
        yield _warned(outage, Why.UNANSWERED, since.isoformat(), step, said, "release", "dismiss")


def _warned(outage: Outage, why: Why, slot: str, step: int, said: str, *verbs: str) -> Warned:
    assert outage.id is not None
    names = ", ".join(list(outage.facts.components)[:NAMED])
    todo = ", or ".join(f"forewarn {outage.kind} {verb} {outage.name}" for verb in verbs)
    what = f"{outage.name} ({names})" if names else outage.name
    hint = f" {todo}" if outage.kind is not Kind.ANNOUNCEMENT else ""
    return Warned(outage.id, why, slot, step, f"{what}: {said}.{hint}")


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M} UTC"
