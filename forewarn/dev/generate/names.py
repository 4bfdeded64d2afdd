"""Names of people and of companies."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

import yaml

_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "'": "", "’": ""})


@dataclass(frozen=True, slots=True)
class Name:
    """One part of a name, as it is written and as it stands in an address."""

    written: str
    plain: str


@dataclass(frozen=True, slots=True)
class Names:
    """The given and family names of a language, and whether the family comes first."""

    given: tuple[Name, ...]
    family: tuple[Name, ...]
    family_first: bool


@cache
def names() -> dict[str, Names]:
    """By language; every list is as long as every other, so that one number picks a name in any."""
    read = _read()
    return {
        locale: Names(_parsed(read["given"][locale]), _parsed(read["family"][locale]), locale == "ja")
        for locale in read["given"]
    }


def company(number: int) -> tuple[str, str]:
    """Key and name of the company with this number, each different."""
    first, second = _read()["company"]["first"], _read()["company"]["second"]
    again, place = divmod(number, len(first) * len(second))
    here = first[place % len(first)], second[(place + place // len(first)) % len(second)]
    # The lists' lengths are no multiples of each other's: place // 40 runs through all 30 for each of the first.
    key = "-".join(here).lower() + (f"-{again + 1}" if again else "")
    return key, " ".join(here) + (f" {again + 1}" if again else "")


@cache
def _read() -> Any:
    return yaml.safe_load(Path(__file__).with_name("names.yaml").read_text())


def _parsed(entries: list[str]) -> tuple[Name, ...]:
    return tuple(Name(written, plain or _plain(written)) for written, _, plain in (e.partition(" ") for e in entries))


def _plain(written: str) -> str:
    spelled = written.lower().translate(_SPELLED)
    return normalize("NFKD", spelled).encode("ascii", "ignore").decode()
