"""Leads: how long before planned work somebody is told, as a policy spells it."""

import re
from dataclasses import dataclass
from enum import StrEnum

_SPELLED = re.compile(r"([1-9][0-9]{0,3})(bd|min|h|w|mo|y)")


class Unit(StrEnum):
    BUSINESS_DAYS = "bd"
    MINUTES = "min"
    HOURS = "h"
    WEEKS = "w"
    MONTHS = "mo"
    YEARS = "y"


_TWO_YEARS = {
    Unit.BUSINESS_DAYS: 520,
    Unit.MINUTES: 9999,
    Unit.HOURS: 9999,
    Unit.WEEKS: 104,
    Unit.MONTHS: 24,
    Unit.YEARS: 2,
}
"""The counts up to which a lead is two years at most."""


@dataclass(frozen=True, slots=True)
class Lead:
    """How long before the start a reminder is for: "5bd", "30min", "8w", "6mo"."""

    count: int
    unit: Unit

    @property
    def within_two_years(self) -> bool:
        return self.count <= _TWO_YEARS[self.unit]

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"


def lead_from(text: str) -> Lead:
    """Raises ValueError that says what is expected."""
    found = _SPELLED.fullmatch(text)
    if found is None:
        raise ValueError(
            f"{text!r} is no lead: expected a number and bd (business days), min, h, w, mo or y, as in 5bd"
        )
    return Lead(int(found[1]), Unit(found[2]))
