"""How an audience is cut into windows."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.planner.strides import FIRST, MOST, SECOND, Estimate, Stride, Way, strides

LAST = 3


def an_estimate(
    people: int = 1_000_000, shares: dict[int, float] | None = None, told: int = 0, told_only: bool = False
) -> Estimate:
    return Estimate(1, 1_000_000, people, {2: 0.8} if shares is None else shares, told, told_only)


@given(
    st.integers(1, 2_000_000),
    st.dictionaries(st.integers(0, LAST), st.floats(0, 0.25)),
    st.integers(0, 100_000),
    st.booleans(),
)
def test_every_rank_covers_every_id_once_and_the_last_one_is_always_there(
    people: int, shares: dict[int, float], told: int, told_only: bool
) -> None:
    made = strides(an_estimate(people, shares, told, told_only), LAST)

    by_rank: dict[int, list[Stride]] = {}
    for stride in made:
        by_rank.setdefault(stride.rank, []).append(stride)
    assert list(by_rank) == sorted(by_rank) and list(by_rank)[-1] == LAST
    for windows in by_rank.values():
        assert windows[0].lo == 1 and windows[-1].hi == 1_000_000
        assert all(before.hi + 1 == after.lo for before, after in itertools.pairwise(windows))


def test_the_first_windows_are_small_and_the_others_hold_at_most_so_many_people() -> None:
    first, second, *rest = strides(an_estimate(shares={2: 0.8}), LAST)

    assert 0.8 * (first.hi - first.lo + 1) <= FIRST * 1.01
    assert 0.8 * (second.hi - second.lo + 1) <= SECOND * 1.01
    assert all(0.8 * (window.hi - window.lo + 1) <= MOST * 1.01 for window in rest)


def test_a_rank_without_anybody_has_no_window() -> None:
    ranks = {stride.rank for stride in strides(an_estimate(shares={0: 0.1, 2: 0.5}), LAST)}

    assert ranks == {0, LAST}  # the highest one takes in whoever is left


def test_a_small_audience_among_many_is_one_window_driven_from_its_accounts() -> None:
    assert strides(an_estimate(shares={1: 0.001}), LAST) == (Stride(LAST, 1, 1_000_000, Way.ACCOUNTS),)


def test_few_people_told_before_do_not_make_a_walk_through_everybody() -> None:
    made = strides(an_estimate(told=1_500, told_only=True), LAST)

    assert {window.way for window in made} == {Way.ACCOUNTS}


@pytest.mark.parametrize(("people", "way"), [(5_000, Way.FEW), (40_000, Way.FEW), (900_000, Way.MANY)])
def test_colleagues_are_looked_up_one_by_one_while_they_are_few(people: int, way: Way) -> None:
    made = strides(an_estimate(people, {0: 0.5, 1: 0.5}), 1)

    assert made[-1].way is way
