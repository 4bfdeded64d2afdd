"""W10: what begins together and needs the same thing is one incident; whoever knows of it hears nothing new by that."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.component import Dependency, Impact
from forewarn.outage import Act, Kind, Status
from forewarn.revise import Opened, Rejected, Repeat, Revised, Verdict
from forewarn.sibling import sibling_of
from tests.support.reports import TONIGHT, Memory, act, after, alert, by_hand, firing, news, resolved

DOWN, SLOW = Impact.DOWN, Impact.DEGRADED
NEEDS = (("api", "db"), ("shop", "db"), ("db", "disk"), ("mail", "dns"))
SOON = 0.5
"""Minutes."""


def memory(*needs: tuple[str, str]) -> Memory:
    """INC-1, which touches the api, has begun at noon."""
    made = Memory(needs or NEEDS)
    made.hear(firing(0, "a", {"api": DOWN}))
    return made


def joined(verdict: Verdict) -> Revised:
    assert isinstance(verdict, Revised) and verdict.act is Act.JOIN, verdict
    return verdict


@pytest.mark.parametrize("other", ["shop", "db", "disk"])
def test_a_signal_that_needs_what_an_incident_needs_joins_it(other: str) -> None:
    verdict = joined(memory().hear(firing(SOON, "b", {other: SLOW})))

    assert verdict.outage.name == "INC-1"
    assert verdict.outage.facts.components == {"api": DOWN, other: SLOW}


def test_whoever_knows_the_incident_hears_nothing_by_that() -> None:
    assert not news(memory().hear(firing(SOON, "b", {"shop": DOWN})))


def test_a_signal_that_needs_nothing_that_the_incident_needs_opens_another() -> None:
    assert isinstance(memory().hear(firing(SOON, "b", {"mail": DOWN})), Opened)


def test_a_soft_dependency_makes_no_siblings() -> None:
    soft = [Dependency("api", "db", hard=False), Dependency("shop", "db", hard=False)]
    known = memory()

    assert sibling_of(firing(SOON, "b", {"shop": DOWN}), known.outages, soft) is None


def test_a_signal_of_the_very_same_component_that_says_the_same_tells_nobody_anything() -> None:
    known = memory()

    verdict = known.hear(firing(SOON, "b", {"api": DOWN}))

    assert isinstance(verdict, Repeat)
    assert known.signals["monitoring", "b"].outage_id == 1


@pytest.mark.parametrize(
    "worse",
    [
        firing(SOON, "b", {"api": DOWN, "shop": DOWN}, facts={"symptoms": "All is down."}),
        firing(SOON, "b", {"api": DOWN, "shop": DOWN}, facts={"status": Status.IDENTIFIED}),
    ],
)
def test_what_is_news_to_whoever_knows_it_is_told_to_all(worse: object) -> None:
    verdict = memory().hear(worse)  # type: ignore[arg-type]

    assert isinstance(verdict, Revised) and verdict.newsworthy and verdict.act is Act.REPORT


def test_a_sibling_by_which_a_known_component_is_worse_is_told_to_all() -> None:
    known = Memory(NEEDS)
    known.hear(firing(0, "a", {"api": SLOW}))

    assert news(known.hear(firing(SOON, "b", {"api": DOWN})))


@pytest.mark.parametrize(("minutes", "joins"), [(0.99, True), (1, False), (-0.99, True), (-1, False)])
def test_siblings_begin_less_than_a_minute_from_one_another(minutes: float, joins: bool) -> None:
    known = Memory(NEEDS)
    known.hear(firing(5, "a", {"api": DOWN}))

    known.hear(firing(7, "b", {"shop": DOWN}, occurred_at=after(5 + minutes)))

    assert len(known.outages) == (1 if joins else 2)


@given(st.floats(0, 3600), st.integers(0, 3600))
def test_how_near_is_the_policy_s(seconds: float, within: int) -> None:
    known = memory()
    report = firing(seconds / 60, "b", {"shop": DOWN})
    distance = report.began - known.last.opened_at

    found = sibling_of(report, known.outages, known.needs or (), timedelta(seconds=within))

    assert (found is not None) == (distance < timedelta(seconds=within))


@pytest.mark.parametrize(
    "stranger",
    [
        firing(SOON, "b", {"shop": DOWN}, source="another"),
        firing(SOON, "b", {"shop": DOWN}, test=True),
        by_hand(SOON, source="monitoring", key="b", components={"shop": DOWN}),
        firing(SOON, "b", {}),
        firing(SOON, "b", {"shop": Impact.NONE}),
        firing(SOON, "b", {"shop": DOWN}, kind=Kind.MAINTENANCE, facts={"window": TONIGHT}),
    ],
)
def test_never_across_sources_nor_a_person_s_nor_a_test_s_nor_of_what_nobody_knows(stranger: object) -> None:
    assert isinstance(memory().hear(stranger), Opened)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "ended", [act(Act.DISMISS, 0.1), act(Act.WITHDRAW, 0.1), by_hand(0.1, "INC-1", status=Status.RESOLVED)]
)
def test_none_joins_what_is_over_or_what_a_person_dismissed_without_knowing_of_it(ended: object) -> None:
    known = memory()
    known.hear(ended)  # type: ignore[arg-type]

    assert isinstance(known.hear(firing(SOON, "b", {"shop": DOWN})), Opened)


def test_an_alert_whose_group_has_an_incident_stays_with_that() -> None:
    known = Memory(NEEDS)
    known.hear(alert(0, "a", group="one", components={"mail": DOWN}))
    known.hear(alert(0, "b", group="two", components={"api": DOWN}))

    known.hear(alert(SOON, "c", group="one", components={"shop": DOWN}))

    assert known.signals["alertmanager", "c"].outage_id == 1


def test_the_next_words_of_a_sibling_are_of_the_incident_that_it_joined() -> None:
    known = memory()
    known.hear(firing(SOON, "b", {"shop": DOWN}))

    known.hear(firing(30, "b", {"shop": SLOW}))
    known.hear(resolved(31, "a"))
    calm = known.last.calm_since
    known.hear(resolved(32, "b"))

    assert (len(known.outages), calm, known.last.calm_since) == (1, None, after(32))


def test_of_several_it_joins_the_one_that_began_first() -> None:
    known = Memory((*NEEDS, ("all", "db"), ("all", "dns")))
    known.hear(firing(0, "a", {"mail": DOWN}), firing(0.1, "b", {"api": DOWN}))

    verdict = known.hear(firing(SOON, "c", {"all": DOWN}))

    assert joined(verdict).outage.name == "INC-1"


def test_the_end_of_a_signal_that_nobody_knew_joins_nothing() -> None:
    known = memory()

    assert isinstance(known.hear(firing(SOON, "b", {"shop": DOWN}, facts={"status": Status.RESOLVED})), Repeat)
    assert known.signals["monitoring", "b"].outage_id is None


def test_nobody_sends_a_join() -> None:
    verdict = memory().hear(act(Act.JOIN, 1))

    assert isinstance(verdict, Rejected) and "merge" in verdict.reason


@given(st.permutations(["a", "b", "c"]))
def test_in_whatever_order_siblings_come_they_are_one_incident(order: list[str]) -> None:
    known, touches = Memory(NEEDS), {"a": "api", "b": "shop", "c": "db"}

    for at, key in enumerate(order):
        known.hear(firing(at / 10, key, {touches[key]: DOWN}))

    assert len(known.outages) == 1
    assert dict(known.last.facts.components) == dict.fromkeys(touches.values(), DOWN)


def test_a_cycle_of_needs_ends() -> None:
    known = memory(("api", "db"), ("db", "api"), ("shop", "db"))

    joined(known.hear(replace(firing(SOON, "b", {"shop": DOWN}))))
