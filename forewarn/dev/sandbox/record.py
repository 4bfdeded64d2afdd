"""Every accepted message as a JSON line, written before its client hears 250: true even after a kill."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, TypedDict, cast

import orjson

_Line = TypedDict(
    "_Line",
    {
        "n": int,
        "accepted_at": float,
        "connection": int,
        "from": str,
        "to": list[str],
        "raw": str,  # one character per byte (latin-1), so that a person can grep it
    },
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Who sent what to whom, when (Unix seconds), and where its line lies in the file."""

    n: int
    accepted_at: float
    connection: int
    sender: str
    recipients: tuple[str, ...]
    offset: int
    length: int


class Record:
    """An index in memory, the bodies in a file; without a path, in an unnamed one that dies with us.

    One thread writes, any may read. Written means handed to the kernel: it survives a kill, not a power cut.
    An existing file is continued, less a last line that was cut short (its client never heard 250).
    """

    def __init__(self, path: Path | None) -> None:
        self._file = _opened(path)
        self._entries: list[Entry] = []
        self._recipients: set[str] = set()
        self._end = 0
        for line, length in _whole_lines(self._file):
            self._keep(line, length)
        self._file.truncate(self._end)
        self._last = self._entries[-1].n if self._entries else 0

    def write(self, *, accepted_at: float, connection: int, sender: str, recipients: Sequence[str], raw: bytes) -> int:
        """Append one message and return its number; on OSError nothing of it stays behind."""
        n = self._last + 1
        line: _Line = {
            "n": n,
            "accepted_at": accepted_at,
            "connection": connection,
            "from": sender,
            "to": list(recipients),
            "raw": raw.decode("latin-1"),
        }
        self._append(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE), line)
        self._last = n
        return n

    def empty(self) -> None:
        """Forget every message, in the file too; numbers go on, so that a reader's `after` stays right."""
        self._file.truncate(0)
        self._entries, self._recipients, self._end = [], set(), 0

    def after(self, n: int) -> list[Entry]:
        """Those accepted after message n, oldest first."""
        entries = self._entries
        return entries[max(0, n + 1 - entries[0].n) :] if entries else []

    def newest_before(self, n: int | None) -> Iterator[Entry]:
        """Those accepted before message n (None: all), newest first."""
        entries = self._entries
        first = entries[0].n if entries else 0
        end = len(entries) if n is None else min(len(entries), n - first)
        return (entries[place] for place in range(end - 1, -1, -1))

    def find(self, n: int) -> Entry | None:
        entries = self._entries
        place = n - entries[0].n if entries else -1
        return entries[place] if 0 <= place < len(entries) else None

    def raw(self, entry: Entry) -> bytes | None:
        """The message's bytes as they came in, or None when it was emptied away in the meantime."""
        try:
            line = cast(_Line, orjson.loads(os.pread(self._file.fileno(), entry.length, entry.offset)))
        except orjson.JSONDecodeError:
            return None
        return line["raw"].encode("latin-1") if line["n"] == entry.n else None

    def accepted(self) -> int:
        return len(self._entries)

    def recipients_distinct(self) -> int:
        return len(self._recipients)

    def close(self) -> None:
        self._file.close()

    def _append(self, data: bytes, line: _Line) -> None:
        try:
            written = self._file.write(data)
            if written != len(data):
                raise OSError(f"wrote {written} of {len(data)} bytes")
        except OSError:
            self._file.truncate(self._end)
            raise
        self._keep(line, len(data))

    def _keep(self, line: _Line, length: int) -> None:
        to = tuple(line["to"])
        self._recipients.update(address.lower() for address in to)
        self._entries.append(
            Entry(line["n"], line["accepted_at"], line["connection"], line["from"], to, self._end, length)
        )
        self._end += length


def _opened(path: Path | None) -> BinaryIO:
    if path is None:
        return cast(BinaryIO, TemporaryFile("a+b", buffering=0))
    return cast(BinaryIO, path.open("a+b", buffering=0))


def _whole_lines(file: BinaryIO) -> Iterator[tuple[_Line, int]]:
    with open(file.fileno(), "rb", closefd=False) as lines:
        lines.seek(0)
        for line in lines:
            if not line.endswith(b"\n"):
                return
            yield cast(_Line, orjson.loads(line)), len(line)
