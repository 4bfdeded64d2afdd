"""Send: work on one batch until every position of it has ended or must wait."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from forewarn.contracts.messages import Batch, BatchSettled, Recipient
from forewarn.delivery import (
    ACCEPTED,
    IN_AIR,
    IN_AIR_AGAIN,
    LETTERS,
    OPEN,
    UNKNOWN,
    Accepted,
    Again,
    Answer,
    Done,
    NotReached,
    next_step,
    overlay,
)
from forewarn.notice import Lane
from services.dispatch.border import Border
from services.dispatch.joint import Joint
from services.dispatch.outcome import WAIT_FOR_SNAPSHOT, Outcome, Sent, handed_on, wait_after, without_lease
from services.dispatch.ports import Connected, Marks, Provider, Refused

RENEW_SECONDS = 3
RUN_SECONDS = 30.0
"""After so long no new call is begun: what is left comes round again, and a thread is free for what is urgent."""
ON_THE_WIRE_SECONDS = 2.0
"""A call that is not on the wire this long after *begin* is not made: the lease could be another's by then."""

TAKEN = Accepted()


@dataclass(slots=True)
class _Run:
    """What one runner learns while it works, and its way to the marks."""

    marks: Joint
    began: datetime
    known: dict[int, str] = field(default_factory=dict)
    again: dict[int, Again] = field(default_factory=dict)
    first_at: datetime | None = None
    last_at: datetime | None = None
    stopped: Refused | None = None
    raised: Exception | None = None

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

    def goes_on(self, now: datetime) -> bool:
        in_time = (now - self.began).total_seconds() < RUN_SECONDS
        return in_time and self.stopped is None and self.raised is None


class Sender:
    """Works on batches of one channel. `now` is real time, `new_token` names a lease."""

    def __init__(
        self,
        marks: Marks,
        provider: Provider,
        max_attempts: int,
        now: Callable[[], datetime],
        new_token: Callable[[], str],
        border: Border,
    ) -> None:
        self._marks, self._provider, self._max_attempts = marks, provider, max_attempts
        self._border = border
        self._now, self._new_token = now, new_token

    async def send(self, batch: Batch) -> Outcome:
        """Acquire, call in the provider's own size, settle all positions of the message from the marks."""
        token, barred = self._new_token(), self._border.barred(batch)
        lease = await self._marks.acquire(batch, token)
        if isinstance(lease, Refused):
            return without_lease(lease, batch.lane)
        run = _Run(Joint(self._marks, batch, token, barred), self._now())
        keeper = asyncio.create_task(self._keep(batch, token))
        try:
            await self._work(batch, lease.letters, run)
        finally:
            keeper.cancel()
        return await self._settle(batch, token, run)

    async def _keep(self, batch: Batch, token: str) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            await self._marks.renew(batch, token)

    async def _work(self, batch: Batch, letters: str, run: _Run) -> None:
        now = run.began.timestamp()
        open_ones = [r for r in batch.recipients if letters[r.position] not in LETTERS and r.not_before <= now]
        size = self._provider.call_size
        calls = asyncio.Queue[Sequence[Recipient]]()
        for start in range(0, len(open_ones), size):
            calls.put_nowait(open_ones[start : start + size])
        connected = self._provider.prepare(batch)
        callers = min(self._provider.calls_at_once, calls.qsize())
        async with asyncio.TaskGroup() as group:
            for _ in range(callers):
                group.create_task(self._call_all(batch, connected, calls, run))

    async def _call_all(
        self, batch: Batch, connected: Connected, calls: "asyncio.Queue[Sequence[Recipient]]", run: _Run
    ) -> None:
        while not calls.empty() and run.goes_on(self._now()):
            try:
                await self._call(batch, connected, calls.get_nowait(), run)
            except Exception as fault:  # of whatever kind: the calls beside it must hear their answers
                run.raised = fault

    async def _call(self, batch: Batch, connected: Connected, recipients: Sequence[Recipient], run: _Run) -> None:
        begun = self._now()
        letters = await run.marks.begin(recipients)
        if isinstance(letters, Refused):
            run.stopped = letters
            return
        in_air = list(zip(recipients, letters, strict=True))
        if letters.strip(IN_AIR):  # not first calls to all of them
            run.known |= {r.position: letter for r, letter in in_air if letter in LETTERS}
            in_air = [(r, letter) for r, letter in in_air if letter not in LETTERS]
        if not in_air:
            return
        answers: Sequence[Answer] = [NotReached()] * len(in_air)
        if (self._now() - begun).total_seconds() <= ON_THE_WIRE_SECONDS:
            answers = await connected.call([r for r, _ in in_air])
            run.first_at = run.first_at or self._now()
            run.last_at = self._now()
        if answers.count(TAKEN) == len(in_air):  # nearly always: nothing to decide
            ended = dict.fromkeys([r.position for r, _ in in_air], ACCEPTED)
            run.known |= ended
        else:
            ended = {
                recipient.position: self._heard(batch, recipient, letter, answer, run)
                for (recipient, letter), answer in zip(in_air, answers, strict=True)
            }
        await run.marks.finish(ended)

    def _heard(self, batch: Batch, recipient: Recipient, letter: str, answer: Answer, run: _Run) -> str:
        """The letter that the answer to a call leaves; `letter` says whether it was the first or the second."""
        may_repeat = batch.lane is Lane.URGENT and letter == IN_AIR
        step = next_step(answer, recipient.tries + 1, self._max_attempts, may_repeat, batch.turn % 1000 + 1)
        match step:
            case Again():
                run.again[recipient.position] = step
                return step.letter
            case Done(final):
                if letter == IN_AIR_AGAIN and final != ACCEPTED:
                    final = UNKNOWN  # the repeat was refused, but the first call may have been accepted
                run.known[recipient.position] = final
                return final

    async def _settle(self, batch: Batch, token: str, run: _Run) -> Sent:
        letters = "".join([run.known.get(place, OPEN) for place in range(batch.size)])
        if letters.strip(ACCEPTED):  # somebody else may have learnt more
            letters = overlay(letters, await self._marks.read(batch) or OPEN * batch.size)
            letters = "".join(letter if letter in LETTERS else OPEN for letter in letters)
        open_ones = [r for r in batch.recipients if letters[r.position] == OPEN]
        waits = {r.position: run.wait_of(r, self._now()) for r in open_ones}
        wait = wait_after(run.stopped, waits.values(), batch.lane)
        left = [run.again_with(r, waits[r.position], wait, self._now()) for r in open_ones]
        rest = batch.model_copy(update={"recipients": left, "turn": batch.turn + 1})
        settled = BatchSettled(
            batch_id=batch.batch_id,
            letters=letters,
            first_at=run.first_at if ACCEPTED in letters else None,
            last_at=run.last_at if ACCEPTED in letters else None,
        )
        return Sent(settled, token, rest if left and handed_on(run.stopped) else None, wait, run.raised)
