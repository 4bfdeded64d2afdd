"""Terms: what the accounts that planned work touches ask of its notices, beside its organiser (T8, T11)."""

from dataclasses import dataclass

from forewarn.calendars import Calendar
from forewarn.contracts.policy import Policy
from forewarn.lead import Lead
from forewarn.outage import Facts


@dataclass(frozen=True, slots=True)
class Terms:
    """Each once, in order: the minimum notices, and the countries whose business days count."""

    minimums: tuple[Lead, ...] = ()
    countries: tuple[str, ...] = ()


def calendars(facts: Facts, policy: Policy, terms: Terms) -> tuple[Calendar, ...]:
    """The organiser's, and that of each country of an account; one whose holidays nobody told us counts for nobody."""
    own = [calendar for calendar in map(Calendar.of, terms.countries) if not calendar.unknown]
    return (Calendar.of(facts.country or policy.maintenance.country), *own)


def unknown_countries(facts: Facts, policy: Policy, terms: Terms) -> list[str]:
    """Of the organiser and the accounts, whose holidays nobody told us."""
    organiser = facts.country or policy.maintenance.country
    return list(Calendar.of(organiser, *terms.countries).unknown)
