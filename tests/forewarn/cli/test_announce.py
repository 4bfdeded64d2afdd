"""Announcing a release, from a pipeline."""

from typing import Any

import pytest

from forewarn.contracts.event import parse_event

from .conftest import Run
from .house import House
from .views import carried_out

SENT, STATE = "POST /v1/events", "GET /v1/events/*"
LINE = ("announce", "--version", "2.4", "--benefit", "Reports load at once.", "--components", "reports")


@pytest.fixture
def desk(house: House) -> House:
    house.says(SENT, (202, {"event_id": "release-2.4"}))
    house.says(STATE, carried_out(outage="ANN-2"))
    return house


def test_one_line_announces_a_release(desk: House, run: Run) -> None:
    ran = run(*LINE, "--whats-new", "A new engine.", "--components", "api", "--event-id", "release-2.4", "--yes")

    (only,) = desk.asked(SENT)
    assert parse_event(only.body).version == "2.4"
    assert only.json == {
        "event_id": "release-2.4",
        "key": "release-2.4",
        "kind": "announcement",
        "version": "2.4",
        "benefit": "Reports load at once.",
        "whats_new": "A new engine.",
        "components": ["reports", "api"],
    }
    assert (ran.code, ran.out) == (0, "ANN-2 announced (revision 1).\n")


def test_a_repeated_run_sends_the_same_event(desk: House, run: Run) -> None:
    first, again = (run(*LINE, "--event-id", "release-2.4", "--yes", "--json") for _ in range(2))

    one, other = desk.asked(SENT)
    assert one.body == other.body
    assert first.json == again.json and (first.code, again.code, again.err) == (0, 0, "")


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (carried_out(outage="ANN-2"), 0),
        ({"event_id": "e1", "state": "failed", "reason": "not in the directory: api"}, 1),
    ],
)
def test_a_pipeline_reads_the_end_from_the_exit_code_and_one_document(
    desk: House, run: Run, state: Any, code: int
) -> None:
    desk.says(STATE, state)

    ran = run(*LINE, "--yes", "--json")

    assert (ran.code, ran.json["event_id"], ran.err) == (code, "e1", "")


def test_a_door_that_cannot_be_reached_ends_with_3(desk: House, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOREWARN_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("FOREWARN_DESK_URL", desk.url)

    ran = run(*LINE, "--event-id", "release-2.4", "--yes")

    assert (ran.code, "Repeat the act with --event-id release-2.4" in ran.err) == (3, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("announce", "--version", "2.4"), "--benefit"),
        (("announce", "--benefit", "Faster."), "--version"),
        ((*LINE,), "--yes"),
    ],
)
def test_what_is_missing_is_wrong_usage(desk: House, run: Run, arguments: tuple[str, ...], words: str) -> None:
    ran = run(*arguments)

    assert (ran.code, words in ran.err, desk.heard) == (2, True, [])


def test_a_release_of_nothing_is_refused_for_it_would_reach_no_customer(desk: House, run: Run) -> None:
    ran = run("announce", "--version", "2.4", "--benefit", "Reports load at once.", "--yes")

    assert ran.code == 2 and "--components" in ran.err
    assert desk.asked(SENT) == []
