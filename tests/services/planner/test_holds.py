"""What the storm brake must know: people, however many ways lead to them."""

from collections.abc import Iterator

import pytest

from forewarn.contracts.policy import Policy
from services.planner.compose import Composer
from services.planner.holds import reach
from tests.services.planner.desks import POLICY, Office, an_incident, office


@pytest.fixture
def brim(database: str, composer: Composer) -> Iterator[Office]:
    """A desk whose storm brake lets all customers pass, and not one more."""
    policy = Policy.model_validate(POLICY.model_dump() | {"storm_brake": {"percent": 100, "at_least": 0}})
    with office(database, composer, policy) as here:
        here.endpoint("hanna", "kenji", "owen")
        yield here


def test_the_same_people_on_two_channels_make_no_storm(brim: Office) -> None:
    brim.settle(brim.says("native", **an_incident()))

    assert brim.told() == [("first", "email", 3), ("first", "webhook", 3)]
    assert [row["by_machine"] for row in brim.rows("select by_machine from notice_channel where by_machine > 0")] == [
        3,
        3,
    ]


def test_a_channel_that_leaves_later_adds_nobody_to_the_storm(brim: Office) -> None:
    brim.post("/v1/sending/pause", {"channel": "webhook", "reason": "a test"})
    outage = brim.says("native", **an_incident())
    brim.run("update notice_channel set not_before = clock_timestamp()")
    brim.plans.plan(outage)

    brim.post("/v1/sending/resume", {"channel": "webhook", "reason": "a test"})
    brim.plans.plan(outage)

    assert [notice["state"] for notice in brim.notices()] == ["released", "released"]


def test_whoever_was_told_twice_hides_nobody_who_was_not(brim: Office) -> None:
    outage = brim.says("native", **an_incident())
    brim.settle(outage)
    brim.run("update batch set outcomes = 'aRR' where length(outcomes) = 3")

    with brim.planner.begin() as connection:
        found = reach(connection.execute, outage, ["card-payments"], "another")

    assert (found.audience, found.lately, found.customers) == (2, 3, 3)
