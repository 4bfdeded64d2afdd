"""A failed event that is dismissed waits for nobody, says by whom and why, and comes back if it fails again."""

from typing import Any

import orjson

from tests.support.home import Home, an_event, until

WHY = {"reason": "A typing error; sent anew."}


def dismiss(home: Home, event_id: str = "people/cards-1", token: str = "oleg") -> tuple[int, Any]:
    return home.request("POST", f"/v1/failed/{event_id}/dismiss", orjson.dumps(WHY), token)


def fails(home: Home) -> str:
    """An event on a component that nobody knows; why it failed."""
    _, answer = home.post(an_event(event_id="cards-1"))
    return str(home.done(answer["event_id"])["reason"])


def test_a_dismissed_event_leaves_the_list_and_says_by_whom_and_why(home: Home) -> None:
    failed = fails(home)

    status, answer = dismiss(home)

    by_and_why = {"dismissed_by": "oleg", "dismissed_why": WHY["reason"]}
    assert (status, answer) == (200, {"failed_id": "people/cards-1"} | by_and_why)
    assert (home.desk("/v1/failed"), home.desk("/v1/status")["failed_events"]) == ([], 0)
    shown = home.desk("/v1/failed/people/cards-1")
    assert (shown["reason"], shown["replayed_at"], shown["dismissed_at"] is not None) == (failed, None, True)
    assert {name: shown[name] for name in by_and_why} == by_and_why
    assert home.done("people/cards-1")["state"] == "failed"


def test_a_dismissed_event_can_be_replayed_all_the_same(home: Home) -> None:
    fails(home)
    dismiss(home)
    home.import_demo()

    home.request("POST", "/v1/failed/people/cards-1/replay")
    until(lambda: home.desk("/v1/events/people/cards-1")["state"] == "carried_out", what="the replay")

    shown = home.desk("/v1/failed/people/cards-1")
    assert (shown["replayed_at"] is not None, shown["dismissed_by"]) == (True, "oleg")
    assert home.desk("/v1/failed") == []


def test_a_dismissed_event_that_comes_and_fails_again_waits_again(home: Home) -> None:
    failed = fails(home)
    dismiss(home)

    home.post(an_event(event_id="cards-1"))

    (waits,) = until(lambda: home.desk("/v1/failed"), what="the second failure")
    assert (waits["tries"], waits["reason"], waits["dismissed_at"], waits["dismissed_by"]) == (2, failed, None, None)


def test_nothing_is_dismissed_twice_nor_what_is_not_there(home: Home) -> None:
    fails(home)

    assert [dismiss(home)[0] for _ in range(2)] == [200, 409]
    assert dismiss(home, "people/cards-2")[0] == 404


def test_only_an_operator_dismisses(home: Home) -> None:
    fails(home)

    assert [dismiss(home, token=token)[0] for token in ("dana", "monitoring", "rita")] == [403] * 3
    assert len(home.desk("/v1/failed")) == 1
