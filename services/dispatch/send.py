"""Send: work on one batch until every position of it has ended or must wait."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from math import ceil

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
from services.dispatch.admission import Admission
from services.dispatch.border import Border
from services.dispatch.joint import Joint
from services.dispatch.outcome import Outcome, Sent, handed_on, wait_after, without_lease
from services.dispatch.ports import Cap, Connected, Marks, Provider, Refused
from services.dispatch.run import Run

RENEW_SECONDS = 3
ON_THE_WIRE_SECONDS = 2.0
"""A call that is not on the wire this long after *begin* is not made: the lease could be another's by then."""

TAKEN, AWAY = Accepted(), NotReached()

InAir = Sequence[tuple[Recipient, str]]
"""Whom a call is for, each with the letter that its begin left."""


class Sender:
    """Works on batches of one channel. `now` is real time, `new_token` names a lease."""

    def __init__(
        self,
        marks: Marks,
        provider: Provider,
        admission: Admission,
        max_attempts: int,
        now: Callable[[], datetime],
        new_token: Callable[[], str],
        border: Border,
        chance: Callable[[], float],
    ) -> None:
        """`chance` draws from 0 to 1; see `outcome.by_chance`."""
        self._marks, self._provider, self._admission = marks, provider, admission
        self._max_attempts, self._border = max_attempts, border
        self._now, self._new_token, self._chance = now, new_token, chance
        self._closing = False

    def close(self) -> None:
        """No call begins any more: this process ends, and what is left of its batches is handed on."""
        self._closing = True

    async def send(self, batch: Batch) -> Outcome:
        """Acquire, call in the provider's own size, settle all positions of the message from the marks."""
        token, barred = self._new_token(), self._border.barred(batch)
        lease, began = await self._marks.acquire(batch, token), self._now()
        expired = began >= batch.expires_at
        if isinstance(lease, Refused):
            return without_lease(lease, batch.lane, expired)
        joint, todo = Joint(self._marks, batch, token, barred), _due(batch, lease.letters, began)
        run = Run(joint, began, todo, self._chance(), barred, expired, fresh=not batch.turn % 1000)
        keeper = asyncio.create_task(self._keep(batch, token))
        try:
            await self._work(batch, run)
        finally:
            keeper.cancel()
        return await self._settle(batch, token, run)

    async def _keep(self, batch: Batch, token: str) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            await self._marks.renew(batch, token)

    async def _work(self, batch: Batch, run: Run) -> None:
        connected, admission = self._provider.prepare(batch), self._admission
        callers = min(self._provider.calls_at_once, ceil(run.left / admission.call_size(admission.cap)))
        async with asyncio.TaskGroup() as group:
            for _ in range(callers):
                group.create_task(self._call_all(batch, connected, run))

    async def _call_all(self, batch: Batch, connected: Connected, run: Run) -> None:
        while run.left and not self._closing and (patience := run.patience(self._now())) > 0:
            try:
                await self._call(batch, connected, run, patience)
            except Exception as fault:  # of whatever kind: the calls beside it must hear their answers
                run.raised = fault

    async def _call(self, batch: Batch, connected: Connected, run: Run, patience: float) -> None:
        cap = self._admission.cap
        recipients = run.take(self._admission.call_size(cap))
        to_call = run.to_call(recipients)
        async with self._admission.connection(batch.lane):
            if wait := await self._admission.permit(cap, batch.lane, to_call, to_call + run.left, patience):
                run.without_permit(wait)
                return
            if self._closing:  # it came while this call waited for its connection or its permit
                return
            in_air, answers = await self._called(batch, connected, cap, recipients, run)
        if in_air:
            await run.marks.finish(self._endings(batch, in_air, answers, run))

    async def _called(
        self, batch: Batch, connected: Connected, cap: Cap, recipients: Sequence[Recipient], run: Run
    ) -> tuple[InAir, Sequence[Answer]]:
        """Mark them as in the air, and call those who may be called; what was answered to each."""
        begun = self._now()
        letters = await run.marks.begin(recipients)
        if isinstance(letters, Refused):
            run.stopped = letters
            return [], []
        in_air = list(zip(recipients, letters, strict=True))
        if letters.strip(IN_AIR):  # not first calls to all of them
            run.known |= {r.position: letter for r, letter in in_air if letter in LETTERS}
            in_air = [(r, letter) for r, letter in in_air if letter not in LETTERS]
        if not in_air or (self._now() - begun).total_seconds() > ON_THE_WIRE_SECONDS:
            return in_air, [NotReached()] * len(in_air)
        called = [recipient for recipient, _ in in_air]
        run.count(cap.provider, called)
        answers = await connected.call(called)
        run.last_at = self._now()
        run.first_at = run.first_at or run.last_at
        return in_air, answers

    def _endings(self, batch: Batch, in_air: InAir, answers: Sequence[Answer], run: Run) -> dict[int, str]:
        """The letters that the answers to one call leave."""
        if answers.count(TAKEN) == len(in_air):  # nearly always: nothing to decide
            ended = dict.fromkeys([r.position for r, _ in in_air], ACCEPTED)
            run.known |= ended
            return ended
        return {
            recipient.position: self._heard(batch, recipient, letter, answer, run)
            for (recipient, letter), answer in zip(in_air, answers, strict=True)
        }

    def _heard(self, batch: Batch, recipient: Recipient, letter: str, answer: Answer, run: Run) -> str:
        """The letter that the answer to a call leaves; `letter` says whether it was the first or the second."""
        may_repeat = batch.lane is Lane.URGENT and letter == IN_AIR
        run.away = run.away or answer == AWAY
        attempt, rounds = recipient.tries + 1, batch.away + 1
        match step := next_step(answer, attempt, self._max_attempts, may_repeat, rounds, run.pause):
            case Again():
                run.again[recipient.position] = step
                return step.letter
            case Done(final):
                if letter == IN_AIR_AGAIN and final != ACCEPTED:
                    final = UNKNOWN  # the repeat was refused, but the first call may have been accepted
                run.known[recipient.position] = final
                return final

    async def _settle(self, batch: Batch, token: str, run: Run) -> Sent:
        letters = "".join([run.known.get(place, OPEN) for place in range(batch.size)])
        if letters.strip(ACCEPTED):  # somebody else may have learnt more
            letters = overlay(letters, await self._marks.read(batch) or OPEN * batch.size)
            letters = "".join(letter if letter in LETTERS else OPEN for letter in letters)
        open_ones = [r for r in batch.recipients if letters[r.position] == OPEN]
        waits = {r.position: run.wait_of(r, self._now()) for r in open_ones}
        wait = max(wait_after(run.stopped, waits.values(), batch.lane), run.permit_in)
        left = [run.again_with(r, waits[r.position], wait, self._now()) for r in open_ones]
        settled = BatchSettled(
            batch_id=batch.batch_id,
            letters=letters,
            first_at=run.first_at if ACCEPTED in letters else None,
            last_at=run.last_at if ACCEPTED in letters else None,
        )
        rest = None
        if left and handed_on(run.stopped):
            rest = batch.model_copy(
                update={"recipients": left, "turn": batch.turn + 1, "away": run.times_away(batch.away)}
            )
        return Sent(settled, token, rest, wait, run.raised, run.called)


def _due(batch: Batch, letters: str, now: datetime) -> Sequence[Recipient]:
    """Who has not ended, and need not wait longer."""
    moment = now.timestamp()
    return [r for r in batch.recipients if letters[r.position] not in LETTERS and r.not_before <= moment]
