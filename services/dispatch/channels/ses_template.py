"""Texts with slots as templates of SES: each slot a tag, and nothing else that could be read as one.

SES puts values in place of `{{name}}`, once, and escapes nothing (developer guide, inline templates).
"""

import re
from collections.abc import Mapping

from forewarn.content import CLOSING, OPENING, Words, slot

_BRACES = re.compile(r"[{}\\]+")


class Templates:
    """The templates of one batch. `braces` are values, by name, that they need besides those of their slots."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    @property
    def braces(self) -> dict[str, str]:
        return {name: run for run, name in self._names.items()}

    def of(self, text: str, renamed: Mapping[str, str] | None = None) -> tuple[str, frozenset[str]]:
        """The template and the names of its slots; a tag has its slot's name, or what `renamed` has for it.

        Braces and backslashes that make a tag, or touch one, become the value of a tag of their own.
        """

        def tagged(run: re.Match[str]) -> str:
            before, after = text[max(run.start() - 1, 0) : run.start()], text[run.end() : run.end() + 1]
            harmless = "{{" not in run[0] and "}}" not in run[0] and before != CLOSING and after != OPENING
            return run[0] if harmless else slot(self._names.setdefault(run[0], f"braces{len(self._names)}"))

        tags = _Tags(renamed or {})
        return Words(_BRACES.sub(tagged, text)).fill(tags), frozenset(tags)


class _Tags(dict[str, str]):
    """The tag of each slot that is asked for; its keys are what was asked for."""

    def __init__(self, renamed: Mapping[str, str]) -> None:
        self._renamed = renamed

    def __missing__(self, name: str) -> str:
        self[name] = f"{{{{{self._renamed.get(name, name)}}}}}"
        return self[name]
