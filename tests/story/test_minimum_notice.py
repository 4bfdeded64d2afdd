"""T8 and T11, on real servers: an account that asks for more notice hears first; a country's holiday counts for all."""

from datetime import datetime

import pytest

from tests.story.test_planned_work import until_told
from tests.support.home import Home
from tests.support.laws import planned_once

OF_KRANICH = {"grace.whitfield@kranich.example", "daniel.reyes@kranich.example"}
"""An American account. Monday the 5th of July 2027 is a holiday there, as is Friday the 18th of June."""

WORK = {
    "kind": "maintenance",
    "components": ["card-payments"],
    "impact": "degraded",
    "window": {"start": "2027-07-09T12:00:00Z", "end": "2027-07-09T14:00:00Z"},
    "country": "DE",
    "benefit": "Payments will be confirmed faster.",
}


def it_is(home: Home, moment: str) -> None:
    """The clock that people read says this, and runs a minute a second."""
    home.run(
        "insert into fast_clock (real_start, told_start, factor) values (clock_timestamp(), %s, 60)"
        " on conflict (one) do update set told_start = excluded.told_start, real_start = excluded.real_start",
        datetime.fromisoformat(moment),
    )


@pytest.mark.slow
def test_t8_t11_an_account_with_a_minimum_of_its_own_hears_first_and_then_everybody_by_its_calendar(home: Home) -> None:
    home.import_demo()
    home.run("update account set minimum_notice = '20bd' where key = 'kranich'")
    it_is(home, "2027-06-01T12:00:00Z")
    home.told(WORK)

    it_is(home, "2027-06-09T11:56:00Z")
    until_told(home, "reminder")
    first = {*home.readers()}
    it_is(home, "2027-07-01T11:56:00Z")
    until_told(home, "reminder", "reminder")
    both = home.readers()

    customers = {reader for reader in both if not reader.endswith("@acme.example")}
    assert {reader for reader in first if not reader.endswith("@acme.example")} == OF_KRANICH
    assert customers > OF_KRANICH and len(customers) > 4
    assert all(both.count(reader) == 2 for reader in OF_KRANICH)
    moments = home.rows("select distinct moment from rung where side = 'outside' order by 1")
    assert [f"{row['moment']:%m-%d}" for row in moments] == ["06-09", "07-01"]
    planned_once(home)
