"""The border: who may leave in which delivery mode; everybody else ends as not a guest, without a call."""

from dataclasses import dataclass

from forewarn.contracts.messages import Batch
from forewarn.mode import Mode, is_guest, stricter


@dataclass(frozen=True, slots=True)
class Border:
    """Applies the stricter of dispatch's own mode and the mode that a batch was planned in."""

    own: Mode
    guests: frozenset[str] = frozenset()

    def barred(self, batch: Batch) -> frozenset[int]:
        """Positions that may not be called. Raises ValueError for a mode that is not known: nothing leaves."""
        planned = Mode(batch.mode)
        if self.own is not Mode.SANDBOX and planned is Mode.SANDBOX:
            return frozenset(r.position for r in batch.recipients)  # none of it was meant to leave this machine
        if batch.test or (self.own is not Mode.SANDBOX and stricter(self.own, planned) is Mode.GUESTS):
            return frozenset(r.position for r in batch.recipients if not is_guest(r.address, self.guests))
        return frozenset()
