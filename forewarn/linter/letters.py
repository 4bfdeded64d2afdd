"""What letters themselves do wrong: short forms that nobody explained, words that shout, exclamation marks."""

import re
from collections.abc import Iterator, Sequence

from forewarn.linter.finding import Code
from forewarn.linter.lexicon import Lexicon
from forewarn.linter.sentences import Sentence

_WORD = re.compile(r"[^\W_]+")
_EXPLAINED = re.compile(r"\(([A-ZÄÖÜ][A-ZÄÖÜ0-9]{1,5})s?\)|(?<![^\W_])([A-ZÄÖÜ][A-ZÄÖÜ0-9]{1,5})s? \(")
_ROMAN = re.compile(r"[IVX]{1,4}")
_MARKED = re.compile(r"\[[^\]]{0,40}\]|(?<![\w-])[A-Z][A-Z0-9]{1,9}(?:-\d{1,7}){1,2}(?![\w-])")
_PLURAL = re.compile(r"([A-ZÄÖÜ][A-ZÄÖÜ0-9]{1,5})s")
_EXCLAMATION = re.compile(r"!(?![=\w])")
_LONGEST_SHORT_FORM = 6
_SHOUTING_RUN = 3


def explained(text: str) -> frozenset[str]:
    """Short forms that the text explains: with their long form in brackets, or in brackets themselves."""
    return frozenset(first or second for first, second in _EXPLAINED.findall(text))


def letters_in(sentence: Sentence, lexicon: Lexicon, fine: frozenset[str]) -> Iterator[tuple[Code, str]]:
    """Short forms but those that are `fine`, shouted words and exclamation marks of the sentence."""
    text = _MARKED.sub("·", sentence.own)
    run: list[str] = []
    end = 0
    for hit in _WORD.finditer(text):
        word = hit[0]
        if not word.isupper() or text[end : hit.start()] != " ":
            yield from _of_run(run, lexicon, fine)
            run = []
        if plural := _PLURAL.fullmatch(word):
            yield from _of_run([plural[1]], lexicon, fine)
        elif word.isupper():
            run.append(word)
        end = hit.end()
    yield from _of_run(run, lexicon, fine)
    yield from ((Code.EXCLAMATION, hit[0]) for hit in _EXCLAMATION.finditer(sentence.own))


def _of_run(run: Sequence[str], lexicon: Lexicon, fine: frozenset[str]) -> Iterator[tuple[Code, str]]:
    """Neighbouring words in capitals: three unknown ones shout, as does a long one, or a common word."""
    strange = [word for word in run if sum(map(str.isalpha, word)) > 1 and not _known(word, lexicon, fine)]
    if len(strange) >= _SHOUTING_RUN:
        yield Code.ALL_CAPS, " ".join(strange)
        return
    for word in strange:
        loud = word.lower() in lexicon.shouted or len(word) > _LONGEST_SHORT_FORM
        yield (Code.ALL_CAPS if loud else Code.ACRONYM), word


def _known(word: str, lexicon: Lexicon, fine: frozenset[str]) -> bool:
    return word in lexicon.known or word in fine or _ROMAN.fullmatch(word) is not None
