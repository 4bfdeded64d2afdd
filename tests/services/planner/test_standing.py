"""The head start, and how long a notice needs, over several channels."""

from collections.abc import Iterator

import pytest

from forewarn.contracts.policy import Policy
from services.planner.compose import Composer
from services.planner.standing import standing
from tests.services.planner.desks import POLICY, Office, an_incident, office


@pytest.fixture
def slow(database: str, composer: Composer) -> Iterator[Office]:
    """A desk whose webhooks take two calls a second."""
    policy = Policy.model_validate(POLICY.model_dump() | {"delivery": {"webhook_per_second": 2}})
    with office(database, composer, policy) as here:
        yield here


def states(desk: Office, side: str) -> list[str]:
    return [notice["state"] for notice in desk.notices(side)]


def test_a_silent_endpoint_of_a_colleague_keeps_customers_waiting_for_the_head_start_only(desk: Office) -> None:
    desk.endpoint("hanna", "mara")
    outage = desk.says("dana", **an_incident())
    desk.freeze()
    desk.answer("a", by="email")

    desk.plans.plan(outage)
    before = states(desk, "outside")
    desk.run("update notice_channel set not_before = clock_timestamp()")
    desk.plans.plan(outage)

    assert before == ["held", "held"]
    assert states(desk, "outside") == ["released", "released"]
    assert states(desk, "inside") == ["drained", "released"]


def test_customers_hear_at_once_when_colleagues_have_on_every_channel(desk: Office) -> None:
    desk.endpoint("hanna", "mara")
    outage = desk.says("dana", **an_incident())
    desk.freeze()
    desk.answer("a")

    desk.plans.plan(outage)

    assert states(desk, "outside") == ["released", "released"]


def test_each_channel_drains_at_its_own_rate(slow: Office) -> None:
    slow.endpoint("mara")
    outage = slow.says("dana", **an_incident())
    slow.freeze()

    with slow.planner.begin() as connection:
        found = standing(connection.execute, outage, slow.policy.delivery)

    assert {n.channel.value: n.drain_seconds for n in found if n.side == "inside"} == {"email": 1 / 250, "webhook": 0.5}
