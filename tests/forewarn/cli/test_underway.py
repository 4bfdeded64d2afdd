"""Start, progress, complete, and the words of planned work: what is sent, and what is said of it."""

from typing import Any
from unittest.mock import ANY

import pytest

from forewarn.contracts.event import parse_event

from .conftest import Run
from .house import House
from .views import NOTICE, a_preview, a_schedule, a_status, a_work, carried_out

SENT, STATE, PREVIEW, WORK = "POST /v1/events", "GET /v1/events/*", "POST /v1/preview", "GET /v1/outages/MNT-3"
BASE = {"event_id": ANY, "about": "MNT-3", "from_revision": 3}


@pytest.fixture
def desk(house: House) -> House:
    house.says("GET /v1/status", a_status())
    house.says(SENT, (202, {"event_id": "e1"}))
    house.says(STATE, carried_out(verdict="revised", outage="MNT-3", revision=4))
    house.says(PREVIEW, a_preview(outage="MNT-3"))
    house.says("POST /v1/maintenances/rehearsal", a_schedule())
    house.says(WORK, a_work(release="held"))
    return house


def sent(house: House) -> Any:
    (only,) = house.asked(SENT)
    parse_event(only.body)
    return only.json


@pytest.mark.parametrize(
    ("arguments", "said", "became"),
    [
        (("start",), {"status": "in_progress"}, "started"),
        (("complete", "--note", "All went well."), {"status": "completed", "note": "All went well."}, "completed"),
        (("progress", "--done", "3", "--total", "5"), {"tasks": {"done": 3, "total": 5}}, "updated"),
        (("progress", "--done", "0", "--total", "5"), {"tasks": {"done": 0, "total": 5}}, "updated"),
        (("update", "--status", "verifying"), {"status": "verifying"}, "updated"),
        (("update", "--class", "action_required"), {"notice_class": "action_required"}, "updated"),
        (("update", "--tentative"), {"tentative": True}, "updated"),
        (("correct", "--symptoms", "Logins."), {"act": "correct", "symptoms": "Logins."}, "corrected"),
        (("withdraw", "--notice", NOTICE), {"act": "withdraw", "notices": [NOTICE]}, "withdrawn"),
        (("release",), {"act": "release"}, "released: customers are told"),
    ],
)
def test_each_verb_is_one_event_about_the_work(
    desk: House, run: Run, arguments: tuple[str, ...], said: dict[str, Any], became: str
) -> None:
    verb, *options = arguments

    ran = run("maintenance", verb, "3", *options, "--yes")

    assert sent(desk) == BASE | said
    assert (ran.code, ran.out) == (0, f"MNT-3 {became} (revision 4).\n")


def test_what_tells_nobody_asks_nobody(desk: House, run: Run) -> None:
    assert (run("maintenance", "take", "3").code, sent(desk)) == (0, {**BASE, "act": "take"})


def test_what_customers_have_heard_is_taken_back_under_its_own_noun(desk: House, run: Run) -> None:
    desk.says(WORK, a_work(release="released"))

    ran = run("maintenance", "dismiss", "MNT-3")

    assert (ran.code, "forewarn maintenance withdraw MNT-3" in ran.err) == (1, True)


def test_a_correction_can_be_of_the_times(desk: House, run: Run) -> None:
    run("maintenance", "correct", "MNT-3", "--start", "2026-03-09 21:00", "--end", "1h", "--yes")

    window = {"start": "2026-03-09T20:00:00Z", "end": "2026-03-09T21:00:00Z"}
    assert sent(desk) == {**BASE, "act": "correct", "window": window}


def test_a_repeat_says_that_nothing_became_of_it(desk: House, run: Run) -> None:
    desk.says(STATE, carried_out(verdict="repeat", outage="MNT-3", revision=4, reason="MNT-3 says that already"))

    ran = run("maintenance", "start", "MNT-3", "--yes")

    assert ran.out == "MNT-3 already says so (revision 4): MNT-3 says that already.\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("progress", "MNT-3", "--done", "7", "--total", "5"), "--done 7 is more than --total 5"),
        (("progress", "MNT-3", "--done", "7"), "--total"),
        (("update", "MNT-3"), "nothing new was said"),
        (("update", "MNT-3", "--impact", "down"), "--impact says nothing without --component"),
        (("correct", "MNT-3"), "what is wrong, and what is right?"),
        (("correct", "MNT-3", "--start", "20:00"), "--end is missing"),
        (("withdraw", "INC-7"), "INC-7 is an incident"),
    ],
)
def test_what_cannot_be_meant_sends_nothing(desk: House, run: Run, arguments: tuple[str, ...], words: str) -> None:
    ran = run("maintenance", *arguments, "--yes")

    assert (ran.code, words in " ".join(ran.err.split()), desk.asked(SENT)) == (2, True, [])
