"""Unfit: what makes a text of the house's own give way to the prepared one, for the facts of one notice."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from forewarn.content import Content
from services.planner.blocks import NOTHING
from services.planner.payload import words_of

_LEFTOVER = re.compile(rf"\{{\{{|\}}\}}|\{{%|%\}}|{NOTHING}")


class Why(StrEnum):
    """`raised`: it cannot be rendered. `empty`: not a word came of it. `leftover`: readers would see its braces, or a
    fact that nobody stated."""

    RAISED = "raised"
    EMPTY = "empty"
    LEFTOVER = "leftover"


@dataclass(frozen=True, slots=True)
class GaveWay:
    """Which text gave way, by its name and where known its line. `error` is a type: its words may hold a fact."""

    text: str
    why: Why
    line: int | None = None
    error: str | None = None


def leftovers(content: Content) -> Collection[str]:
    """What no reader should see. Of HTML and JSON only the words: braces are part of their own language."""
    hidden = {NOTHING} if NOTHING in content.html + content.payload else set()
    return hidden.union(*(_LEFTOVER.findall(words) for words in words_of(content)))
