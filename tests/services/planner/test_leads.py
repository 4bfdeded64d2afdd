"""The moment that lies a lead before another, on the business days of all who count."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from forewarn.calendars import Calendar
from forewarn.contracts.policy import Policy
from forewarn.lead import lead_from
from forewarn.outage import Facts
from services.planner.leads import before_on
from services.planner.terms import Terms, calendars, unknown_countries

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 30, 20, tzinfo=UTC)  # after Thanksgiving, Thursday the 26th
POLICY = Policy.model_validate({"maintenance": {"zone": "Europe/Berlin", "country": "DE"}})


def days_before(lead: str, *countries: str) -> int:
    before = before_on(BERLIN, *calendars(Facts(), POLICY, Terms(countries=countries)))
    return (MONDAY - before(MONDAY, lead_from(lead))).days


def test_t11_a_business_day_counts_by_the_earliest_of_the_organisers_and_the_accounts_countries() -> None:
    assert (days_before("5bd"), days_before("5bd", "US"), days_before("1w", "US")) == (7, 10, 7)


def test_t11_holidays_of_two_countries_are_not_added_up() -> None:
    german = before_on(BERLIN, Calendar.of("DE"))
    at = datetime(2026, 12, 28, 20, tzinfo=UTC)
    both = before_on(BERLIN, Calendar.of("DE"), Calendar.of("GB"))

    apart = [before_on(BERLIN, Calendar.of(country))(at, lead_from("5bd")) for country in ("DE", "GB")]

    assert both(at, lead_from("5bd")) == min(apart) <= german(at, lead_from("5bd"))
    assert min(apart) > Calendar.of("DE", "GB").business_days_before(at, 9, BERLIN)


def test_t11_a_country_whose_holidays_nobody_told_us_counts_for_nobody_and_is_named() -> None:
    terms = Terms(countries=("US", "ZZ"))

    assert [sorted(c.countries) for c in calendars(Facts(), POLICY, terms)] == [["DE"], ["US"]]
    assert unknown_countries(Facts(country="QQ"), POLICY, terms) == ["QQ", "ZZ"]
