"""What the readers of the directory yield, and the lines they read it from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Generic, TypeVar

from forewarn.contracts.api import Fault

MOST_IN_A_LINE = 256 * 1024  # bytes; a longer one is a fault and never held in memory

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Entry(Generic[Kept]):
    """Something readable, and the line where it begins."""

    line: int
    value: Kept


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Something readable that the directory has no use for."""

    line: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that is not taken, of which it can be read whom or what it names.

    `unsubscribed`: the ways that it says are not wanted; they count all the same.
    """

    line: int
    reason: str
    key: str
    unsubscribed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Nothing could be read at all, and why."""

    reason: str


def lines_of(stream: BinaryIO) -> Iterator[Entry[str] | Fault]:
    """Each line as text without its ending, blank ones too; one that is no text or too long is a fault."""
    number = 0
    while piece := stream.readline(MOST_IN_A_LINE):
        number += 1
        if len(piece) == MOST_IN_A_LINE and not piece.endswith(b"\n"):
            _skip_rest_of_line(stream)
            yield Fault(line=number, reason=f"longer than {MOST_IN_A_LINE} bytes")
            continue
        try:
            yield Entry(number, piece.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n"))
        except UnicodeDecodeError as fault:
            yield Fault(line=number, reason=f"not UTF-8 at byte {fault.start + 1}")


def _skip_rest_of_line(stream: BinaryIO) -> None:
    while (piece := stream.readline(MOST_IN_A_LINE)) and not piece.endswith(b"\n"):
        pass


def first_line(stream: BinaryIO) -> Entry[str] | Unreadable:
    """The first line that is not blank; the stream stands where it stood before."""
    start = stream.tell()
    found = next((line for line in lines_of(stream) if isinstance(line, Fault) or line.value.strip()), None)
    stream.seek(start)
    match found:
        case None:
            return Unreadable("there is nothing in it")
        case Fault():
            return Unreadable(f"line {found.line}: {found.reason}")
        case Entry():
            return found
