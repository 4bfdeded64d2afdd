"""Waiting: for whom, and for whom not."""

import time
from datetime import timedelta

import pytest

from forewarn.cli import follow
from forewarn.contracts.api import PreviewView

from .conftest import Run
from .house import House
from .views import NOON, a_notice, a_pause, a_preview, a_sum, an_outage, carried_out

HELD = {"state": "held", "revision": None, "sum": a_sum(0, 0)}
UPDATE = ("incident", "update", "INC-7", "--note", "Better.", "--wait", "--yes")


@pytest.fixture
def desk(house: House) -> House:
    house.says("POST /v1/events", (202, {"event_id": "e1"}))
    house.says("GET /v1/events/*", carried_out(verdict="revised", revision=1))
    return house


@pytest.mark.parametrize(
    ("hold", "words"),
    [
        ("after", "held until Mon 2 Mar 13:03 CET, unless dismissed"),
        ("person", "held until a person releases it"),
        ("storm", "held by the storm brake"),
        ("quiet", "asleep until Mon 2 Mar 13:03 CET"),
    ],
)
def test_what_a_rule_holds_is_named_and_not_waited_for(desk: House, run: Run, hold: str, words: str) -> None:
    held = a_notice(**HELD, reason=hold, hold_until=NOON + timedelta(minutes=3))
    told = a_notice(side="inside", sum=a_sum(5, 5))
    desk.says("GET /v1/outages/INC-7", an_outage(release="held", notices=[told, held]))

    began = time.monotonic()
    ran = run(*UPDATE)

    assert time.monotonic() - began < follow.ACCOUNTED_SECONDS / 2
    assert "Told so far: 5 of 5 (100 %)." in ran.out
    assert f"Not told yet, outside by email: {words}" in ran.out


def test_what_only_awaits_its_turn_or_a_release_just_given_is_waited_for(desk: House, run: Run) -> None:
    inside, outside = a_notice(side="inside", sum=a_sum(5, 5)), a_notice(sum=a_sum(9, 9))
    desk.says(
        "GET /v1/outages/INC-7",
        an_outage(release="released", notices=[inside, a_notice(**HELD, reason="person")]),
        an_outage(release="released", notices=[inside, a_notice(**HELD)]),
        an_outage(release="released", notices=[inside, outside]),
    )

    assert "Told so far: 14 of 14 (100 %)." in run(*UPDATE).out


def test_when_all_is_held_the_wait_is_only_for_the_plan(desk: House, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "PLANNED_SECONDS", 0.3)
    desk.says("GET /v1/outages/INC-7", an_outage(release="held", notices=[a_notice(**HELD, reason="person")]))

    assert "Told so far: nobody yet." in run(*UPDATE).out
    assert len(desk.asked("GET /v1/outages/INC-7")) > 1


def test_what_ended_unreleased_is_not_waited_for(desk: House, run: Run) -> None:
    ended = a_notice(state="suppressed", reason="superseded", revision=1, sum=a_sum(0, 0))
    desk.says("GET /v1/outages/INC-7", an_outage(notices=[ended, a_notice(sum=a_sum(5, 5))]))

    assert "Told so far: 5 of 5 (100 %)." in run(*UPDATE).out


@pytest.mark.parametrize("outlook", [a_preview(notices=[], people=0), a_preview(paused=[a_pause()], people=0)])
def test_when_nothing_leaves_nothing_is_waited_for(desk: House, run: Run, outlook: PreviewView) -> None:
    desk.says("POST /v1/preview", outlook)

    ran = run(*UPDATE)

    assert (ran.out, desk.asked("GET /v1/outages/INC-7")) == ("INC-7 updated (revision 1).\n", [])
