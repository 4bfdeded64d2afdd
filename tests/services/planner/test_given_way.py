"""Whoever is to be told is told, in time and in the prepared words, where an own text cannot tell it (M8)."""

from collections.abc import Iterator

import pytest
from prometheus_client import REGISTRY

from services.planner.compose import Composer
from services.planner.given_way import Gap, GivenWay
from services.planner.unfit import GaveWay, Why
from tests.services.planner.desks import PEOPLE, Office, an_incident, office

pytestmark = pytest.mark.xdist_group("own texts")
OUTSIDE = sum(role == "customer" for _, role in PEOPLE)


@pytest.fixture
def own_words(database: str, faulty: Composer) -> Iterator[Office]:
    with office(database, faulty) as here:
        yield here


def given_way(reason: str) -> float:
    return REGISTRY.get_sample_value("forewarn_texts_given_way_total", {"reason": reason}) or 0.0


def sent(desk: Office, side: str) -> list[str]:
    """The mails that somebody got."""
    rows = desk.rows(
        "select distinct c.body ->> 'text' as text from content c join batch b on b.content_id = c.id"
        " join notice n on n.id = c.notice_id where n.side = %s",
        side,
    )
    return [row["text"] for row in rows]


def test_everybody_is_told_in_the_prepared_words_when_the_own_ones_cannot_tell_it(own_words: Office) -> None:
    before = given_way("raised")

    own_words.settle(own_words.says("dana", **an_incident(cause="A disk was full, raise.")))

    assert own_words.told() == [("first", "email", OUTSIDE)]
    (mail,) = sent(own_words, "outside")
    assert "In our own words" not in mail and "A disk was full, raise." in mail
    (inside,) = sent(own_words, "inside")
    assert "In our own words" not in inside
    variants = own_words.rows("select count(*) as n from content where locale in ('en', 'fr')")[0]["n"]
    assert given_way("raised") - before == variants > 0


def test_a_preview_names_the_text_that_gives_way_and_counts_nothing(own_words: Office) -> None:
    before = given_way("raised")

    view = own_words.post("/v1/preview", an_incident(cause="A disk was full, raise."))
    fine = own_words.post("/v1/preview", an_incident(cause="A disk was full."))

    assert [text["gave_way"] for text in view["texts"]] == ["en/first.j2"] * len(view["texts"]) != []
    assert [text["gave_way"] for text in fine["texts"]] == [None] * len(fine["texts"])
    assert given_way("raised") == before


def test_symptoms_that_nobody_filled_in_give_way_to_the_prepared_ones(own_words: Office) -> None:
    gaps = an_incident(symptoms="{{ alert.summary }}", note="TBD", cause="A disk was full, raise.")

    own_words.settle(own_words.says("dana", **gaps))

    (mail,) = sent(own_words, "outside")
    assert mail.startswith("Some of you may be unable to use card payments right now.")
    assert "{{" not in mail and "TBD" not in mail


def test_a_text_is_named_once_for_each_reason_and_counted_each_time() -> None:
    gap = Gap(7, "n1", GaveWay("en/first.j2", Why.RAISED, 3, "TypeError"))
    empty = Gap(7, "n1", GaveWay("en/first.j2", Why.EMPTY))
    before, notes = given_way("raised"), GivenWay()

    said = [notes.note([gap, gap]), notes.note([gap, empty])]

    assert said == [[gap], [empty]]
    assert given_way("raised") - before == 3


def test_every_reason_is_scraped_before_it_happens() -> None:
    GivenWay()

    assert all(REGISTRY.get_sample_value("forewarn_texts_given_way_total", {"reason": why}) is not None for why in Why)
