"""Correct and withdraw."""

from typing import Any
from unittest.mock import ANY

import pytest

from forewarn.contracts.event import parse_event

from .conftest import Run
from .house import House
from .views import NOTICE, carried_out

SENT, STATE = "POST /v1/events", "GET /v1/events/*"


@pytest.fixture
def desk(house: House) -> House:
    house.says(SENT, (202, {"event_id": "e1"}))
    house.says(STATE, carried_out(verdict="revised", revision=4))
    return house


def sent(house: House) -> Any:
    (only,) = house.asked(SENT)
    parse_event(only.body)
    return only.json


def test_a_correction_says_what_is_right_what_is_unsaid_and_of_which_notices(desk: House, run: Run) -> None:
    facts = ("--symptoms", "Slow, not down.", "--retract", "cause", "--retract", "expected-end")
    ran = run("incident", "correct", "7", *facts, "--notice", NOTICE.upper(), "--yes")

    assert sent(desk) == {
        "event_id": ANY,
        "act": "correct",
        "about": "INC-7",
        "symptoms": "Slow, not down.",
        "retract": ["cause", "expected_end"],
        "notices": [NOTICE],
        "from_revision": 3,
    }
    assert ran.out == "INC-7 corrected (revision 4).\n"


def test_a_withdrawal_needs_no_words(desk: House, run: Run) -> None:
    ran = run("incident", "withdraw", "INC-7", "--yes")

    assert sent(desk) == {"event_id": ANY, "act": "withdraw", "about": "INC-7", "from_revision": 3}
    assert ran.out == "INC-7 withdrawn (revision 4).\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("correct", "INC-7"), "what is wrong, and what is right?"),
        (("correct", "INC-7", "--notice", NOTICE), "what is wrong, and what is right?"),
        (("correct", "INC-7", "--impact", "none"), "--component"),
        (("correct", "INC-7", "--retract", "everything"), "retract"),
        (("withdraw", "INC-7", "--notice", "first"), "'first' is not the id of a notice"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_asked(
    house: House, run: Run, arguments: tuple[str, ...], words: str
) -> None:
    ran = run("incident", *arguments, "--yes")

    assert (ran.code, words in ran.err) == (2, True)
    assert house.heard == []
