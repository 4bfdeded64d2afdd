"""Release rules: when customers hear of what a machine says (T16)."""

import re
from dataclasses import dataclass
from datetime import timedelta

from forewarn.notice import Hold

_AFTER = re.compile(r"after ([1-9][0-9]{0,3}) ?(s|m|h) unless dismissed")
_UNITS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1)}


@dataclass(frozen=True, slots=True)
class Rule:
    """`hold` None: now. AFTER: `after` that long unless a person dismisses it. PERSON: when a person releases it."""

    hold: Hold | None = None
    after: timedelta | None = None


def rule_from(text: str) -> Rule:
    """Read `now`, `after 3m unless dismissed` (s, m, h) or `person`. Raises ValueError that names all three."""
    if text == "now":
        return Rule()
    if text == "person":
        return Rule(Hold.PERSON)
    if (found := _AFTER.fullmatch(text)) is not None:
        return Rule(Hold.AFTER, int(found[1]) * _UNITS[found[2]])
    raise ValueError("must be `now`, `person`, or like `after 3m unless dismissed`")
