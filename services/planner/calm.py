"""Calm: an outage that may be called resolved, and the clock's word for it (T18)."""

from dataclasses import dataclass

import orjson


@dataclass(frozen=True, slots=True)
class Calm:
    """An outage that may be called resolved, as the clock saw it."""

    outage: str
    revision: int

    @property
    def event_id(self) -> str:
        """The same for the same calm, whichever clock sees it."""
        return f"settle/{self.outage}/{self.revision}"

    @property
    def body(self) -> bytes:
        """Event v1: the clock's word, which intake carries out only if the outage is still as it was."""
        event = {"event_id": self.event_id, "act": "settle", "about": self.outage, "from_revision": self.revision}
        return orjson.dumps(event)
