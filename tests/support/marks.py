"""Marks in memory; passes the same suite as the real ones in Redis (tests/services/dispatch/test_marks.py)."""

from collections.abc import Callable, Collection, Container, Mapping, Sequence
from datetime import UTC, datetime

from forewarn.contracts.messages import Batch, Recipient
from forewarn.contracts.names import paused_words, stopped_word
from forewarn.delivery import ACCEPTED, IN_AIR, IN_AIR_AGAIN, OPEN, UNKNOWN, Reason, letter_of
from forewarn.notice import Lane
from services.dispatch.ports import Lease, Refused


class FakeMarks:
    """See `services.dispatch.ports.Marks`; what a clock, time and a power cut do has methods of its own."""

    def __init__(self) -> None:
        self.epoch: str | None = None
        self.suppressed: Mapping[str, str] = {}
        self.paused: Collection[str] = ()
        self.stopped: Collection[str] = ()
        self.before_begin: Callable[[], None] = lambda: None
        self._letters: dict[int, list[str]] = {}
        self._leases: dict[int, str] = {}
        self._turns: dict[int, tuple[str, int]] = {}  # with the epoch that it counts in

    # -- what others do ----------------------------------------------------------------------------
    def snapshot(
        self,
        epoch: str,
        suppressed: Mapping[str, str] | None = None,
        paused: Collection[str] = (),
        stopped: Collection[str] = (),
    ) -> None:
        """The clock writes a control snapshot."""
        self.epoch, self.suppressed, self.paused, self.stopped = epoch, suppressed or {}, paused, stopped

    def lapse(self, batch: Batch) -> None:
        """Ten seconds pass without a renewal."""
        self._leases.pop(batch.batch_id, None)

    def flush(self) -> None:
        """All data is lost."""
        self.epoch, self.suppressed, self.paused, self.stopped = None, {}, (), ()
        for kept in (self._letters, self._leases, self._turns):
            kept.clear()

    def peek(self, batch: Batch) -> str:
        """The letters, without asking through the port."""
        return "".join(self._letters.get(batch.batch_id, ()))

    # -- the port ----------------------------------------------------------------------------------
    async def acquire(self, batch: Batch, token: str) -> Lease | Refused:
        key = batch.batch_id
        if (refused := self._no_control(batch)) is not None:
            return refused
        if batch.turn < self._turn(batch):
            return Refused.OLD_TURN
        if self._paused(batch):
            self._turns[key] = batch.epoch, batch.turn
            return Refused.PAUSED
        if key in self._leases:
            return Refused.LEASED
        self._turns[key], self._leases[key] = (batch.epoch, batch.turn), token
        return Lease(token, "".join(self._letters.setdefault(key, [OPEN] * batch.size)))

    async def renew(self, batch: Batch, token: str) -> bool:
        return self._leases.get(batch.batch_id) == token

    async def begin(
        self, batch: Batch, token: str, recipients: Sequence[Recipient], barred: Container[int] = ()
    ) -> str | Refused:
        self.before_begin()
        if self._leases.get(batch.batch_id) != token:
            return Refused.LOST_LEASE
        if (refused := self._no_control(batch)) is not None:
            return refused
        if self._paused(batch):
            return Refused.PAUSED
        letters = self._letters[batch.batch_id]
        for recipient in recipients:
            place = recipient.position
            letters[place] = self._begun(letters[place], batch, recipient, place in barred)
        return "".join(letters[recipient.position] for recipient in recipients)

    async def finish(self, batch: Batch, letters: Mapping[int, str]) -> None:
        kept = self._letters.get(batch.batch_id)
        for place, letter in letters.items() if kept else ():
            assert kept is not None
            was = kept[place]
            if was == IN_AIR_AGAIN and letter == OPEN:
                kept[place] = IN_AIR
            elif was in (IN_AIR, IN_AIR_AGAIN) or (was == UNKNOWN and letter == ACCEPTED):
                kept[place] = letter

    async def read(self, batch: Batch) -> str | None:
        letters = self._letters.get(batch.batch_id)
        return None if letters is None else "".join(letters)

    async def free(self, batch: Batch, token: str, turn: int) -> None:
        if self._leases.get(batch.batch_id) == token:
            self._turns[batch.batch_id] = batch.epoch, max(turn, self._turn(batch))
            del self._leases[batch.batch_id]

    def _no_control(self, batch: Batch) -> Refused | None:
        if self.epoch is None:
            return Refused.NO_SNAPSHOT
        if self.epoch != batch.epoch:
            return Refused.OTHER_EPOCH
        return Refused.STOPPED if stopped_word(batch.notice_id, batch.channel) in self.stopped else None

    def _paused(self, batch: Batch) -> bool:
        return any(word in self.paused for word in paused_words(batch.channel, batch.outage))

    def _turn(self, batch: Batch) -> int:
        epoch, turn = self._turns.get(batch.batch_id, (batch.epoch, 0))
        return turn if epoch == batch.epoch else 0

    def _begun(self, letter: str, batch: Batch, recipient: Recipient, barred: bool) -> str:
        expired = datetime.now(UTC) >= batch.expires_at
        if letter == OPEN:
            if suppressed := self.suppressed.get(f"{batch.channel}:{recipient.subscriber_id}"):
                return suppressed
            if barred:
                return letter_of(Reason.NOT_A_GUEST)
            return letter_of(Reason.EXPIRED) if expired else IN_AIR
        if letter == IN_AIR:
            return IN_AIR_AGAIN if batch.lane is Lane.URGENT and not expired and not barred else UNKNOWN
        return UNKNOWN if letter == IN_AIR_AGAIN else letter
