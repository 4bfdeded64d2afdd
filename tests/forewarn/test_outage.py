"""Facts laid over facts, and which changes are news."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.component import Impact
from forewarn.outage import NEWS, PREFIX, Facts, Kind, Outage, Severity, Status, Window, newsworthy
from tests.support.reports import NOON

IMPACTS = st.dictionaries(st.sampled_from("abc"), st.sampled_from(Impact), max_size=3)
WORDS = st.none() | st.sampled_from(["this", "that"])
FACTS = st.builds(
    Facts,
    status=st.none() | st.sampled_from(Status),
    severity=st.none() | st.sampled_from(Severity),
    components=IMPACTS,
    symptoms=WORDS,
    cause=WORDS,
    tentative=st.none() | st.booleans(),
    responders=st.lists(st.sampled_from(["dana", "oleg"]), max_size=2).map(tuple),
)
OTHER: dict[str, Any] = {
    "status": Status.IDENTIFIED,
    "components": {"card-payments": Impact.DOWN},
    "expected_end": NOON + timedelta(hours=1),
    "next_update_at": NOON + timedelta(minutes=30),
    "symptoms": "Payments fail.",
    "cause": "A full disk.",
    "action": "Restarting.",
    "workaround": "Pay by transfer.",
    "window": Window(NOON, NOON + timedelta(hours=2)),
    "tentative": True,
}


@given(FACTS)
def test_silence_changes_nothing(facts: Facts) -> None:
    assert Facts().laid_over(facts) == facts
    assert facts.laid_over(Facts()) == facts


@given(FACTS, FACTS)
def test_the_newer_word_wins_where_it_speaks_and_the_older_stands_where_not(newer: Facts, older: Facts) -> None:
    both = newer.laid_over(older)

    for name in (field.name for field in fields(Facts) if field.name != "components"):
        new, old = getattr(newer, name), getattr(older, name)
        assert getattr(both, name) == (new if new not in (None, ()) else old)
    assert both.components == {**older.components, **newer.components}


@given(FACTS, FACTS, FACTS)
def test_laying_over_is_associative(a: Facts, b: Facts, c: Facts) -> None:
    assert a.laid_over(b).laid_over(c) == a.laid_over(b.laid_over(c))


@given(FACTS)
def test_saying_the_same_again_is_no_news(facts: Facts) -> None:
    assert not newsworthy(facts, facts.laid_over(facts))


@pytest.mark.parametrize("name", NEWS)
def test_each_of_these_facts_is_news_when_it_changes(name: str) -> None:
    assert newsworthy(Facts(), Facts(**{name: OTHER[name]}))


def test_an_impact_that_changes_is_news() -> None:
    old = Facts(components={"card-payments": Impact.DEGRADED})

    assert newsworthy(old, Facts(components={"card-payments": Impact.DOWN}))


@pytest.mark.parametrize(
    "other", [{"severity": Severity.MINOR}, {"unknown_components": ("cards",)}, {"note": "Hello."}]
)
def test_no_other_fact_is_news(other: dict[str, object]) -> None:
    assert not newsworthy(Facts(), replace(Facts(), **other))  # type: ignore[arg-type]


def test_what_is_stated_wins_over_what_is_observed() -> None:
    outage = Outage(
        kind=Kind.INCIDENT,
        source="monitoring",
        opened_at=NOON,
        observed=Facts(status=Status.MONITORING, components={"a": Impact.DOWN, "b": Impact.DOWN}),
        stated=Facts(components={"a": Impact.DEGRADED}, cause="A full disk."),
    )

    assert outage.facts == Facts(
        status=Status.MONITORING, components={"a": Impact.DEGRADED, "b": Impact.DOWN}, cause="A full disk."
    )


@pytest.mark.parametrize("kind", Kind)
def test_a_name_can_be_spoken(kind: Kind) -> None:
    outage = Outage(kind=kind, source="people", opened_at=NOON, observed=Facts(), stated=Facts(), number=7)

    assert outage.name == f"{PREFIX[kind]}-7"
