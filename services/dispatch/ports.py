"""What sending a batch needs: marks around each call, and a channel to call."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from forewarn.contracts.messages import Batch, Recipient
from forewarn.delivery import Answer
from forewarn.notice import Lane


class Refused(StrEnum):
    """Why a batch may not be worked on, or a call not be made, now."""

    NO_SNAPSHOT = "no_snapshot"
    OTHER_EPOCH = "other_epoch"
    STOPPED = "stopped"
    PAUSED = "paused"
    OLD_TURN = "old_turn"
    LEASED = "leased"
    LOST_LEASE = "lost_lease"
    NO_MARKS = "no_marks"
    NO_PERMIT = "no_permit"


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a batch, and its letters at that moment."""

    token: str
    letters: str


class Marks(Protocol):
    """A letter per position, one runner per batch (DELIVERY §3)."""

    async def acquire(self, batch: Batch, token: str) -> Lease | Refused: ...

    async def renew(self, batch: Batch, token: str) -> bool: ...

    async def begin(
        self, batch: Batch, token: str, recipients: Sequence[Recipient], barred: Collection[int] = ()
    ) -> str | Refused:
        """The letters of the recipients; in the air means: call now. Positions in `barred` end as no guests."""

    async def finish(self, batch: Batch, letters: Mapping[int, str]) -> None:
        """Write letters by position; an answer needs no lease."""

    async def read(self, batch: Batch) -> str | None: ...

    async def free(self, batch: Batch, token: str, turn: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Cap:
    """How many recipients a second an account takes, from all who call for it together."""

    account: str
    per_second: float

    @property
    def provider(self) -> str:
        """What stands before the first colon of the account, as a metric label: ses, smtp, webhook."""
        return self.account.partition(":")[0]


class Permits(Protocol):
    """Who may call now, so that an account's cap holds over all processes, and whoever is urgent goes first."""

    async def take(self, cap: Cap, lane: Lane, recipients: int, soon: int, patience: float) -> timedelta:
        """Zero: so many recipients may be called now. Else how long to stay away: `patience` (seconds) was not enough.

        `soon` of them, these included, will be asked for next; permits for them may be had in the same asking.
        """


class Connected(Protocol):
    """A provider's side of one batch: its words prepared once, many calls made."""

    async def call(self, recipients: Sequence[Recipient]) -> Sequence[Answer]:
        """One provider call; an answer per recipient, in order. Ends within 10 s."""


class Provider(Protocol):
    """One way to hand messages over. Account, cap and size are read before each call: they may change."""

    @property
    def account(self) -> str:
        """Whose cap its calls count against, as in smtp:127.0.0.1:25: all who call for it share one."""

    @property
    def cap_per_second(self) -> float | None:
        """Recipients that the provider itself takes now, as far as it says; None: it says nothing."""

    @property
    def call_size(self) -> int:
        """Recipients of one call."""

    @property
    def calls_at_once(self) -> int: ...

    def prepare(self, batch: Batch) -> Connected: ...

    async def close(self) -> None:
        """Let go of every connection; nothing is in the air any more."""
