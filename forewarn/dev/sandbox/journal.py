"""A file of JSON lines that only grows: what is appended is whole, or is not there."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

import orjson

Place = tuple[int, int]
"""Where a line lies: its offset and its length, in bytes."""


class Journal:
    """One thread appends, any may read. Without a path the file has no name and dies with us.

    Appended means handed to the kernel: it survives a kill, not a power cut. Of an existing file a last line
    that was cut short is taken off.
    """

    def __init__(self, path: Path | None) -> None:
        self._file = _opened(path)
        self._end = 0

    def replay(self) -> Iterator[tuple[dict[str, Any], Place]]:
        """Every whole line from the start; must be read to its end before anything is appended."""
        with open(self._file.fileno(), "rb", closefd=False) as lines:
            lines.seek(0)
            for line in lines:
                if line.endswith(b"\n"):
                    yield orjson.loads(line), (self._end, len(line))
                    self._end += len(line)
        self._file.truncate(self._end)

    def append(self, line: bytes) -> Place:
        """Write one line, its end included; on OSError nothing of it stays behind."""
        try:
            written = self._file.write(line)
            if written != len(line):
                raise OSError(f"wrote {written} of {len(line)} bytes")
        except OSError:
            self._file.truncate(self._end)
            raise
        self._end += len(line)
        return self._end - len(line), len(line)

    def read(self, place: Place) -> dict[str, Any] | None:
        """The line there; None when the file was emptied in the meantime."""
        offset, length = place
        try:
            return cast(dict[str, Any], orjson.loads(os.pread(self._file.fileno(), length, offset)))
        except orjson.JSONDecodeError:
            return None

    def empty(self) -> None:
        self._file.truncate(0)
        self._end = 0

    def close(self) -> None:
        self._file.close()


def _opened(path: Path | None) -> BinaryIO:
    if path is None:
        return cast(BinaryIO, TemporaryFile("a+b", buffering=0))
    return cast(BinaryIO, path.open("a+b", buffering=0))
