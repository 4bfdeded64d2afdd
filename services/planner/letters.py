"""Setting blocks for the eye: lines that are wrapped, links that can be followed."""

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

from forewarn.content import CLOSING, OPENING

WIDTH = 76
"""Columns of a text mail."""
_SLOT = re.compile(f"{OPENING}[a-z0-9_]+{CLOSING}")
_SLOT_WIDTH = 20
"""Columns reckoned for a slot, as in "at 14:02 CET (UTC+1)"."""
_LONGEST_WORD = 160
"""Characters; a longer word is broken: escaped, it stays below SMTP's 998 octets a line (RFC 5322 2.1.1)."""
_PIECE = re.compile(rf"[^\s\ue000-\uf8ff]{{{_LONGEST_WORD}}}")
_LINK = re.compile(r"(https?://[^\s<>\"\ue000-\uf8ff]{1,200})(?=\s|$)|([\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)")
_AFTER_LINK = ".,;:!?)'"


def wrapped(line: str, first: str = "", rest: str = "", columns: int = WIDTH) -> str:
    """The line in lines of so many columns; a link is never broken. `first`, `rest` go before."""
    return "\n".join(_lines(line, first, rest, columns))


def _lines(line: str, first: str, rest: str, columns: int) -> Iterator[str]:
    head, used = first, len(first)
    row: list[str] = []
    for word in _unbroken(line):
        width = len(_SLOT.sub("." * _SLOT_WIDTH, word))
        if row and used + width > columns:
            yield head + " ".join(row)
            head, row, used = rest, [], len(rest)
        row.append(word)
        used += width + 1
    yield (head + " ".join(row)).rstrip()


def _unbroken(line: str) -> list[str]:
    """The words, the overlong ones in pieces; links are left whole."""
    words = (word if _LINK.fullmatch(word) else _PIECE.sub(r"\g<0> ", word) for word in line.split())
    return " ".join(words).split()


def linked(line: str) -> Markup:
    """The line as HTML, escaped, its web and mail addresses as links, in source lines short enough for mail."""
    return Markup("\n").join(map(_with_links, wrapped(line).split("\n")))


def _with_links(row: str) -> Markup:
    out, here = Markup(), 0
    for found in _LINK.finditer(row):
        address = found[0].rstrip(_AFTER_LINK)
        href = address if found[1] else f"mailto:{address}"
        out += escape(row[here : found.start()]) + Markup('<a\nhref="{}"\n>{}</a>').format(href, address)
        here = found.start() + len(address)
    return out + escape(row[here:])
