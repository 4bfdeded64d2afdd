"""Times in a text: which stand without a zone, and whether a sentence names a moment at all."""

import re
from collections.abc import Iterator

from forewarn.linter.lexicon import Lexicon
from forewarn.linter.sentences import Sentence

_LENGTH = r"(?! ?(?:h|hrs?|hours?|min|minutes?|Std|Stunden?|Minuten?)\b)"
_CLOCK = re.compile(
    rf"(?<![\w:.,/+−-])(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?![\w:]){_LENGTH}(?: ?(?:[ap]\.?m\b\.?|Uhr\b))?"
    r"|(?<![\w:.,/])(?:1[0-2]|0?[1-9])(?:[:.][0-5]\d)? ?(?:[ap]m\b|[ap]\.m\.)"
    r"|(?<![\w:.,/])(?:[01]?\d|2[0-4])(?:[.:][0-5]\d)? Uhr\b",
    re.IGNORECASE,
)
_STAMP = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z| ?[+-]\d\d:?\d\d)?")


def without_zone(sentence: Sentence, lexicon: Lexicon) -> Iterator[str]:
    """The times of a sentence that says nowhere in which zone they are."""
    if lexicon.zones.search(sentence.words):
        return
    for time in _CLOCK.finditer(sentence.words):
        yield time[0]


def clocks(sentence: Sentence) -> int:
    """How many times of the clock stand in the sentence."""
    return sum(1 for _ in _CLOCK.finditer(sentence.words)) + sum(1 for _ in _STAMP.finditer(sentence.words))


def names_a_moment(sentence: Sentence, lexicon: Lexicon) -> bool:
    """Whether the sentence gives a time, a day, or a length of time."""
    return clocks(sentence) > 0 or lexicon.signs["when"].stand_in(sentence.words)
