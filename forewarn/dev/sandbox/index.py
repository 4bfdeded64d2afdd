"""Where each message lies in the record file: some thirty bytes a call and eight a recipient."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from forewarn.dev.sandbox.lines import Provider

_KINDS = tuple(Provider)


class Index:
    """Rows are calls, in the order of their numbers. One thread adds, any may read.

    An address is known by its hash (64 bit, the case ignored): two different ones among a million are taken
    for one with a chance of 3 in 100 million.
    """

    def __init__(self) -> None:
        self._offset, self._length = array("q"), array("q")
        self._kind = bytearray()
        self._first_key = array("q")
        self._first = array("q")
        self._keys = array("q")
        self._distinct: set[int] = set()
        self._counted = 0
        self._accepted = dict.fromkeys(Provider, 0)

    def add(self, kind: Provider, n: int, place: tuple[int, int], recipients: Sequence[Sequence[str]]) -> None:
        """One call from number n, at `place` (offset, length) in the file."""
        offset, length = place
        self._offset.append(offset)
        self._length.append(length)
        self._kind.append(_KINDS.index(kind))
        self._first_key.append(len(self._keys))
        self._first.append(n)  # only now a reader sees the row
        self._keys.extend([hash(address.lower()) for to in recipients for address in to])
        self._accepted[kind] += len(recipients) or 1

    def row_of(self, n: int) -> int:
        """The call that number n belongs to, or the one before it; -1 before the first."""
        return bisect_right(self._first, n) - 1

    def __len__(self) -> int:
        return len(self._first)

    def place(self, row: int) -> tuple[int, int]:
        return self._offset[row], self._length[row]

    def first(self, row: int) -> int:
        return self._first[row]

    def kind(self, row: int) -> Provider:
        return _KINDS[self._kind[row]]

    def rows_to(self, address: str, start: int) -> Iterator[int]:
        """The calls from row `start` on that have a recipient of this address, in order."""
        key, at = hash(address.lower()), self._first_key[start] if start < len(self) else len(self._keys)
        while True:
            try:
                at = self._keys.index(key, at)
            except ValueError:
                return
            row = bisect_right(self._first_key, at) - 1
            yield row
            at = self._first_key[row + 1] if row + 1 < len(self) else len(self._keys)

    def accepted(self, *kinds: Provider) -> int:
        return sum(self._accepted[kind] for kind in kinds)

    def distinct(self) -> int:
        """How many addresses; the hundred bytes that it takes for each are spent on the first ask only."""
        upto = len(self._keys)
        self._distinct.update(self._keys[self._counted : upto])
        self._counted = upto
        return len(self._distinct)
