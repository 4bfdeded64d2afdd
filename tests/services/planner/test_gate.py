"""Laws of the gate: one notice in the air per side and channel; what waits is replaced by what is newer."""

from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.delivery import Reason
from forewarn.notice import CHILDREN, OF_FAILURES, Channel, ChannelState, Ending, Hold, Occasion
from forewarn.subscriber import Side
from services.planner.descent import Descent
from services.planner.gate import (
    REPLACEABLE,
    ROUNDS,
    STOPS_AT_ONCE,
    STOPS_THE_SLOW,
    TAKES_BACK,
    TURNS,
    End,
    Move,
    Release,
    Replace,
    Stance,
    Standing,
    Stop,
    moves,
)

WAITING, HELD, RELEASED = ChannelState.WAITING, ChannelState.HELD, ChannelState.RELEASED
FIRST, UPDATE, HOLDING, RESOLVED = Occasion.FIRST, Occasion.UPDATE, Occasion.HOLDING, Occasion.RESOLVED
CORRECTION, WITHDRAWN, WAKE = Occasion.CORRECTION, Occasion.WITHDRAWN, Occasion.WAKE
OPEN = Stance()
CLOSED = Stance(open_outside=False, released=False)
HEARD = Stance(open_outside=True, released=False)

_serials = count(1)


def a_notice(occasion: Occasion = UPDATE, state: ChannelState = WAITING, **changes: object) -> Standing:
    """The newest notice so far, outside, by email."""
    serial = next(_serials)
    known: dict[str, object] = {"notice_id": f"n{serial}", "side": Side.OUTSIDE, "channel": Channel.EMAIL}
    return Standing(**(known | {"occasion": occasion, "state": state, "serial": serial} | changes))  # type: ignore[arg-type]


def a_child(**changes: object) -> Standing:
    """What sleepers are told when they wake."""
    return a_notice(WAKE, HELD, hold=Hold.QUIET, **changes)


def gone(standing: list[Standing], stance: Stance = OPEN) -> tuple[Move, ...]:
    return moves(standing, stance)


notices = st.lists(
    st.builds(
        a_notice,
        st.sampled_from(Occasion),
        st.sampled_from([WAITING, HELD, RELEASED]),
        side=st.sampled_from(Side),
        ahead=st.booleans(),
        paused=st.booleans(),
        hold=st.none() | st.sampled_from(Hold),
        hold_over=st.booleans(),
        air_seconds=st.sampled_from([0.0, 30.0, 61.0]),
    ),
    max_size=6,
)


def test_what_waits_alone_is_released() -> None:
    notice = a_notice(FIRST)

    assert gone([notice]) == (Release(notice),)


@pytest.mark.parametrize("occasion", sorted(set(Occasion) - STOPS_AT_ONCE - CHILDREN))
def test_nothing_is_released_while_another_is_in_the_air(occasion: Occasion) -> None:
    in_the_air, waiting = a_notice(FIRST, RELEASED), a_notice(occasion)

    assert gone([in_the_air, waiting]) == ()


def test_sides_do_not_wait_for_each_other() -> None:
    inside, outside = a_notice(side=Side.INSIDE, state=RELEASED), a_notice()

    assert gone([inside, outside]) == (Release(outside),)


def test_what_is_held_goes_when_it_may() -> None:
    held, free = a_notice(FIRST, HELD, ahead=False), a_notice(FIRST, HELD, ahead=True)

    assert gone([held]) == ()
    assert gone([free]) == (Release(free),)


@pytest.mark.parametrize("older", sorted(REPLACEABLE))
@pytest.mark.parametrize("newer", sorted(REPLACEABLE))
@pytest.mark.parametrize("state", [WAITING, HELD])
def test_a_newer_notice_replaces_what_waits(older: Occasion, newer: Occasion, state: ChannelState) -> None:
    waiting, news = a_notice(older, state), a_notice(newer)

    assert gone([waiting, news]) == (Replace(waiting, news), Release(news))


@pytest.mark.parametrize("turn", sorted(TURNS))
@pytest.mark.parametrize("round_", sorted(ROUNDS))
def test_a_turn_of_planned_work_replaces_what_waits_and_only_another_turn_replaces_it(
    turn: Occasion, round_: Occasion
) -> None:
    reminder, moved, later = a_notice(round_), a_notice(turn), a_notice(round_)

    assert gone([reminder, moved]) == (Replace(reminder, moved), Release(moved))
    assert gone([moved, later]) == (Release(moved),)
    assert gone([moved, again := a_notice(Occasion.DELAYED)]) == (Replace(moved, again), Release(again))


@pytest.mark.parametrize("round_", sorted(ROUNDS))
def test_what_waits_of_cancelled_work_is_told_to_nobody(round_: Occasion) -> None:
    waiting, cancelled = a_notice(round_), a_notice(Occasion.CANCELLED)

    assert gone([waiting], Stance(cancelled=True)) == (End(waiting, Ending.WITHDRAWN),)
    assert gone([cancelled], Stance(cancelled=True)) == (Release(cancelled),)


@pytest.mark.parametrize("occasion", sorted(set(Occasion) - REPLACEABLE - CHILDREN))
def test_what_must_be_told_is_never_replaced_and_goes_before_what_is_newer(occasion: Occasion) -> None:
    waiting, news = a_notice(occasion), a_notice(UPDATE)

    assert gone([waiting, news]) == (Release(waiting),)


@pytest.mark.parametrize("newer", sorted(set(Occasion) - REPLACEABLE - TURNS - TAKES_BACK))
def test_only_news_of_the_whole_outage_replaces(newer: Occasion) -> None:
    waiting, news = a_notice(UPDATE), a_notice(newer)

    assert gone([waiting, news]) == (Release(waiting),)


def test_what_replaces_a_held_notice_is_held_in_turn() -> None:
    held, news = a_notice(FIRST, HELD, ahead=False), a_notice(UPDATE, HELD, ahead=False)

    assert gone([held, news]) == (Replace(held, news),)


def test_what_is_in_the_air_is_not_replaced() -> None:
    in_the_air, news = a_notice(FIRST, RELEASED), a_notice(UPDATE)

    assert gone([in_the_air, news]) == ()


def test_of_many_that_wait_only_the_newest_goes() -> None:
    first, update, last = a_notice(FIRST), a_notice(UPDATE), a_notice(RESOLVED)

    made = gone([last, first, update])

    assert [move for move in made if isinstance(move, Release)] == [Release(last)]
    assert {move.notice for move in made if isinstance(move, Replace)} == {first, update}


@given(notices)
def test_at_most_one_is_in_the_air_per_side_and_channel(standing: list[Standing]) -> None:
    made = gone(standing)

    for side in Side:
        released = [m for m in made if isinstance(m, Release) and m.notice.side is side]
        in_the_air = [n for n in standing if n.side is side and n.state is RELEASED]
        assert len(released) <= (0 if in_the_air else 1)
        assert all(m.notice.ahead and not m.notice.paused for m in released)


@given(notices)
def test_a_notice_is_replaced_only_by_a_newer_one_of_its_side(standing: list[Standing]) -> None:
    replaced = [move for move in gone(standing) if isinstance(move, Replace)]

    assert all(move.by.serial > move.notice.serial and move.by.side is move.notice.side for move in replaced)
    assert len({move.notice.notice_id for move in replaced}) == len(replaced)


@given(notices)
def test_what_goes_is_older_than_all_of_its_kind_that_keep_waiting(standing: list[Standing]) -> None:
    made = gone(standing)

    moved = {move.notice.notice_id for move in made}
    for release in (move for move in made if isinstance(move, Release)):
        kind = release.notice.occasion in TAKES_BACK, release.notice.occasion in CHILDREN
        left = [n for n in standing if n.side is release.notice.side and n.notice_id not in moved]
        waits = [n for n in left if n.state is not RELEASED]
        alike = [n for n in waits if (n.occasion in TAKES_BACK, n.occasion in CHILDREN) == kind]
        assert all(n.serial > release.notice.serial for n in alike if n.occasion is not WAKE or n.hold_over)


@given(notices, st.randoms())
def test_the_order_of_asking_changes_nothing(standing: list[Standing], random: object) -> None:
    shuffled = list(standing)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert gone(shuffled) == gone(standing)


def test_a_storm_holds_also_for_those_who_have_heard_until_a_person_releases_it() -> None:
    held = a_notice(UPDATE, HELD, hold=Hold.STORM)

    assert gone([held], HEARD) == ()
    assert gone([held], OPEN) == (Release(held),)


@pytest.mark.parametrize("hold", [Hold.PERSON, Hold.STORM])
def test_what_a_person_must_release_waits_for_a_person_however_late_it_is(hold: Hold) -> None:
    held = a_notice(FIRST, HELD, hold=hold, hold_over=True)

    assert gone([held], CLOSED) == ()
    assert gone([held], OPEN) == (Release(held),)


def test_what_is_held_for_a_time_goes_when_it_is_over_or_a_person_releases_it() -> None:
    early, late = a_notice(FIRST, HELD, hold=Hold.AFTER), a_notice(FIRST, HELD, hold=Hold.AFTER, hold_over=True)

    assert gone([early], CLOSED) == ()
    assert gone([early], OPEN) == (Release(early),)
    assert gone([late], CLOSED) == (Release(late),)


def test_a_held_outside_notice_is_not_erased_by_inside_ones() -> None:
    held = a_notice(FIRST, HELD, hold=Hold.PERSON)
    inside = [a_notice(FIRST, RELEASED, side=Side.INSIDE), a_notice(RESOLVED, side=Side.INSIDE)]

    touched = [move.notice for move in gone([held, *inside], CLOSED)]

    assert held not in touched


def test_a_signal_that_ends_inside_the_hold_is_told_to_nobody() -> None:
    held = a_notice(FIRST, HELD, hold=Hold.AFTER, hold_over=True)

    assert gone([held], Stance(open_outside=False, calm=True)) == (End(held, Ending.WITHDRAWN),)


def test_a_blip_of_a_source_that_is_told_at_once_is_told_though_it_is_over() -> None:
    held = a_notice(FIRST, HELD)

    assert gone([held], Stance(open_outside=False, calm=True)) == (Release(held),)


def test_what_is_dismissed_ends_and_inside_goes_on() -> None:
    held, inside = a_notice(FIRST, HELD, hold=Hold.AFTER), a_notice(UPDATE, side=Side.INSIDE)

    made = gone([held, inside], Stance(open_outside=False, dismissed=True))

    assert set(made) == {End(held, Ending.DISMISSED), Release(inside)}


def test_a_dismissal_after_customers_heard_holds_nothing_back() -> None:
    news = a_notice(UPDATE)

    assert gone([news], Stance(open_outside=True, dismissed=True)) == (Release(news),)


@pytest.mark.parametrize("occasion", sorted(TAKES_BACK))
def test_what_takes_back_goes_before_all_that_waited_longer(occasion: Occasion) -> None:
    waiting, back = a_notice(UPDATE), a_notice(occasion)

    assert gone([waiting, back]) == (Release(back),)


@pytest.mark.parametrize("occasion", sorted(STOPS_AT_ONCE))
def test_the_end_and_what_takes_back_stop_what_is_in_the_air_at_once(occasion: Occasion) -> None:
    in_the_air, news = a_notice(FIRST, RELEASED), a_notice(occasion)
    reason = Reason.WITHDRAWN if occasion is WITHDRAWN else Reason.SUPERSEDED

    assert gone([in_the_air, news]) == (Stop(in_the_air, reason),)


@pytest.mark.parametrize("occasion", sorted(STOPS_THE_SLOW))
def test_news_stops_only_what_is_in_the_air_too_long(occasion: Occasion) -> None:
    def in_the_air(seconds: float, drain: float) -> Standing:
        return a_notice(FIRST, RELEASED, air_seconds=seconds, drain_seconds=drain)

    quick, large, slow = in_the_air(59, 1), in_the_air(199, 100), in_the_air(201, 100)

    stopped = [gone([air, a_notice(occasion)]) for air in (quick, large, slow)]

    assert stopped == [(), (), (Stop(slow, Reason.SUPERSEDED),)]


def test_what_is_stopped_is_not_stopped_again() -> None:
    assert gone([a_notice(FIRST, RELEASED, stopped=True), a_notice(RESOLVED)]) == ()


@pytest.mark.parametrize("waits", [{"paused": True}, {"ahead": False}])
def test_the_end_stops_what_is_in_the_air_though_it_waits_itself(waits: dict[str, Any]) -> None:
    in_the_air, news = a_notice(FIRST, RELEASED), a_notice(WITHDRAWN, **waits)

    assert gone([in_the_air, news], Stance(withdrawn=True)) == (Stop(in_the_air, Reason.WITHDRAWN),)


def test_what_is_held_from_customers_stops_nothing() -> None:
    assert gone([a_notice(FIRST, RELEASED), a_notice(RESOLVED, HELD, hold=Hold.STORM)], HEARD) == ()
    assert gone([a_notice(FIRST, RELEASED, air_seconds=99), a_notice(UPDATE, paused=True)]) == ()


@pytest.mark.parametrize("newer", [RESOLVED, CORRECTION, UPDATE])
def test_nothing_but_the_withdrawal_of_all_stops_what_takes_back(newer: Occasion) -> None:
    back = a_notice(CORRECTION, RELEASED, air_seconds=1e6)
    withdrawn = a_notice(WITHDRAWN)

    assert gone([back, a_notice(newer)]) == ()
    assert gone([back, withdrawn], Stance(withdrawn=True)) == (Stop(back, Reason.WITHDRAWN),)


def test_what_takes_back_stops_only_what_it_names() -> None:
    one, other = a_notice(UPDATE, RELEASED, notice_id="a"), a_notice(UPDATE, RELEASED, notice_id="b")
    back = a_notice(CORRECTION, names=("a",))

    assert gone([one, back]) == (Stop(one, Reason.SUPERSEDED),)
    assert gone([other, back]) == ()


@pytest.mark.parametrize("occasion", sorted(STOPS_AT_ONCE | STOPS_THE_SLOW))
def test_what_wakes_sleepers_is_stopped_by_no_news(occasion: Occasion) -> None:
    assert gone([a_notice(WAKE, RELEASED, air_seconds=1e6), a_notice(occasion)]) == ()


@pytest.mark.parametrize("child", sorted(CHILDREN))
@pytest.mark.parametrize("seconds", [1, 1e6])
def test_a_withdrawal_of_all_stops_a_child_in_the_air(child: Occasion, seconds: float) -> None:
    in_the_air, withdrawn = a_notice(child, RELEASED, air_seconds=seconds), a_notice(WITHDRAWN)

    assert gone([in_the_air, withdrawn]) == (), "only a notice is withdrawn"
    assert gone([in_the_air, withdrawn], Stance(withdrawn=True)) == (Stop(in_the_air, Reason.WITHDRAWN),)


@pytest.mark.parametrize("child", sorted(OF_FAILURES))
@pytest.mark.parametrize("parent", [FIRST, WAKE])
def test_a_child_of_failures_gives_way_to_news_that_reaches_whom_it_is_for(child: Occasion, parent: Occasion) -> None:
    quick, slow = a_notice(child, RELEASED, air_seconds=59), a_notice(child, RELEASED, air_seconds=61)

    def stoppers(in_the_air: Standing) -> set[Occasion]:
        stance = Stance(descents={in_the_air.notice_id: Descent("parent", parent)})
        return {o for o in Occasion if Stop(in_the_air, Reason.SUPERSEDED) in gone([in_the_air, a_notice(o)], stance)}

    assert stoppers(quick) == {RESOLVED} | TURNS
    assert stoppers(slow) == {RESOLVED, UPDATE, HOLDING} | TURNS | ROUNDS


@pytest.mark.parametrize("child", sorted(OF_FAILURES))
@pytest.mark.parametrize("says", sorted(TAKES_BACK))
def test_a_child_of_what_takes_back_is_stopped_by_the_withdrawal_of_all_only(child: Occasion, says: Occasion) -> None:
    in_the_air = a_notice(child, RELEASED, air_seconds=1e6)
    of = {in_the_air.notice_id: Descent("parent", says)}
    withdrawn = a_notice(WITHDRAWN)

    for occasion in STOPS_AT_ONCE | STOPS_THE_SLOW:
        assert gone([in_the_air, a_notice(occasion)], Stance(descents=of)) == ()
    assert gone([in_the_air, withdrawn], Stance(withdrawn=True, descents=of)) == (Stop(in_the_air, Reason.WITHDRAWN),)


def test_a_child_passes_its_own_slow_parent_only() -> None:
    slow, quick = a_notice(FIRST, RELEASED, air_seconds=61), a_notice(FIRST, RELEASED, air_seconds=59)
    child = a_notice(Occasion.FAILOVER)

    def after(in_the_air: Standing, parent: Standing = slow) -> tuple[Move, ...]:
        return gone([in_the_air, child], Stance(descents={child.notice_id: Descent(parent.notice_id, FIRST)}))

    assert after(slow) == (Release(child),)
    assert after(quick, quick) == after(quick) == gone([slow, child]) == ()


def test_news_waits_for_a_child_and_for_the_parent_that_it_passed() -> None:
    parent, child = a_notice(FIRST, RELEASED, air_seconds=61), a_notice(Occasion.FAILOVER, RELEASED, air_seconds=1)
    of, update, withdrawn = {child.notice_id: Descent(parent.notice_id, FIRST)}, a_notice(UPDATE), a_notice(WITHDRAWN)

    news = gone([parent, child, update], Stance(descents=of))
    back = gone([parent, child, withdrawn], Stance(descents=of, withdrawn=True))

    assert news == (Stop(parent, Reason.SUPERSEDED),)
    assert back == (Stop(parent, Reason.WITHDRAWN), Stop(child, Reason.WITHDRAWN))


def test_a_first_stops_nothing() -> None:
    assert gone([a_notice(UPDATE, RELEASED, air_seconds=1e6), a_notice(FIRST)]) == ()


def test_what_is_paused_waits_and_is_replaced_meanwhile() -> None:
    paused, news = a_notice(FIRST, paused=True), a_notice(UPDATE, paused=True)

    assert gone([paused, news]) == (Replace(paused, news),)


def test_children_replace_nothing_and_are_not_replaced() -> None:
    child, news = a_child(), a_notice(UPDATE)

    assert gone([child, news]) == (Release(news),)
    assert gone([a_notice(UPDATE, ahead=False), child]) == ()


@pytest.mark.parametrize("occasion", sorted(OF_FAILURES))
def test_a_child_of_failures_goes_after_all_else_and_replaces_nothing(occasion: Occasion) -> None:
    child, news, back = a_notice(occasion), a_notice(UPDATE), a_notice(CORRECTION)

    assert gone([child]) == (Release(child),)
    assert gone([child, news]) == (Release(news),)
    assert gone([child, news, back]) == (Release(back),)
    assert gone([a_notice(UPDATE, RELEASED), child]) == ()


@pytest.mark.parametrize("occasion", sorted(OF_FAILURES))
def test_a_child_that_sleeps_keeps_no_child_of_failures_waiting(occasion: Occasion) -> None:
    asleep, child = a_child(), a_notice(occasion)

    assert gone([asleep, child]) == (Release(child),)


@pytest.mark.parametrize("occasion", sorted(OF_FAILURES))
def test_what_is_paused_keeps_its_child_waiting(occasion: Occasion) -> None:
    assert gone([a_notice(occasion, paused=True)]) == ()


def test_a_child_goes_at_its_wake_moment_after_all_else() -> None:
    asleep, awake, news = a_child(), a_child(hold_over=True), a_notice(UPDATE)

    assert gone([asleep]) == ()
    assert gone([awake]) == (Release(awake),)
    assert gone([awake, news]) == (Release(news),)


@pytest.mark.parametrize("child", [a_child(), *(a_notice(occasion) for occasion in sorted(OF_FAILURES))])
def test_a_withdrawn_outage_is_told_as_that_only_and_children_stay(child: Standing) -> None:
    waiting, back = a_notice(UPDATE), a_notice(WITHDRAWN)

    made = gone([waiting, back, child], Stance(withdrawn=True))

    assert made == (End(waiting, Ending.WITHDRAWN), Release(back))


def test_t8_what_is_for_some_accounts_neither_replaces_nor_stops_what_is_for_more() -> None:
    slow = a_notice(Occasion.REMINDER, ChannelState.RELEASED, air_seconds=9999.0)
    waits, narrow = a_notice(Occasion.REMINDER), a_notice(Occasion.REMINDER, minimums=("20bd",))

    assert gone([waits, narrow]) == (Release(waits),)
    assert gone([slow, narrow]) == ()


def test_t8_a_reminder_for_some_accounts_gives_way_to_one_that_is_for_them_too() -> None:
    long = a_notice(Occasion.REMINDER, minimums=("40bd",))
    both = a_notice(Occasion.REMINDER, minimums=("20bd", "40bd"))
    all_of_them = a_notice(Occasion.REMINDER)

    assert gone([long, both]) == (Replace(long, both), Release(both))
    assert Replace(both, all_of_them) in gone([both, all_of_them])
