"""A text cut into sentences, each with its line, and with what no rule about words may judge taken out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_END = re.compile(
    r"(?<=[^\W\d_]{2}[.!?])\s+"  # after a word of two letters: not after "z. B." and "22. November"
    r"|(?<=[:.]\d\d[.!?])\s+|(?<=\d\d\d[.!?])\s+"
    r"|(?<=[)\]\"”“»’'…][.!?])\s+|(?<=[.!?][)\"”“»])\s+"
    r"|\n[^\S\n]*\n\s*|\n(?=[^\S\n]*(?:[-*•—–>#\[]|\d\d?\. ))"
)
_LINK = re.compile(r"https?://[^\s<>]{1,2000}|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_DOMAIN = re.compile(r"(?<![\w.-])(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}\b")
_QUOTED = re.compile(
    r"`[^`\n]{1,80}`|\"[^\"\n]{1,80}\"|“[^”\n]{1,80}”|„[^“”\n]{1,80}[“”]|»[^«\n]{1,80}«|«[^»\n]{1,80}»|‘[^’\n]{1,80}’"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text`: on one line, as written. `words`: without links and addresses. `own`: also without quotations.

    What stands in quotation marks may be what readers see on their screen, word for word.
    """

    text: str
    words: str
    own: str
    line: int


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text in their order; lines count from 1. A quotation never ends one."""
    own = _QUOTED.sub(lambda quotation: "·" * len(quotation[0]), text)
    start, line = 0, 1
    for end in _END.finditer(own):
        yield from _sentence(text, own, slice(start, end.start()), line)
        line += text.count("\n", start, end.end())
        start = end.end()
    yield from _sentence(text, own, slice(start, None), line)


def _sentence(text: str, own: str, part: slice, line: int) -> Iterator[Sentence]:
    written = " ".join(text[part].split())
    if written:
        yield Sentence(written, _without_links(written), _without_links(" ".join(own[part].split())), line)


def _without_links(text: str) -> str:
    return _DOMAIN.sub("·", _LINK.sub("·", text))
