"""Confirm, delay, extend, cancel: what is sent, and what is refused before it is."""

from typing import Any
from unittest.mock import ANY

import pytest

from forewarn.contracts.event import parse_event

from .conftest import Run, Types
from .house import House
from .views import a_preview, a_schedule, a_status, a_work, carried_out

SENT, STATE, PREVIEW, WORK = "POST /v1/events", "GET /v1/events/*", "POST /v1/preview", "GET /v1/outages/MNT-3"
DELAY = ("maintenance", "delay", "MNT-3", "--start", "2026-03-10 20:00")
BASE = {"event_id": ANY, "about": "MNT-3", "from_revision": 3}


@pytest.fixture
def desk(house: House) -> House:
    house.says("GET /v1/status", a_status())
    house.says(SENT, (202, {"event_id": "e1"}))
    house.says(STATE, carried_out(verdict="revised", outage="MNT-3", revision=4))
    house.says(PREVIEW, a_preview(outage="MNT-3"))
    house.says("POST /v1/maintenances/rehearsal", a_schedule())
    house.says(WORK, a_work())
    return house


def sent(house: House) -> Any:
    (only,) = house.asked(SENT)
    parse_event(only.body)
    return only.json


def test_confirmed_work_is_tentative_no_more(desk: House, run: Run) -> None:
    ran = run("maintenance", "confirm", "mnt-3", "--yes")

    assert sent(desk) == {**BASE, "tentative": False}
    assert ran.out == "MNT-3 confirmed (revision 4).\n"


def test_delayed_work_takes_as_long_as_before(desk: House, run: Run) -> None:
    ran = run(*DELAY, "--reason", "The switch comes late.", "--yes")

    window = {"start": "2026-03-10T19:00:00Z", "end": "2026-03-10T21:00:00Z"}
    assert sent(desk) == {**BASE, "window": window, "note": "The switch comes late."}
    assert ran.out == "MNT-3 moved (revision 4).\n"


def test_across_a_clock_change_delayed_work_takes_as_long_as_before(desk: House, run: Run) -> None:
    run("maintenance", "delay", "3", "--start", "2026-03-29 01:00", "--yes")

    assert sent(desk)["window"] == {"start": "2026-03-29T00:00:00Z", "end": "2026-03-29T02:00:00Z"}


def test_a_delay_with_an_end_and_a_zone_is_taken_at_its_word(desk: House, run: Run) -> None:
    run(*DELAY, "--end", "23:30", "--zone", "America/New_York", "--yes")

    assert sent(desk)["window"] == {"start": "2026-03-11T00:00:00Z", "end": "2026-03-11T03:30:00Z"}


def test_an_expected_end_moves_along_with_delayed_work(desk: House, run: Run) -> None:
    facts = a_work().facts | {"expected_end": "2026-03-09T22:00:00Z"}
    desk.says(WORK, a_work(facts=facts))

    run(*DELAY, "--yes")

    assert sent(desk)["expected_end"] == sent(desk)["window"]["end"] == "2026-03-10T21:00:00Z"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"status": "in_progress"},
            "MNT-3 has begun, so its start is past. Say how long it takes: forewarn maintenance",
        ),
        ({"status": "verifying"}, "has begun"),
        ({"status": "cancelled", "open": False}, "MNT-3 is over (cancelled). Plan it anew"),
        ({"facts": {}}, "how long MNT-3 takes is not on record. Say when it is over: --end TIME"),
    ],
)
def test_what_cannot_be_moved_is_refused_with_what_to_do(
    desk: House, run: Run, changes: dict[str, Any], words: str
) -> None:
    desk.says(WORK, a_work(**changes))

    ran = run(*DELAY, "--yes")

    assert (ran.code, words in ran.err, desk.asked(SENT)) == (1, True, [])


def test_with_the_desk_away_a_delay_needs_its_end(desk: House, run: Run) -> None:
    desk.says(WORK, (503, {"reason": "starting"}))

    refused, told = run(*DELAY, "--yes"), run(*DELAY, "--end", "2h", "--yes")

    assert (refused.code, told.code, len(desk.asked(SENT))) == (1, 0, 1)


def test_a_delay_shows_the_new_schedule_and_asks(desk: House, run: Run, types: Types) -> None:
    types("n\n")

    ran = run(*DELAY)

    assert "Tell 812,441 people now, and go by this schedule?" in ran.err and "Schedule of MNT-3" in ran.err
    assert (ran.code, desk.asked(SENT)) == (1, [])


def test_extended_work_has_another_end_and_the_same_window(desk: House, run: Run) -> None:
    run("maintenance", "extend", "MNT-3", "--until", "in 1h", "--reason", "A cable is too short.", "--yes")

    assert sent(desk) == {**BASE, "expected_end": "2026-03-02T13:00:00Z", "note": "A cable is too short."}


def test_when_no_end_is_known_readers_are_promised_more(desk: House, run: Run) -> None:
    run("maintenance", "extend", "MNT-3", "--next-update", "15:30", "--yes")

    assert sent(desk) == {**BASE, "next_update_at": "2026-03-02T14:30:00Z"}


def test_a_cancellation_says_why(desk: House, run: Run) -> None:
    ran = run("maintenance", "cancel", "MNT-3", "--reason", "The switch came broken.", "--yes")

    assert sent(desk) == {**BASE, "status": "cancelled", "note": "The switch came broken."}
    assert ran.out == "MNT-3 cancelled (revision 4).\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("extend", "MNT-3"),
            "no new end: give --until TIME, or --next-update TIME. Say it like: forewarn maintenance extend MNT-3",
        ),
        (("extend", "MNT-3", "--until", "soon"), "--until: 'soon' is not a time"),
        (("cancel", "MNT-3"), "--reason"),
        ((*DELAY[1:], "--end", "2026-03-10 19:00"), "--end: '2026-03-10 19:00' is not after the start"),
        (("delay", "MNT-3", "--start", "2026-03-29 02:30"), "02:30 does not exist in your zone on 2026-03-29"),
    ],
)
def test_what_cannot_be_meant_sends_nothing(desk: House, run: Run, arguments: tuple[str, ...], words: str) -> None:
    ran = run("maintenance", *arguments, "--yes")

    assert (ran.code, words in " ".join(ran.err.split()), desk.asked(SENT)) == (2, True, [])


@pytest.mark.parametrize("verb", [DELAY, ("maintenance", "cancel", "MNT-3", "--reason", "x")])
def test_without_a_terminal_nothing_is_asked_of_anybody(desk: House, run: Run, verb: tuple[str, ...]) -> None:
    assert (run(*verb).code, desk.heard) == (2, [])
