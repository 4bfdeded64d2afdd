"""The smallest cases of what the simulation found in the real planner."""

from dataclasses import replace
from datetime import timedelta

from forewarn.notice import Channel, ChannelState, Occasion
from forewarn.outage import Status
from forewarn.subscriber import Side
from services.planner.gate import Release, Stance, Standing, Stop, moves
from services.planner.rungs import Fate
from tests.services.planner.test_upkeep import NEWS, START, WINDOW, facts, names, occasions, told_slots, wants

CORRECTION = Standing(
    "c", Side.OUTSIDE, Channel.WEBHOOK, Occasion.CORRECTION, ChannelState.RELEASED, 1, air_seconds=61, few_left=True
)
UPDATE = Standing("u", Side.OUTSIDE, Channel.WEBHOOK, Occasion.UPDATE, ChannelState.WAITING, 2)


def test_what_was_due_while_the_clock_was_down_is_told_by_the_end_and_on_record() -> None:
    over = WINDOW.end + timedelta(hours=1)

    found = wants(
        over + timedelta(minutes=1),
        facts(Status.COMPLETED),
        told=facts(Status.IN_PROGRESS),
        slots=told_slots("5bd", "1bd", "30min", "start", "25%", "50%"),
        unseen=NEWS,
        closed_at=over,
    )

    assert occasions(found) == [Occasion.COMPLETED]
    assert names(found, Fate.COMPRESSED) == ["75%", "end"]
    assert {each.by for each in found.ended} == {found.wanted[0].slot}


def test_what_was_not_due_yet_when_the_work_was_over_has_no_fate() -> None:
    done = START + timedelta(hours=1, minutes=30)

    found = wants(
        WINDOW.end + timedelta(hours=1),
        facts(Status.COMPLETED),
        told=facts(Status.IN_PROGRESS),
        slots=told_slots("5bd", "1bd", "30min", "start", "25%"),
        unseen=NEWS,
        closed_at=done,
    )

    assert (occasions(found), found.ended) == ([Occasion.COMPLETED], ())


def test_one_endpoint_that_is_away_keeps_nobody_from_what_follows_a_correction() -> None:
    stopped = moves([CORRECTION, UPDATE], Stance())
    then = moves([UPDATE], Stance())

    assert [type(move) for move in stopped] == [Stop]
    assert [type(move) for move in then] == [Release]


def test_a_correction_that_many_have_not_heard_is_not_stopped() -> None:
    assert moves([replace(CORRECTION, few_left=False), UPDATE], Stance()) == ()
    assert moves([replace(CORRECTION, air_seconds=59), UPDATE], Stance()) == ()
