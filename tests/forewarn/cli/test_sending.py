"""Pausing and resuming."""

import pytest

from .conftest import Run
from .house import House
from .views import a_pause, a_sending

PAUSE, RESUME = "POST /v1/sending/pause", "POST /v1/sending/resume"


def test_a_pause_without_a_scope_says_that_it_is_of_everything(house: House, run: Run) -> None:
    house.says(PAUSE, a_sending(paused=[a_pause()]))

    ran = run("sending", "pause", "--reason", "Wrong link.")

    assert house.asked(PAUSE)[0].json == {"reason": "Wrong link."}
    assert "EVERYTHING is paused" in ran.out and "by oleg: Wrong link." in ran.out


def test_a_pause_is_of_one_channel_of_one_incident(house: House, run: Run) -> None:
    house.says(PAUSE, a_sending(paused=[a_pause(channel="email", incident="INC-7")]))

    ran = run("sending", "pause", "--channel", "email", "--incident", "7", "--reason", "Wrong link.")

    assert house.asked(PAUSE)[0].json == {"channel": "email", "incident": "INC-7", "reason": "Wrong link."}
    assert "email of INC-7 is paused." in ran.out and "EVERYTHING" not in ran.out


def test_after_resuming_what_still_stands_is_shown(house: House, run: Run) -> None:
    house.says(RESUME, a_sending(paused=[a_pause(incident="INC-9")]), a_sending())

    some, none = (run("sending", "resume", "--channel", "email", "--reason", "Right now.") for _ in range(2))

    assert house.asked(RESUME)[0].json == {"channel": "email", "reason": "Right now."}
    assert "The pause of email is lifted." in some.out and "Paused: INC-9" in some.out
    assert "Nothing is paused." in none.out


def test_what_stands_is_shown_with_the_mode(house: House, run: Run) -> None:
    house.says("GET /v1/sending", a_sending(mode="live", paused=[a_pause(reason="\x1b[2Jx")]))

    ran, document = run("sending", "show"), run("sending", "show", "--json")

    assert "Paused: everything" in ran.out and "Delivery mode live." in ran.out and "\x1b" not in ran.out
    assert document.json["paused"][0]["id"] == 1


@pytest.mark.parametrize("more", [(), ("--reason", " "), ("--reason", "a\nb"), ("--reason", "x", "--incident", "api")])
def test_a_pause_needs_a_reason_and_a_scope_that_can_be(house: House, run: Run, more: tuple[str, ...]) -> None:
    assert (run("sending", "pause", *more).code, house.heard) == (2, [])
