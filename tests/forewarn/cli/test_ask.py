"""The question before anybody is told."""

import os
import pty
import sys
from datetime import timedelta
from typing import Any

import pytest

from forewarn.contracts.api import PreviewView

from .conftest import Run, Types
from .house import House
from .views import NOON, a_group, a_pause, a_preview, a_preview_notice, a_text, carried_out

PREVIEW, SENT, STATE = "POST /v1/preview", "POST /v1/events", "GET /v1/events/*"
ABOUT = {
    "open": ("incident", "open", "--component", "api"),
    "update": ("incident", "update", "INC-7", "--note", "Better."),
    "resolve": ("incident", "resolve", "INC-7"),
    "release": ("incident", "release", "INC-7"),
    "correct": ("incident", "correct", "INC-7", "--cause", "A switch."),
    "withdraw": ("incident", "withdraw", "INC-7"),
    "drill": ("drill", "--component", "api"),
}
OPEN = ABOUT["open"]


@pytest.fixture(params=ABOUT)
def verb(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return ABOUT[request.param]


@pytest.mark.parametrize("answer", ["", "\n", "n\n", "no\n", "812441\n", "yess\n", "y es\n"])
def test_nothing_is_sent_unless_the_answer_is_yes(
    house: House, run: Run, types: Types, verb: tuple[str, ...], answer: str
) -> None:
    types(answer)

    ran = run(*verb)

    assert house.asked(SENT) == []
    assert "Tell 812,441 people? [y/N]" in ran.err
    assert (ran.code, "nobody was told" in ran.err, ran.out) == (1, True, "")


@pytest.mark.parametrize("answer", ["y\n", "Y\n", " yes \n"])
def test_a_yes_sends_once(house: House, run: Run, types: Types, answer: str) -> None:
    house.says(SENT, (202, {"event_id": "e1"}))
    house.says(STATE, carried_out())
    types(answer)

    ran = run(*OPEN)

    assert len(house.asked(SENT)) == 1
    assert (ran.code, ran.out) == (0, "INC-7 opened (revision 1).\n")


def test_a_no_on_a_real_terminal_sends_nothing(house: House) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(sys.executable, [sys.executable, "-m", "forewarn.cli.main", *OPEN], {**os.environ, **_path()})
    said = b""
    while b"[y/N]" not in said:
        said += os.read(terminal, 4096)
    os.write(terminal, b"\n")

    _, status = os.waitpid(pid, 0)
    os.close(terminal)

    assert os.waitstatus_to_exitcode(status) == 1
    assert house.asked(SENT) == []


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_without_a_terminal_nothing_is_sent_and_the_way_is_said(
    house: House, run: Run, verb: tuple[str, ...], more: tuple[str, ...]
) -> None:
    ran = run(*verb, *more)

    assert house.heard == []
    assert (ran.code, "--yes" in (ran.err or ran.json["error"]["todo"])) == (2, True)


@pytest.mark.parametrize("more", [(), ("--yes",)])
def test_a_dry_run_shows_every_text_and_sends_nothing(
    house: House, run: Run, verb: tuple[str, ...], more: tuple[str, ...]
) -> None:
    ran = run(*verb, "--dry-run", *more)

    assert (ran.code, house.asked(SENT)) == (0, [])
    for words in ("Some of you cannot pay", "Einige von Ihnen", "Say that we are looking", "Nothing is sent"):
        assert words in ran.out


def test_a_dry_run_as_json_is_the_preview(house: House, run: Run) -> None:
    ran = run(*OPEN, "--dry-run", "--json")

    assert (PreviewView.model_validate(ran.json), ran.err) == (a_preview(), "")


def test_what_is_shown_is_what_is_sent(house: House, run: Run) -> None:
    house.says(SENT, (202, {"event_id": "e1"}))
    house.says(STATE, carried_out(verdict="revised", revision=4))

    run(*ABOUT["correct"], "--retract", "next-update", "--yes")

    (shown,), (sent) = house.asked(PREVIEW), house.asked(SENT)[0].json
    assert sent == {**shown.json, "from_revision": 3}


def test_the_screen_says_text_audience_and_time_in_80_columns(house: House, run: Run, types: Types) -> None:
    types("")

    err = run(*OPEN).err

    for words in ("Some of you cannot pay by card.", "2 more variants", "3,204 unsubscribed", "Tue 3 Mar 07:00 CET"):
        assert words in " ".join(err.split())
    for words in ("812,410", "3 min", "nothing leaves this machine"):
        assert words in err
    assert max(map(len, err.splitlines())) <= 80


def test_an_audience_on_two_channels_is_told_apart_and_the_question_counts_people(
    house: House, run: Run, types: Types
) -> None:
    groups = [a_group(people=5), a_group(channel="webhook", people=3)]
    house.says(PREVIEW, a_preview(groups=groups, people=6))
    types("")

    err = run(*OPEN).err

    rows = [line.split() for line in err.splitlines()]
    assert ["outside", "customer", "email", "5", "-"] in rows and ["outside", "customer", "webhook", "3", "-"] in rows
    assert "Tell 6 people?" in err


def test_with_yes_the_screen_is_shown_all_the_same_but_not_in_the_answer(house: House, run: Run) -> None:
    house.says(SENT, (202, {"event_id": "e1"}))
    house.says(STATE, carried_out())

    ran, document = run(*OPEN, "--yes"), run(*OPEN, "--yes", "--json")

    assert "Some of you cannot pay by card." in ran.err and "[y/N]" not in ran.err
    assert ran.out == "INC-7 opened (revision 1).\n"
    assert (document.json["outage"], document.err) == ("INC-7", "")


def test_asked_for_json_the_answer_is_one_document(house: House, run: Run, types: Types) -> None:
    types("n\n")

    ran = run(*OPEN, "--json")

    assert (ran.code, ran.json["error"]["kind"]) == (1, "declined")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"paused": [a_pause(channel="email")]}, "Paused: email, since"),
        ({"paused": [a_pause()]}, "sent when the pause is lifted"),
        ({"test": True}, "only the policy's guests are told"),
        (
            {"notices": [a_preview_notice(promised_at=NOON + timedelta(minutes=40), too_near=NOON)]},
            "email needs until Mon 2 Mar 13:40 CET: its readers outside are promised Mon 2 Mar 13:40 CET, not Mon 2 Mar"
            " 13:00 CET.",
        ),
        (
            {"notices": [a_preview_notice(too_near=NOON)]},
            "email needs hours: its readers outside are promised no time and pointed to the page, not Mon 2 Mar 13:00",
        ),
        ({"mode": "guests"}, "Delivery mode guests: only the policy's guests"),
        ({"verdict": "repeat", "reason": "INC-7 says so"}, "This says nothing new: INC-7 says so."),
        ({"people": 1}, "Tell 1 person? [y/N]"),
        ({"notices": [a_preview_notice(side="inside", people=4)], "people": 4}, "Nobody outside is told."),
        ({"notices": [a_preview_notice(now=False, when="after 3 min")]}, "Nobody outside is told now"),
        (
            {"notices": [a_preview_notice(now=False, when="after 3 min")], "people_later": 812_410},
            "812,410 people would be told later",
        ),
        ({"texts": [a_text(text="\x1b]0;owned\x07[red]x")]}, "]0;owned"),
        ({"groups": [a_group(outcome="suppressed", reason="not_a_guest", people=9)]}, "9 not a guest"),
        ({"texts": [], "groups": [], "notices": [], "people": 0}, "Tell 0 people? [y/N]"),
    ],
)
def test_what_stands_over_the_act_is_said_before_the_question(
    house: House, run: Run, types: Types, changes: dict[str, Any], words: str
) -> None:
    house.says(PREVIEW, a_preview(**changes))
    types("")

    err = run(*OPEN).err

    assert words in " ".join(err.split()) and "\x1b" not in err


@pytest.mark.parametrize("failure", [None, (503, {"reason": "starting"}), (500, b"<html>")])
def test_with_the_desk_away_an_outage_can_still_be_told(house: House, run: Run, types: Types, failure: Any) -> None:
    house.says(PREVIEW, failure)
    house.says(SENT, (202, {"event_id": "e1"}))
    house.says(STATE, carried_out())

    asked = run_after(types, "n\n", run)
    sent_before = len(house.asked(SENT))
    told = run(*OPEN, "--yes")

    assert "Tell an unknown number of people? [y/N]" in asked
    assert sent_before == 0
    assert (told.code, "No preview can be had" in told.err, len(house.asked(SENT))) == (0, True, 1)


def test_an_act_that_would_be_refused_is_not_sent(house: House, run: Run) -> None:
    house.says(PREVIEW, (422, {"reason": "INC-7 is over"}))

    ran = run(*ABOUT["update"], "--yes")

    assert (ran.code, "INC-7 is over" in ran.err, house.asked(SENT)) == (1, True, [])


def run_after(types: Types, text: str, run: Run) -> str:
    types(text)
    return run(*OPEN).err


def _path() -> dict[str, str]:
    return {"PYTHONPATH": os.pathsep.join(sys.path), "TERM": "dumb"}
