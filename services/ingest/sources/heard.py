"""What is known of a body before it is read: who said it, when it came, in which format."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from forewarn.contracts.event import BadEvent
from forewarn.contracts.policy import Policy
from forewarn.contracts.reports import component_key
from forewarn.signal import Report

__all__ = ["Heard", "Read", "Readers", "Rules", "component_key", "read"]


@dataclass(frozen=True, slots=True)
class Heard:
    """One body as it came in. `source` is None when only the body names it; `clock`: it is our own clock's."""

    id: str
    format: str
    body: bytes
    received_at: datetime
    source: str | None = None
    author: str | None = None
    role: str = "machine"
    person: bool = False
    clock: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What a reader may ask: the policy, and whether the directory knows a component."""

    policy: Policy
    knows: Callable[[str], bool]


Read = Callable[[Heard, Rules], tuple[Report, ...]]
Readers = Mapping[str, Read]


def read(heard: Heard, rules: Rules, readers: Readers) -> tuple[Report, ...]:
    """The reports in a body; none if it says only that its source lives. Raises BadEvent: what is wrong where."""
    reader = readers.get(heard.format)
    if reader is None:
        raise BadEvent(f"format {heard.format!r} is not known; known are: {', '.join(sorted(readers))}")
    return reader(heard, rules)
