"""Which calms may be called resolved: what is heard of a source, and when, shows that it lives (T18)."""

import pytest

from forewarn.contracts.policy import Episodes
from services.planner.calmed import Calmed
from tests.services.planner.desks import Office, an_incident

LATER = 60
"""Minutes after the calm began: any calm has lasted by then."""


def a_calm(desk: Office, *, alert: bool, heard_after: int) -> None:
    """It began an hour ago; so many minutes later something of its source fired."""
    desk.says("native", **an_incident())
    desk.says("native", key="k1", status="resolved")
    desk.run("update outage set alert = %s, calm_since = calm_since - %s * interval '1 min'", alert, LATER)
    desk.run("update event set received_at = forewarn_now() - %s * interval '1 min'", 2 * LATER)
    desk.run(
        "update event set received_at = (select calm_since from outage) + %s * interval '1 min' where id = 'event-0'",
        heard_after,
    )


def settled(desk: Office, **episodes: int) -> list[str]:
    return [calm.outage for calm in Calmed(desk.planner, Episodes(**episodes)).due()]


@pytest.mark.parametrize(("heard_after", "over"), [(0, False), (4, False), (5, True)])
def test_an_alert_that_may_outlive_its_feeder_shows_nothing(desk: Office, heard_after: int, over: bool) -> None:
    a_calm(desk, alert=True, heard_after=heard_after)

    asks = desk.get("/v1/outages")[0]["asks"]

    assert settled(desk) == (["INC-1"] if over else [])
    assert (asks is None) is over, "a person is asked what the clock does not settle"


def test_how_long_an_alert_outlives_its_feeder_is_the_houses_to_say(desk: Office) -> None:
    a_calm(desk, alert=True, heard_after=6)

    assert settled(desk, outlives_minutes=5) == ["INC-1"]
    assert settled(desk, outlives_minutes=7) == []


@pytest.mark.parametrize(("heard_after", "over"), [(0, False), (2, True)])
def test_a_machine_that_speaks_for_itself_lives_while_it_speaks(desk: Office, heard_after: int, over: bool) -> None:
    a_calm(desk, alert=False, heard_after=heard_after)

    assert settled(desk) == (["INC-1"] if over else [])


def test_nobody_is_asked_while_the_sign_of_life_may_still_come(desk: Office) -> None:
    a_calm(desk, alert=True, heard_after=0)
    desk.run("update outage set calm_since = forewarn_now() - interval '8 min'")

    assert desk.get("/v1/outages")[0]["asks"] is None
