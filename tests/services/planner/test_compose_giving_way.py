"""An own text that is faulty for the facts of a notice gives way to the prepared one; nothing is late of it (M8)."""

from dataclasses import replace
from typing import Any

import pytest

from forewarn.notice import Channel
from forewarn.outage import Facts
from forewarn.subscriber import VOICES, Side, Voice
from services.planner.blocks import NOTHING
from services.planner.compose import Composed, Composer
from services.planner.payload import words_of
from services.planner.telling import Telling
from services.planner.unfit import GaveWay, Why

from .faulty import BAD_LAYOUT, HOW
from .tellings import COMPOSER, a_telling, every_occasion
from .works import every_work

pytestmark = pytest.mark.xdist_group("own texts")
ZONES = {7: "Europe/Berlin", 8: "Asia/Tokyo"}
EVERY_WAY = [(side, voice, channel) for side in Side for voice in VOICES[side] for channel in Channel]


def caused(by: str, **what: Any) -> Telling:
    return a_telling(stated=Facts(cause=f"A disk was full, {by}"), **what)


def composed(by: Composer, telling: Telling, locale: str = "en", channel: Channel = Channel.EMAIL) -> Composed:
    return by.composed(telling, Voice.CUSTOMER, locale, False, ZONES, channel)


@pytest.mark.parametrize("wrong", HOW)
def test_a_text_that_is_faulty_for_these_facts_gives_way_and_says_why(faulty: Composer, wrong: str) -> None:
    why, error = HOW[wrong]

    found = composed(faulty, caused(wrong))

    assert found.content == composed(COMPOSER, caused(wrong)).content
    assert found.gave_way is not None
    assert (found.gave_way.text, found.gave_way.why, found.gave_way.error) == ("en/first.j2", why, error)


@pytest.mark.parametrize(("side", "voice", "channel"), EVERY_WAY)
def test_a_variant_gives_way_whole_to_every_voice_on_every_channel(
    faulty: Composer, side: Side, voice: Voice, channel: Channel
) -> None:
    telling = replace(caused("raise."), side=side)
    asked = telling, voice, "en", False, ZONES, channel

    found = faulty.composed(*asked)

    assert found.content == COMPOSER.compose(*asked)
    assert found.gave_way == GaveWay("en/first.j2", Why.RAISED, 5, "UndefinedError")


def test_a_faulty_layout_takes_the_words_and_the_subject_with_it(faulty: Composer) -> None:
    telling = caused("slowly.", outage=BAD_LAYOUT)

    mail, call = (composed(faulty, telling, channel=channel) for channel in Channel)

    assert mail.content == composed(COMPOSER, telling).content
    assert mail.gave_way is not None and mail.gave_way.text == "email.html.j2"
    assert call.gave_way is None and words_of(call.content)[1].startswith("In our own words")


def test_a_text_that_is_right_for_these_facts_is_the_one_that_is_told(faulty: Composer) -> None:
    found = composed(faulty, caused("slowly."))

    assert found.content.text.startswith("In our own words, since ") and "slowly." in found.content.html
    assert found.gave_way is None


def test_braces_that_somebody_stated_are_no_fault_of_the_text(faulty: Composer) -> None:
    found = composed(faulty, caused("as {{ name }} was shown; {% that %} too."))

    assert found.content.text.startswith("In our own words") and "{{ name }}" in found.content.text
    assert found.gave_way is None


def test_in_a_language_of_which_nothing_is_prepared_english_is_told(faulty: Composer) -> None:
    found = composed(faulty, caused("raise."), "fr")

    assert found.content == composed(COMPOSER, caused("raise.")).content
    assert found.gave_way is not None and found.gave_way.text == "fr/first.j2"


@pytest.mark.parametrize("locale", ["en", "de"])
def test_a_prepared_text_never_prints_a_fact_that_is_not_there(locale: str) -> None:
    for telling in (*every_occasion(), *every_work()):
        for side, told in ((Side.OUTSIDE, True), (Side.OUTSIDE, False), (Side.INSIDE, True)):
            content = COMPOSER.compose(replace(telling, side=side), VOICES[side][0], locale, told, ZONES)

            assert NOTHING not in content.subject + content.text + content.html
