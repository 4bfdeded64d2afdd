"""Laws of the gate: one notice in the air per side and channel; what waits is replaced by what is newer."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.notice import Channel, ChannelState, Occasion
from forewarn.subscriber import Side
from services.planner.gate import REPLACEABLE, Release, Replace, Standing, moves

WAITING, HELD, RELEASED = ChannelState.WAITING, ChannelState.HELD, ChannelState.RELEASED
FIRST, UPDATE, HOLDING, RESOLVED = Occasion.FIRST, Occasion.UPDATE, Occasion.HOLDING, Occasion.RESOLVED

_serials = count(1)


def a_notice(occasion: Occasion = UPDATE, state: ChannelState = WAITING, **changes: object) -> Standing:
    """The newest notice so far, outside, by email."""
    serial = next(_serials)
    known: dict[str, object] = {"notice_id": f"n{serial}", "side": Side.OUTSIDE, "channel": Channel.EMAIL}
    return Standing(**(known | {"occasion": occasion, "state": state, "serial": serial} | changes))  # type: ignore[arg-type]


notices = st.lists(
    st.builds(
        a_notice,
        st.sampled_from(Occasion),
        st.sampled_from([WAITING, HELD, RELEASED]),
        side=st.sampled_from(Side),
        may_go=st.booleans(),
    ),
    max_size=6,
)


def test_what_waits_alone_is_released() -> None:
    notice = a_notice(FIRST)

    assert moves([notice]) == (Release(notice),)


@pytest.mark.parametrize("occasion", list(Occasion))
def test_nothing_is_released_while_another_is_in_the_air(occasion: Occasion) -> None:
    in_the_air, waiting = a_notice(FIRST, RELEASED), a_notice(occasion)

    assert moves([in_the_air, waiting]) == ()


def test_sides_do_not_wait_for_each_other() -> None:
    inside, outside = a_notice(side=Side.INSIDE, state=RELEASED), a_notice()

    assert moves([inside, outside]) == (Release(outside),)


def test_what_is_held_goes_when_it_may() -> None:
    held, free = a_notice(FIRST, HELD, may_go=False), a_notice(FIRST, HELD, may_go=True)

    assert moves([held]) == ()
    assert moves([free]) == (Release(free),)


@pytest.mark.parametrize("older", sorted(REPLACEABLE))
@pytest.mark.parametrize("newer", sorted(REPLACEABLE))
@pytest.mark.parametrize("state", [WAITING, HELD])
def test_a_newer_notice_replaces_what_waits(older: Occasion, newer: Occasion, state: ChannelState) -> None:
    waiting, news = a_notice(older, state), a_notice(newer)

    assert moves([waiting, news]) == (Replace(waiting, news), Release(news))


@pytest.mark.parametrize("occasion", sorted(set(Occasion) - REPLACEABLE))
def test_what_must_be_told_is_never_replaced_and_goes_before_what_is_newer(occasion: Occasion) -> None:
    waiting, news = a_notice(occasion), a_notice(UPDATE)

    assert moves([waiting, news]) == (Release(waiting),)


@pytest.mark.parametrize("newer", sorted(set(Occasion) - REPLACEABLE))
def test_only_news_of_the_whole_outage_replaces(newer: Occasion) -> None:
    waiting, news = a_notice(UPDATE), a_notice(newer)

    assert moves([waiting, news]) == (Release(waiting),)


def test_what_replaces_a_held_notice_is_held_in_turn() -> None:
    held, news = a_notice(FIRST, HELD, may_go=False), a_notice(UPDATE, HELD, may_go=False)

    assert moves([held, news]) == (Replace(held, news),)


def test_what_is_in_the_air_is_not_replaced() -> None:
    in_the_air, news = a_notice(FIRST, RELEASED), a_notice(RESOLVED)

    assert moves([in_the_air, news]) == ()


def test_of_many_that_wait_only_the_newest_goes() -> None:
    first, update, last = a_notice(FIRST), a_notice(UPDATE), a_notice(RESOLVED)

    made = moves([last, first, update])

    assert [move for move in made if isinstance(move, Release)] == [Release(last)]
    assert {move.notice for move in made if isinstance(move, Replace)} == {first, update}


@given(notices)
def test_at_most_one_is_in_the_air_per_side_and_channel(standing: list[Standing]) -> None:
    made = moves(standing)

    for side in Side:
        released = [m for m in made if isinstance(m, Release) and m.notice.side is side]
        in_the_air = [n for n in standing if n.side is side and n.state is RELEASED]
        assert len(released) <= (0 if in_the_air else 1)
        assert all(m.notice.may_go for m in released)


@given(notices)
def test_a_notice_is_replaced_only_by_a_newer_one_of_its_side(standing: list[Standing]) -> None:
    replaced = [move for move in moves(standing) if isinstance(move, Replace)]

    assert all(move.by.serial > move.notice.serial and move.by.side is move.notice.side for move in replaced)
    assert len({move.notice.notice_id for move in replaced}) == len(replaced)


@given(notices)
def test_what_goes_is_older_than_all_that_keep_waiting(standing: list[Standing]) -> None:
    made = moves(standing)

    gone = {move.notice.notice_id for move in made}
    for release in (move for move in made if isinstance(move, Release)):
        left = [n for n in standing if n.side is release.notice.side and n.notice_id not in gone]
        assert all(n.serial > release.notice.serial for n in left)


@given(notices, st.randoms())
def test_the_order_of_asking_changes_nothing(standing: list[Standing], random: object) -> None:
    shuffled = list(standing)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert moves(shuffled) == moves(standing)
