"""One runner's work on one batch: who is still to be called, and what was learnt of each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from forewarn.contracts.messages import Recipient
from forewarn.delivery import Again, backoff
from services.dispatch.joint import Joint
from services.dispatch.outcome import WAIT_FOR_SNAPSHOT, by_chance
from services.dispatch.ports import Refused

RUN_SECONDS = 30.0
"""After so long no new call is begun: what is left comes round again, and a thread is free for another batch."""


@dataclass(slots=True)
class Run:
    """What one runner learns while it works, and its way to the marks.

    `todo` is taken from the front. `chance`: see `outcome.by_chance`. `fresh`: nobody in it was tried before.
    `called`: how many, by provider and attempt. `away`: a call of it found the provider away.
    """

    marks: Joint
    began: datetime
    todo: Sequence[Recipient]
    chance: float
    barred: frozenset[int] = frozenset()
    expired: bool = False
    fresh: bool = False
    away: bool = False
    at: int = 0
    called: Counter[tuple[str, int]] = field(default_factory=Counter)
    known: dict[int, str] = field(default_factory=dict)
    again: dict[int, Again] = field(default_factory=dict)
    first_at: datetime | None = None
    last_at: datetime | None = None
    stopped: Refused | None = None
    permit_in: timedelta = timedelta(0)
    raised: Exception | None = None

    @property
    def left(self) -> int:
        """How many were not taken yet."""
        return len(self.todo) - self.at

    def take(self, most: int) -> Sequence[Recipient]:
        """The next ones to call, none at the end."""
        taken = self.todo[self.at : self.at + most]
        self.at += len(taken)
        return taken

    def to_call(self, recipients: Sequence[Recipient]) -> int:
        """How many of them a call may be for."""
        if self.expired:
            return 0
        return len(recipients) if not self.barred else sum(r.position not in self.barred for r in recipients)

    def count(self, provider: str, recipients: Sequence[Recipient]) -> None:
        """These are called now, each for the first time, the second …"""
        if self.fresh:
            self.called[provider, 1] += len(recipients)
        else:
            self.called.update((provider, recipient.tries + 1) for recipient in recipients)

    def patience(self, now: datetime) -> float:
        """Seconds in which calls may still be begun; none once something ended the run."""
        if self.stopped is not None or self.raised is not None:
            return 0.0
        return RUN_SECONDS - (now - self.began).total_seconds()

    def pause(self, attempt: int) -> timedelta:
        """How long whoever failed waits after this attempt; the same for all of this run: they stay together."""
        return by_chance(backoff(attempt), self.chance)

    def times_away(self, before: int) -> int:
        """How many runs in a row, until this one, found the provider away; one that called nobody does not know."""
        if self.away:
            return before + 1
        return before if self.last_at is None else 0

    def without_permit(self, wait: timedelta) -> None:
        """No more calls: a permit is so far away that what is left waits elsewhere."""
        if self.stopped is None:
            self.stopped, self.permit_in = Refused.NO_PERMIT, wait

    def wait_of(self, recipient: Recipient, now: datetime) -> timedelta:
        """How long this one waits: as the provider asked now or before; nobody else is waited for."""
        if (step := self.again.get(recipient.position)) is not None:
            return step.wait
        return max(WAIT_FOR_SNAPSHOT, timedelta(seconds=recipient.not_before - now.timestamp()))

    def again_with(self, recipient: Recipient, own: timedelta, wait: timedelta, now: datetime) -> Recipient:
        """The recipient as handed on with a wait that may be shorter than their own."""
        step = self.again.get(recipient.position)
        tries = recipient.tries + (step is not None and step.tried)
        return recipient._replace(tries=tries, not_before=(now + own).timestamp() if own > wait else 0.0)
