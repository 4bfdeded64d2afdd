"""The word lists: every entry can be read, means what its syntax says, and finds itself."""

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

import pytest
import yaml

from forewarn.linter.finding import Code
from forewarn.linter.lexicon import LOCALES, lexicon

GROUP = re.compile(r"\(([^()]*)\)")


def lists_of(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((files("forewarn.linter") / f"{name}.yaml").read_text(encoding="utf-8")))


def flat(entries: list[str | list[str]]) -> list[str]:
    return [phrase for entry in entries for phrase in ([entry] if isinstance(entry, str) else entry)]


def example(phrase: str, lists: Mapping[str, list[str | list[str]]]) -> str:
    """The shortest text that the phrase describes: first choices, nothing that is optional, one word for a gap."""
    phrase = phrase.replace("{number}", "7")
    while named := re.search(r"\{(\w+)\}", phrase):
        phrase = phrase.replace(named[0], f"({flat(lists[named[1]])[0]})", 1)
    phrase = re.sub(r"\[[^\]]+\] ", "", phrase)
    while group := GROUP.search(phrase):
        phrase = phrase.replace(group[0], group[1].partition("|")[0], 1)
    return phrase.replace("...", "meanwhile").replace("*", "")


def phrases() -> Iterator[Any]:
    shared = lists_of("shared")["lists"]
    for locale in LOCALES:
        own = lists_of(locale)
        for part in ("faults", "signs"):
            for name, given in own[part].items():
                for phrase in flat(given["words"]):
                    said = example(phrase, shared | own["lists"])
                    yield pytest.param(locale, part, name, said, id=f"{locale} {name}: {said}")


@pytest.mark.parametrize(("locale", "part", "name", "said"), [*phrases()])
def test_every_phrase_finds_itself(locale: str, part: str, name: str, said: str) -> None:
    lists = lexicon(locale)
    found = lists.faults[Code(name)] if part == "faults" else lists.signs[name]

    assert found.words.search(f"and {said} then") is not None


@pytest.mark.parametrize("name", ["shared", *LOCALES])
def test_every_entry_is_text(name: str) -> None:
    def leaves(value: Any) -> Iterator[Any]:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
        if inner is None:
            yield value
        else:
            for each in inner:
                yield from leaves(each)

    assert [each for each in leaves(lists_of(name)) if not isinstance(each, str)] == []


def test_every_locale_knows_the_same_faults_and_signs() -> None:
    one, other = (lexicon(locale) for locale in LOCALES)

    assert (one.faults.keys(), one.signs.keys()) == (other.faults.keys(), other.signs.keys())


def test_an_optional_word_before_a_gap_would_never_match() -> None:
    text = "".join((files("forewarn.linter") / f"{name}.yaml").read_text(encoding="utf-8") for name in LOCALES)

    assert re.findall(r".*\] \.\.\..*", text) == []
