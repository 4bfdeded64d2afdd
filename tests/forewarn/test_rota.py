"""Rotas: at every moment one person is on duty, and the clock on the wall says when the next one is."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.rota import Rota, in_turn, shift_at
from forewarn.wallclock import moment_of

BERLIN = ZoneInfo("Europe/Berlin")
TEAM = ("dana", "ravi", "mei")
WEEK = timedelta(weeks=1)

zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago"])
minutes = st.integers(0, 15 * 365 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
walls = minutes.map(lambda since: datetime.fromisoformat("2020-01-01") + since)
moments = minutes.map(lambda since: datetime(2020, 1, 1, tzinfo=UTC) + since)
rotas = st.builds(
    Rota,
    people=st.lists(st.sampled_from("abcdef"), min_size=1, max_size=7).map(tuple),
    every=st.integers(1, 28).map(lambda days: timedelta(days=days)),
    since=walls,
    zone=zones.map(ZoneInfo),
)


def a_rota(people: tuple[str, ...] = TEAM, every: timedelta = WEEK, since: str = "2026-03-23T09:00") -> Rota:
    return Rota(people, every, datetime.fromisoformat(since), BERLIN)


def at(wall: str) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=BERLIN).astimezone(UTC)


@given(rotas, moments)
def test_every_moment_lies_in_exactly_one_shift(rota: Rota, now: datetime) -> None:
    shift = shift_at(rota, now)

    begins, ends = (moment_of(rota.since + n * rota.every, rota.zone) for n in (shift, shift + 1))
    assert begins <= now < ends
    assert in_turn(rota, now)[0] == rota.people[shift % len(rota.people)]


@given(rotas, moments, st.integers(1, 60))
def test_shifts_follow_one_another_none_twice_and_none_left_out(rota: Rota, now: datetime, shifts: int) -> None:
    first = shift_at(rota, now)
    starts = [moment_of(rota.since + n * rota.every, rota.zone) for n in range(first, first + shifts + 1)]

    found = [shift_at(rota, start) for start in starts]
    before = [shift_at(rota, start - timedelta(microseconds=1)) for start in starts]

    assert found == list(range(first, first + shifts + 1))
    assert before == [shift - 1 for shift in found]


@given(rotas, moments, moments)
def test_who_is_on_duty_later_is_never_of_an_earlier_shift(rota: Rota, one: datetime, other: datetime) -> None:
    earlier, later = sorted((one, other))

    assert shift_at(rota, earlier) <= shift_at(rota, later)


@given(rotas, moments)
def test_in_turn_names_everybody_once(rota: Rota, now: datetime) -> None:
    assert sorted(in_turn(rota, now)) == sorted(set(rota.people))


def test_a_shift_changes_at_the_same_time_by_the_wall_clock_in_summer_and_winter() -> None:
    summer, winter = at("2026-03-30T09:00"), at("2026-10-26T09:00")

    rota = a_rota()

    assert (summer.hour, winter.hour) == (7, 8)
    for change in (summer, winter):
        assert shift_at(rota, change) == shift_at(rota, change - timedelta(minutes=1)) + 1


@pytest.mark.parametrize("since", ["2026-10-24T02:00", "2026-10-24T02:30", "2026-10-24T03:00"])
def test_the_night_with_an_hour_more_has_one_change_of_shift(since: str) -> None:
    rota = a_rota(every=timedelta(days=1), since=since)
    night = [at("2026-10-25T00:00") + timedelta(minutes=5 * n) for n in range(12 * 6)]

    shifts = [shift_at(rota, moment) for moment in night]

    assert [later - earlier for earlier, later in pairwise(shifts) if later != earlier] == [1]


@pytest.mark.parametrize("since", ["2026-03-28T02:00", "2026-03-28T02:30", "2026-03-28T03:00"])
def test_the_night_with_an_hour_less_has_one_change_of_shift(since: str) -> None:
    rota = a_rota(every=timedelta(days=1), since=since)
    night = [at("2026-03-29T00:00") + timedelta(minutes=5 * n) for n in range(12 * 6)]

    shifts = [shift_at(rota, moment) for moment in night]

    assert [later - earlier for earlier, later in pairwise(shifts) if later != earlier] == [1]


def test_before_it_began_the_turns_were_the_same() -> None:
    rota = a_rota()

    assert [in_turn(rota, at(day))[0] for day in ("2026-03-10T12:00", "2026-03-17T12:00", "2026-03-24T12:00")] == [
        "ravi",
        "mei",
        "dana",
    ]


def test_who_stands_twice_in_a_row_is_not_followed_by_themselves() -> None:
    rota = a_rota(people=("dana", "dana", "ravi"))

    assert in_turn(rota, at("2026-03-24T12:00")) == ("dana", "ravi")
    assert in_turn(a_rota(people=("dana",)), at("2026-03-24T12:00")) == ("dana",)
