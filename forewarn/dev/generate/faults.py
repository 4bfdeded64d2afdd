"""Lines with something wrong in them, as they come in real files, each refused by an import for another reason."""

from collections.abc import Callable, Iterator
from random import Random

from forewarn.dev.generate.people import Row

Written = Callable[[Row], bytes]
Break = Callable[[Row, Written, str], bytes]

NEVER = 1
"""The first line stays whole: its address is what others bring a second time."""
NOBODY = "nobody-we-know"


def lines(rows: Iterator[Row], written: Written, percent: float, seed: int) -> Iterator[tuple[bytes, bool]]:
    """Each row as a line, and whether it is broken; whole lines are the same bytes whatever the percentage."""
    rng, first = Random(f"{seed} faults"), ""
    for n, row in enumerate(rows):
        first = first or row.email
        if percent and n >= NEVER and rng.random() * 100 < percent:
            yield rng.choice(BREAKS)(row, written, first), True
        else:
            yield written(row), False


def _changed(**cells: str) -> Break:
    return lambda row, written, first: written(row._replace(**cells))


def _taken(row: Row, written: Written, first: str) -> bytes:
    """The address of somebody else."""
    return written(row._replace(email=first))


def _cut(row: Row, written: Written, first: str) -> bytes:
    """The line ends in its middle, as after a full disk."""
    line = written(row)
    return line[: len(line) // 3] + b"\n"


def _other_encoding(row: Row, written: Written, first: str) -> bytes:
    """A name in Latin-1 among UTF-8."""
    return written(row._replace(name="Z?e M?ller")).replace(b"?", b"\xfc")


BREAKS: tuple[Break, ...] = (
    _changed(role="wizard"),
    _changed(email="no address at all"),
    _changed(zone="Mars/Olympus_Mons"),
    _changed(locale="klingon!"),
    _changed(quiet_from="22:00", quiet_to=""),
    _changed(id="", email=""),
    _changed(role="customer", accounts=NOBODY, components="", teams=""),
    _changed(webhook="ftp://hooks-1.example/"),
    _taken,
    _cut,
    _other_encoding,
)
