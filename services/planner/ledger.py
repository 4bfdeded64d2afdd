"""The ledger: letters from dispatch laid over the record, whatever order they come in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from forewarn.contracts.messages import BatchSettled
from forewarn.delivery import IN_AIR, IN_AIR_AGAIN, OPEN, UNKNOWN, Reason, letter_of, overlay


@dataclass(frozen=True, slots=True)
class Settled:
    """What a settlement left: the outage, and whether the batch's whole window is without an open position."""

    outage_id: int
    window_settled: bool


class Outcomes(Protocol):
    def lay_over(
        self, batch_id: int, letters: str, first_at: datetime | None, last_at: datetime | None
    ) -> Settled | None:
        """Overlay under the row's lock; None for a batch that is not in the record."""


def settle(settled: BatchSettled, outcomes: Outcomes) -> Settled | None:
    """Record what dispatch says of a batch. Repeats and late copies change nothing."""
    return outcomes.lay_over(settled.batch_id, settled.letters, settled.first_at, settled.last_at)


def pulled(outcomes: str, marks: str | None) -> str:
    """The record with the marks laid over it; what is in the air stays open."""
    return overlay(outcomes, marks) if marks else outcomes


def buried(outcomes: str, marks: str | None) -> str:
    """A dead letter's last word: marks laid over, in the air becomes unknown, what is open failed(dead)."""
    last = "".join(UNKNOWN if letter in (IN_AIR, IN_AIR_AGAIN) else letter for letter in marks or outcomes)
    return pulled(outcomes, last).replace(OPEN, letter_of(Reason.DEAD))
