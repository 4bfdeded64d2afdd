"""The word lists of one language, read from its YAML file and compiled once."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from forewarn.linter.finding import Code

LOCALES = ("en", "de")
"""The first one is meant where a text says nothing of its language."""
_GAP = r"(?: [^\s,;:]{1,40}){0,6}?"
"""Up to six words of the same clause; bounded, so that the cost of a text grows as its length."""
_PART = re.compile(r"[…*()|]|\[([^\]]+)\] |\{(\w+)\}|[^…*()|\[\]{}]+|.")
_DOTS = re.compile(r" ?\.\.\. ?")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Phrases:
    """Words to look for, and phrases in which they mean no harm."""

    words: re.Pattern[str]
    unless: re.Pattern[str] | None = None

    def found_in(self, text: str) -> Iterator[str]:
        """Each place where a word stands, as it is written there."""
        low = text.lower()
        shown = text if len(low) == len(text) else low
        spared = deque(each.span() for each in self.unless.finditer(low)) if self.unless else deque()
        for hit in self.words.finditer(low):
            while spared and spared[0][1] < hit.end():
                spared.popleft()
            if not (spared and spared[0][0] <= hit.start()):
                yield shown[hit.start() : hit.end()]

    def stand_in(self, text: str) -> bool:
        return next(self.found_in(text), None) is not None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What one language knows: faults by their code, signs by what they are a sign of, and lists of single words."""

    locale: str
    faults: Mapping[Code, Phrases]
    signs: Mapping[str, Phrases]
    zones: re.Pattern[str]
    known: frozenset[str]
    shouted: frozenset[str]
    ordinary: frozenset[str]
    machines: frozenset[str]


@cache
def lexicon(locale: str) -> Lexicon:
    """The lists of that locale. Raises ValueError for one that has none."""
    if locale not in LOCALES:
        raise ValueError(f"{locale!r} has no word lists; there are {', '.join(LOCALES)}")
    shared, own = _read("shared"), _read(locale)
    lists = {name: "|".join(_flat(words)) for name, words in (shared["lists"] | own["lists"]).items()}
    return Lexicon(
        locale=locale,
        faults={Code(name): _phrases(each, lists) for name, each in own["faults"].items()},
        signs={name: _phrases(each, lists) for name, each in own["signs"].items()},
        zones=_zones(shared["zones"] + own["zones"], _flat(own["signs"]["zone"]["words"]), lists),
        known=frozenset(shared["known"] + own["known"] + shared["zones"] + own["zones"]),
        shouted=frozenset(own["shouted"]),
        ordinary=frozenset(own["ordinary"]),
        machines=frozenset(shared["machines"]),
    )


def language_of(texts: Iterable[str]) -> str:
    """The locale whose everyday words stand in the texts most often."""
    words = [word.lower() for text in texts for word in _WORD.findall(text)]
    marks = {locale: frozenset(_read(locale)["marks"]) for locale in LOCALES}
    return max(LOCALES, key=lambda locale: sum(word in marks[locale] for word in words))


@cache
def _read(name: str) -> dict[str, Any]:
    found = yaml.safe_load((files("forewarn.linter") / f"{name}.yaml").read_text(encoding="utf-8"))
    return dict(found)


def _flat(entries: Iterable[str | list[str]]) -> list[str]:
    return [phrase for entry in entries for phrase in ([entry] if isinstance(entry, str) else entry)]


def _phrases(given: Mapping[str, list[str | list[str]]], lists: Mapping[str, str]) -> Phrases:
    words, unless = (_flat(given.get(name, ())) for name in ("words", "unless"))
    return Phrases(_any_of(words, lists), _any_of(unless, lists) if unless else None)


def _any_of(phrases: Iterable[str], lists: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(_pattern(phrase.lower(), lists) for phrase in phrases)})(?!\w)")


def _pattern(phrase: str, lists: Mapping[str, str]) -> str:
    """A phrase of the word lists as a regular expression; their syntax stands at the head of shared.yaml."""
    return "".join(_part(part, lists) for part in _PART.finditer(_DOTS.sub("…", phrase)))


def _part(part: re.Match[str], lists: Mapping[str, str]) -> str:
    written = part[0]
    if part[1]:
        return f"(?:(?:{_pattern(part[1], lists)}) )?"
    if part[2] == "number":
        return r"\d{1,4}"
    if part[2]:
        return f"(?:{_pattern(lists[part[2]].lower(), lists)})"
    return {"…": f"{_GAP} ", "*": r"\w{0,24}", "(": "(?:", ")": ")", "|": "|"}.get(written) or _literal(written)


def _literal(words: str) -> str:
    return re.escape(words).replace("'", "['’]").replace("\\ ", " ")


def _zones(abbreviations: Iterable[str], phrases: Iterable[str], lists: Mapping[str, str]) -> re.Pattern[str]:
    """Whatever says in which zone a time is meant."""
    names = "|".join(map(re.escape, abbreviations))
    said = "|".join(_pattern(phrase.lower(), lists) for phrase in phrases)
    return re.compile(rf"\b(?:{names})\b|\d ?[+\-−]\d\d:?\d\d\b|\dZ\b|(?i:(?<!\w)(?:{said})(?!\w))")
