"""Failed events, and people whom a notice failed to reach."""

import pytest

from .conftest import Run, Types
from .house import House
from .views import NOON, NOTICE, a_failed, a_notice, a_row, a_sum, an_outage, carried_out

REPLAY = "POST /v1/failed/e1/replay"
FAILED = {"event_id": "e1", "state": "failed", "reason": "as before"}


def test_a_replay_says_what_became_of_the_event(house: House, run: Run) -> None:
    house.says("GET /v1/failed/e1", a_failed())
    house.says(REPLAY, (202, {"event_id": "e1"}))
    house.says("GET /v1/events/e1", FAILED, carried_out())

    ran = run("failed", "replay", "e1")

    assert (ran.code, ran.out) == (0, "e1: INC-7 opened (revision 1).\n")


def test_an_event_that_fails_again_is_refused(house: House, run: Run) -> None:
    house.says("GET /v1/failed/e1", a_failed(tries=1), a_failed(tries=1), a_failed(tries=2))
    house.says(REPLAY, (202, {"event_id": "e1"}))
    house.says("GET /v1/events/e1", FAILED)

    ran = run("failed", "replay", "e1", "--json")

    assert (ran.code, ran.json["state"]) == (1, "failed")


def test_all_means_those_that_were_not_replayed_yet(house: House, run: Run) -> None:
    house.says("GET /v1/failed", [a_failed(), a_failed(id="e2", replayed_at=NOON)])
    house.says(REPLAY, (202, {"event_id": "e1"}))
    house.says("GET /v1/events/e1", carried_out())

    ran = run("failed", "replay", "--all")

    assert ran.out.count("\n") == 1
    assert house.asked("POST /v1/failed/e2/replay") == []


def test_an_empty_list_is_said_plainly(house: House, run: Run) -> None:
    house.says("GET /v1/failed", [])

    assert run("failed", "list").out == "No event failed.\n"
    assert run("failed", "replay", "--all").out == "No event to replay.\n"
    assert run("failed", "replay").code == 2


def test_what_a_source_wrote_cannot_steer_the_terminal(house: House, run: Run) -> None:
    house.says("GET /v1/failed/e1", a_failed(body="\x1b]0;owned\x07[red]x"))

    assert "\x1b" not in (out := run("failed", "show", "e1").out)
    assert "[red]x" in out


def test_what_was_forgotten_is_said_to_be_and_left_out_of_all(house: House, run: Run) -> None:
    forgotten = a_failed(body="", forgotten_at=NOON)
    house.says("GET /v1/failed/e1", forgotten)
    house.says("GET /v1/failed", [forgotten])

    assert "kept for seven days" in run("failed", "show", "e1").out
    assert run("failed", "replay", "--all").out == "No event to replay.\n"
    assert house.asked(REPLAY) == []


# -- dismissing ----------------------------------------------------------------------------------------------

DISMISS = "POST /v1/failed/e1/dismiss"
GONE = {"failed_id": "e1", "dismissed_by": "oleg", "dismissed_why": "a typing error"}
WHY = ("--reason", "a typing error")


def test_a_dismissal_says_why_and_is_answered_with_what_is_kept(house: House, run: Run) -> None:
    house.says(DISMISS, GONE)

    ran = run("failed", "dismiss", "e1", *WHY)

    assert (ran.code, ran.out) == (0, "e1: dismissed by oleg: a typing error\n")
    assert house.asked(DISMISS)[0].json == {"reason": "a typing error"}
    assert run("failed", "dismiss", "e1", *WHY, "--json").json == GONE


def test_all_dismisses_whatever_waits(house: House, run: Run) -> None:
    house.says("GET /v1/failed", [a_failed(), a_failed(id="e2")])
    for each in ("e1", "e2"):
        house.says(f"POST /v1/failed/{each}/dismiss", GONE | {"failed_id": each})

    assert [gone["failed_id"] for gone in run("failed", "dismiss", "--all", *WHY, "--json").json] == ["e1", "e2"]


@pytest.mark.parametrize("words", [(), ("e1",), WHY, ("e1", "--all", *WHY), ("e1", "--reason", "")])
def test_a_dismissal_names_what_and_why(house: House, run: Run, words: tuple[str, ...]) -> None:
    assert run("failed", "dismiss", *words).code == 2
    assert house.asked(DISMISS) == []


def test_what_was_dismissed_is_said_to_be(house: House, run: Run) -> None:
    house.says("GET /v1/failed/e1", a_failed(dismissed_at=NOON, dismissed_by="oleg", dismissed_why="a typing error"))

    out = run("failed", "show", "e1").out

    assert "oleg: a typing error" in out
    assert any(line.startswith("dismissed ") for line in out.splitlines())


# -- people whom a notice failed to reach ------------------------------------------------------------------

AGAIN = f"POST /v1/notices/{NOTICE}/replay"
VERB = ("failed", "replay", "--notice", NOTICE, "--reason", "The relay is mended.")
CHILD = "00ff" * 4


@pytest.fixture
def desk(house: House) -> House:
    house.says("GET /v1/outages", [a_row()])
    house.says("GET /v1/outages/INC-7", an_outage(notices=[a_notice(sum=a_sum(12, 9, failed=3))]))
    house.says(AGAIN, {"notice": NOTICE, "child": CHILD, "people": {"email": 3}})
    return house


def test_whom_a_notice_failed_to_reach_is_asked_before_they_are_told_again(desk: House, run: Run, types: Types) -> None:
    types("y\n")

    ran = run(*VERB)

    assert "Tell 3 people by email again, with the newest facts? [y/N]" in ran.err
    assert desk.asked(AGAIN)[0].json == {"reason": "The relay is mended."}
    assert ran.out == f"Notice {CHILD} tells 3 people by email whom {NOTICE} failed to reach.\n"


@pytest.mark.parametrize("answer", ["", "\n", "n\n"])
def test_nobody_is_told_again_unless_the_answer_is_yes(desk: House, run: Run, types: Types, answer: str) -> None:
    types(answer)

    assert (run(*VERB).code, desk.asked(AGAIN)) == (1, [])


def test_a_script_says_yes_and_why(desk: House, run: Run) -> None:
    assert run(*VERB).code == run("failed", "replay", "--notice", NOTICE, "--yes").code == 2
    assert run("failed", "replay", "e1", "--notice", NOTICE).code == 2

    assert run(*VERB, "--yes", "--json").json["people"] == {"email": 3}
    assert len(desk.asked(AGAIN)) == 1


def test_that_nobody_failed_is_said_as_the_desk_says_it(desk: House, run: Run) -> None:
    desk.says(AGAIN, (409, {"reason": "notice 1 has failed to reach nobody"}))

    ran = run(*VERB, "--yes")

    assert (ran.code, "failed to reach nobody" in ran.err) == (1, True)
