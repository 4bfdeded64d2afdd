"""How a file is to be imported, and how far the import is."""

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class How:
    """`dry_run`: report what would be, write nothing. `prune`: remove what the file does not name."""

    dry_run: bool = False
    prune: bool = False


class Phase(StrEnum):
    READING = "reading"
    APPLYING = "applying"


@dataclass(slots=True)
class Progress:
    """How far one import is: written by the thread that imports, read by whoever waits for it.

    `done` of `of`: lines while reading, steps while applying.
    """

    lines: int = 0
    phase: Phase = field(default=Phase.READING, init=False)
    done: int = field(default=0, init=False)
    of: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.of = self.lines

    def apply(self, steps: int) -> None:
        """Reading is over; so many steps follow."""
        self.phase, self.done, self.of = Phase.APPLYING, 0, steps
