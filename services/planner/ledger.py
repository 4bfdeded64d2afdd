"""The ledger: letters from dispatch laid over the record, whatever order they come in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from forewarn.contracts.messages import BatchSettled
from forewarn.delivery import overlay


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
