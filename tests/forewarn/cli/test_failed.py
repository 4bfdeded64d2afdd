"""Failed events."""

from .conftest import Run
from .house import House
from .views import NOON, a_failed, carried_out

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
