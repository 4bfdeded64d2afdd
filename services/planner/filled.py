"""Filled: facts without the words that nobody filled in, so that the prepared ones stand in their place (M8)."""

from dataclasses import replace
from typing import Any

from forewarn.linter.lint import PROSE
from forewarn.linter.names import unfilled
from forewarn.outage import Facts

_WORDS = (*PROSE, "version", "signed_by")


def filled(facts: Facts) -> Facts:
    """As if what is nothing but a placeholder had never been said. Whatever holds a word of somebody's own stays."""
    gaps: dict[str, Any] = {name: None for name in _WORDS if unfilled(getattr(facts, name) or "")}
    if facts.reader_action is not None and unfilled(facts.reader_action.what):
        gaps["reader_action"] = None
    return replace(facts, **gaps) if gaps else facts
