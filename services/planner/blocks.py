"""A text in light marks, read into blocks that every channel's layout can set in its own way.

The marks stand at the start of a line: `## ` a heading, `- ` an item, `[Label] ` a labelled fact, `> `
before any of these a quotation; a blank line ends a block. What people and machines state cannot make a
mark: `said` and `one_line` guard it, and carry its own line breaks in characters that no stated text may hold.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from forewarn.content import clean

BREAK, GUARD, NOTHING = "\ue002", "\ue003", "\ue004"
"""Private-use characters, which `clean` takes out of everything stated. NOTHING: a text printed a fact that is not
there."""

_ONE_LINE = 72  # characters, of a text mail
_LABELLED = re.compile(r"\[([^\]]+)\]\s+(.*)")


class Kind(StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    FACT = "fact"


@dataclass(frozen=True, slots=True)
class Block:
    """One block; an empty line among `lines` is a gap. A fact has a label."""

    kind: Kind
    lines: tuple[str, ...]
    label: str = ""
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring blocks of one kind."""

    kind: Kind
    blocks: tuple[Block, ...]

    @property
    def roomy(self) -> bool:
        """Whether any of them is too long to stand in one line, so that they need air between them."""
        return any(len(b.lines) > 1 or len(b.label) + len(b.lines[0]) > _ONE_LINE for b in self.blocks)


@dataclass(frozen=True, slots=True)
class Passage:
    """Neighbouring runs, all quoted or all not."""

    quoted: bool
    runs: tuple[Run, ...]


def said(text: str | None) -> str | None:
    """A stated text, fit to stand in a text with marks; None when nothing is left of it."""
    lines = [one_line(line) for line in (text or "").replace("\r\n", "\n").split("\n")]
    kept = re.sub(f"{BREAK}{{3,}}", BREAK * 2, BREAK.join(line.lstrip(GUARD) for line in lines)).strip(BREAK)
    return GUARD + kept if kept else None


def one_line(text: str) -> str:
    """A stated name or line, fit to stand in a text with marks."""
    return GUARD + " ".join(clean(re.sub(r"\s", " ", text)).split())


def plain(text: str) -> str:
    """One line without marks, such as a title."""
    return " ".join(text.replace(BREAK, " ").replace(GUARD, "").split())


def quoted(text: str) -> str:
    """The same marked text as a quotation."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())


def parse(text: str) -> tuple[Passage, ...]:
    """Read a marked text into passages of blocks."""
    passages = []
    for is_quoted, blocks in groupby(_blocks(text), key=lambda block: block.quoted):
        runs = tuple(Run(kind, tuple(same)) for kind, same in groupby(blocks, key=lambda block: block.kind))
        passages.append(Passage(is_quoted, runs))
    return tuple(passages)


def _blocks(text: str) -> Iterator[Block]:
    opened: Block | None = None
    for raw in text.splitlines():
        line = raw.strip()
        blank, block = not line.lstrip("> "), _opening(line)
        if opened is not None and (blank or not _continues(block, opened)):
            yield from _closed(opened)
            opened = None
        if opened is not None:
            opened = Block(opened.kind, opened.lines + block.lines, opened.label, opened.quoted)
        elif not blank:
            opened = block
    if opened is not None:
        yield from _closed(opened)


def _continues(block: Block, opened: Block) -> bool:
    return block.kind is Kind.PARAGRAPH and opened.kind is not Kind.HEADING and block.quoted is opened.quoted


def _opening(line: str) -> Block:
    is_quoted = line.startswith(">")
    while line.startswith(">"):
        line = line[1:].lstrip(" ")
    if line.startswith("## "):
        return Block(Kind.HEADING, (line[3:],), quoted=is_quoted)
    if line.startswith("- "):
        return Block(Kind.ITEM, (line[2:],), quoted=is_quoted)
    if labelled := _LABELLED.fullmatch(line):
        return Block(Kind.FACT, (labelled[2],), labelled[1], is_quoted)
    return Block(Kind.PARAGRAPH, (line,), quoted=is_quoted)


def _closed(block: Block) -> Iterator[Block]:
    """The block with its written lines joined and its stated line breaks kept, unless nothing is in it."""
    joined = " ".join(block.lines).replace(GUARD, "")
    lines = tuple(" ".join(line.split()) for line in joined.split(BREAK))
    if any(lines):
        yield Block(block.kind, lines, plain(block.label), block.quoted)
