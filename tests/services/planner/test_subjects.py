"""Subjects are short, name what may be named, and stay the same."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from forewarn.component import Impact, Touched
from forewarn.contracts.policy import Company
from forewarn.notice import Occasion
from forewarn.outage import Facts
from forewarn.subscriber import Side
from services.planner.compose import NEUTRAL, Named, Telling, subject_name
from services.planner.subjects import subject

from .tellings import TOUCHED, a_telling, an_update, inside, the_end
from .works import a_release

LINES = some.text(some.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1, max_size=200)


def named(**public: str | None) -> dict[str, Named]:
    return {key: Named(key, name, {}) for key, name in public.items()}


def touched(**impacts: Impact) -> tuple[Touched, ...]:
    return tuple(Touched(key, impact, (key,)) for key, impact in impacts.items())


@given(
    LINES, LINES, some.booleans(), some.sampled_from([*Side]), some.sampled_from([Occasion.FIRST, Occasion.RESOLVED])
)
def test_no_subject_is_longer_than_60_characters(
    company: str, name: str, test: bool, side: Side, occasion: Occasion
) -> None:
    speaker = Company.model_construct(**(Company().model_dump() | {"name": company}))

    made = subject(a_telling(company=speaker, subject_name=name, test=test, side=side, occasion=occasion), first=False)

    assert len(made) <= 60
    assert made == " ".join(made.split())


@given(LINES, LINES, LINES | some.none(), some.booleans())
def test_no_subject_of_a_release_is_longer_than_60_characters(
    company: str, name: str, version: str | None, test: bool
) -> None:
    speaker = Company.model_construct(**(Company().model_dump() | {"name": company}))

    told = a_release(company=speaker, subject_name=name, stated=Facts(version=version), test=test)

    assert len(subject(told, first=True)) <= 60
    assert "Announcement" in subject(told, first=True)


def test_a_release_is_announced_by_its_version_else_by_its_name() -> None:
    assert subject(a_release(), first=True) == "Acme Release 4.2 Announcement"
    assert subject(a_release(stated=Facts(version="Release 4.2")), first=True) == "Acme Release 4.2 Announcement"
    assert subject(a_release(stated=Facts()), first=True) == "Acme Announcement: card payments"


def test_a_long_name_is_cut_after_a_whole_word() -> None:
    long = "international card payments and transfers in the whole of Europe"

    assert subject(a_telling(subject_name=long), first=True) == (
        "Acme Proactive Notification: international card payments…"
    )


def test_a_long_company_leaves_room_for_the_name() -> None:
    telling = a_telling(company=Company(name="The Very Long And Honourable Trading Company of 1827"))

    made = subject(telling, first=True)

    assert made == "The Very Long And… Proactive Notification: card payments"


def test_outside_the_worst_component_gives_its_name() -> None:
    names = named(db=None, search="search", cards="card payments")
    worst_last = touched(db=Impact.DOWN, search=Impact.DEGRADED, cards=Impact.DOWN)

    assert subject_name(Side.OUTSIDE, worst_last, names) == "card payments and 1 more"


def test_two_components_of_one_public_name_are_one() -> None:
    names = named(a="card payments", b="card payments")

    assert subject_name(Side.OUTSIDE, touched(a=Impact.DOWN, b=Impact.DOWN), names) == "card payments"


def test_outside_nothing_is_named_that_has_no_public_name() -> None:
    assert subject_name(Side.OUTSIDE, TOUCHED[:1], named(**{"payments-db": None})) == NEUTRAL
    assert subject_name(Side.OUTSIDE, (), {}) == NEUTRAL


def test_inside_the_component_is_named_by_its_key() -> None:
    assert subject_name(Side.INSIDE, TOUCHED, {}) == "payments-db"
    assert subject_name(Side.INSIDE, (), {}) == "component unknown"


@pytest.mark.parametrize("telling", [an_update(), the_end()])
def test_inside_later_mails_are_status_mails(telling: Telling) -> None:
    assert subject(inside(telling), first=False) == "INC-7 Status"
    assert subject(inside(telling), first=True) == "INC-7 -- payments-db"


def test_a_name_with_line_breaks_stays_on_one_line() -> None:
    assert "\n" not in subject(replace(a_telling(), subject_name="cards\r\nBcc: all@acme.example"), first=True)
