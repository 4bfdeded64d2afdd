"""Laws of the rungs of planned work."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.lead import Lead, Unit, lead_from
from forewarn.notice import Occasion
from forewarn.outage import Tasks, Window
from services.planner.rungs import Fate, Placed, Rung, Work, placed, rungs

START = datetime(2026, 12, 14, 20, 0, tzinfo=UTC)
SPANS = {
    Unit.BUSINESS_DAYS: timedelta(days=1),
    Unit.MINUTES: timedelta(minutes=1),
    Unit.HOURS: timedelta(hours=1),
    Unit.WEEKS: timedelta(weeks=1),
    Unit.MONTHS: timedelta(days=30),
    Unit.YEARS: timedelta(days=365),
}
LEADS = tuple(map(lead_from, ("5bd", "1bd", "30min")))
DRAIN = timedelta(minutes=4)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

moments = st.integers(-60 * 24 * 9, 60 * 24 * 3).map(lambda minutes: START + timedelta(minutes=minutes))
works = st.builds(
    lambda start, hours, leads, late, every, by, minimums: Work(
        Window(start, start + timedelta(hours=hours)),
        leads,
        extended_to=start + timedelta(hours=hours + late),
        every=every,
        deadline=by,
        deadline_leads=LEADS[:2],
        minimums=minimums,
    ),
    moments,
    st.sampled_from((0.5, 1, 4, 30)),
    st.lists(st.sampled_from((*LEADS, lead_from("2w"), lead_from("1h"))), unique=True).map(tuple),
    st.sampled_from((0, 1, 9)),
    st.sampled_from((None, timedelta(minutes=5), timedelta(hours=1))),
    st.none() | moments,
    st.lists(st.sampled_from(tuple(map(lead_from, ("2bd", "8bd", "3w")))), unique=True).map(tuple),
)


def before(moment: datetime, lead: Lead) -> datetime:
    return moment - lead.count * SPANS[lead.unit]


def the_rungs(work: Work, now: datetime = START) -> tuple[Rung, ...]:
    return rungs(work, before, DRAIN, now)


def some_work(hours: float = 4, *, started: bool = False) -> Work:
    return Work(Window(START, START + timedelta(hours=hours)), LEADS, started=started)


def at(now: datetime, told: frozenset[str] = frozenset(), known_since: datetime | None = None) -> dict[str, Placed]:
    all_of_them = placed(
        the_rungs(some_work(started=now >= START), now), told, known_since or START - timedelta(days=30), now
    )
    return {each.rung.slot.partition("@")[0]: each for each in all_of_them}


def test_planned_work_is_told_of_before_at_the_start_on_its_way_and_at_the_end() -> None:
    names = [rung.slot.partition("@")[0] for rung in the_rungs(some_work(started=True))]

    assert names == ["5bd", "1bd", "30min", "start", "25%", "50%", "75%", "end"]


def test_work_of_less_than_an_hour_is_not_told_of_on_its_way() -> None:
    assert Occasion.PROGRESS not in {rung.occasion for rung in the_rungs(some_work(hours=0.5, started=True))}


def test_a_moment_counts_for_the_last_recipient() -> None:
    timed = [rung for rung in the_rungs(some_work()) if rung.occasion is not Occasion.PROGRESS]

    assert all(rung.moment - rung.leaves == DRAIN + timedelta(seconds=60) for rung in timed)


def test_work_that_nobody_said_has_begun_makes_no_progress() -> None:
    half = START + timedelta(hours=2)
    told = frozenset(f"{name}@{START.isoformat()}" for name in ("5bd", "1bd", "30min", "start"))

    unsaid = placed(the_rungs(some_work(), half), told, START - timedelta(days=30), half)
    said = placed(the_rungs(some_work(started=True), half), told, START - timedelta(days=30), half)

    assert {each.fate for each in unsaid} == {Fate.WAITS}
    assert [each.rung.slot.partition("@")[0] for each in said if each.fate is Fate.NOW] == ["50%"]


@pytest.mark.parametrize(("done", "told"), [(0, []), (1, []), (2, ["25%"]), (3, ["50%"]), (6, ["75%"])])
def test_completed_tasks_count_before_time(done: int, told: list[str]) -> None:
    now = START + timedelta(minutes=3)
    work = replace(some_work(started=True), tasks=Tasks(done, 6), leads=())

    found = placed(the_rungs(work, now), {f"start@{START.isoformat()}"}, START - timedelta(days=30), now)

    assert [each.rung.slot.partition("@")[0] for each in found if each.fate is Fate.NOW] == told


def by_the_minute(minutes: int, hours: float, **work: Any) -> list[str]:
    """The names of what is told on its way."""
    wanted = the_rungs(replace(some_work(hours, started=True), every=timedelta(minutes=minutes), **work))
    return [rung.slot.partition("@")[0] for rung in wanted if rung.occasion is Occasion.PROGRESS]


@pytest.mark.parametrize(
    ("minutes", "hours", "names"),
    [
        (30, 2, ["30min-in", "60min-in", "90min-in"]),
        (30, 1, ["30min-in"]),
        (50, 1.75, ["50min-in"]),
        (60, 1, []),
        (30, 0.5, []),
    ],
)
def test_t4_progress_is_told_every_so_many_minutes_and_the_end_by_itself(
    minutes: int, hours: float, names: list[str]
) -> None:
    assert by_the_minute(minutes, hours) == names


@given(st.integers(5, 1440), st.integers(1, 24 * 30))
def test_t4_a_long_window_is_told_of_twelve_times_at_most_at_multiples_of_the_minutes(minutes: int, hours: int) -> None:
    told = [int(name.removesuffix("min-in")) for name in by_the_minute(minutes, hours)]

    assert len(told) <= 12 and all(each % minutes == 0 for each in told)
    assert len(told) >= min(6, hours * 60 // minutes - 1)


def test_t4_completed_tasks_count_before_minutes() -> None:
    assert by_the_minute(30, 4, tasks=Tasks(1, 8)) == ["25%", "50%", "75%"]


@pytest.mark.parametrize("every", [None, timedelta(minutes=5)])
@pytest.mark.parametrize("drain", [DRAIN, 5 * HOUR])
def test_work_that_began_early_makes_no_progress_before_its_window_opens(
    every: timedelta | None, drain: timedelta
) -> None:
    early = START - 2 * HOUR

    wanted = rungs(replace(some_work(started=True), every=every), before, drain, early)

    assert min(rung.leaves for rung in wanted if rung.occasion is Occasion.PROGRESS) > START
    assert [p.rung.occasion for p in placed(wanted, (), early - 30 * DAY, early) if p.fate is Fate.NOW] == [
        Occasion.STARTING
    ]


def asked_by(by: datetime, *, started: bool = False) -> Work:
    return replace(some_work(started=started), deadline=by, deadline_leads=LEADS[:2])


def asking(work: Work, now: datetime = START - 30 * DAY) -> dict[str, Rung]:
    return {rung.slot.partition("!")[0]: rung for rung in the_rungs(work, now) if rung.asks}


@pytest.mark.parametrize("by", [START - 3 * DAY, START + 10 * DAY])
def test_m10_a_deadline_before_the_start_or_after_it_has_reminders_that_lapse_at_it(by: datetime) -> None:
    found = asking(asked_by(by))

    assert {name: rung.moment for name, rung in found.items()} == {"5bd": by - 5 * DAY, "1bd": by - DAY}
    assert {(rung.occasion, rung.until) for rung in found.values()} == {(Occasion.REMINDER, by)}


def test_m10_a_reminder_of_the_deadline_beside_another_or_the_start_is_left_to_that() -> None:
    at_the_start, half_a_day_before, soon_after = (
        asking(asked_by(START + by)) for by in (timedelta(0), -HOUR * 12, DAY + HOUR * 3)
    )

    assert (at_the_start, half_a_day_before) == ({}, {})
    assert list(soon_after) == ["5bd"], "a day before is three hours after the start"


def test_m10_reminders_of_a_deadline_go_on_after_the_start() -> None:
    by = START + 3 * DAY
    now = by - DAY
    told = {rung.slot for rung in the_rungs(asked_by(by)) if rung.leaves < now - HOUR}

    found = placed(the_rungs(asked_by(by, started=True), now), told, START - 30 * DAY, now)

    assert [each.rung.slot for each in found if each.fate is Fate.NOW] == [f"1bd!{by.isoformat()}"]


def test_m10_a_deadline_that_is_moved_has_other_reminders_and_moved_back_the_old_ones() -> None:
    here, there = ({rung.slot for rung in asking(asked_by(START + days * DAY)).values()} for days in (9, 10))

    assert len(here | there) == 4


def test_a_deadline_that_was_stated_late_is_no_short_notice_and_no_fault_of_the_clock() -> None:
    by = START - 3 * DAY
    now = by - HOUR

    found = placed(the_rungs(asked_by(by), now), (), START - 9 * DAY, now)

    assert {(each.short, each.late) for each in found if each.rung.asks} == {(False, False)}


def test_work_that_begins_early_is_told_at_once_and_nobody_is_reminded_after() -> None:
    early = START - timedelta(hours=2)

    found = placed(the_rungs(some_work(started=True), early), (), START - timedelta(days=30), early)

    fates = {each.rung.slot.partition("@")[0]: each.fate for each in found}
    assert fates["start"] is Fate.NOW
    assert {fates[name] for name in ("5bd", "1bd", "30min")} == {Fate.COMPRESSED}


def test_what_is_heard_of_too_late_is_told_once_now_and_says_that_it_is_short_notice() -> None:
    known = START - timedelta(hours=20)

    fates = at(known, known_since=known)

    assert fates["5bd"].fate is Fate.COMPRESSED
    assert (fates["1bd"].fate, fates["1bd"].short) == (Fate.NOW, True)
    assert fates["30min"].fate is Fate.WAITS


def test_a_reminder_that_a_sleeping_clock_let_pass_is_late_and_no_short_notice() -> None:
    fate = at(START - timedelta(hours=20), told=frozenset({f"5bd@{START.isoformat()}"}))["1bd"]

    assert (fate.fate, fate.short, fate.late) == (Fate.NOW, False, True)


def test_nobody_is_reminded_of_what_has_begun() -> None:
    fates = at(START + timedelta(minutes=1))

    assert fates["30min"].fate is Fate.COMPRESSED and fates["start"].fate is Fate.NOW


def test_long_after_the_end_nothing_is_told_and_everything_is_accounted_for() -> None:
    fates = at(START + timedelta(days=9))

    assert {each.fate for each in fates.values()} == {Fate.LAPSED} and len(fates) == 8


@pytest.mark.parametrize("text", ["", "bd", "0bd", "5", "-1bd", "5 bd", "5d", "99999bd"])
def test_a_lead_that_cannot_be_read_says_what_is_expected(text: str) -> None:
    with pytest.raises(ValueError, match="as in 5bd"):
        lead_from(text)


@given(works, moments, moments)
def test_every_rung_has_one_fate_and_at_most_one_is_told_now(work: Work, known: datetime, now: datetime) -> None:
    wanted = the_rungs(work)
    found = placed(wanted, frozenset({wanted[0].slot}), known, now)

    assert sorted(each.rung.slot for each in found) == sorted(rung.slot for rung in wanted[1:])
    assert sum(each.fate is Fate.NOW for each in found) <= 1
    assert all(each.rung.leaves > now for each in found if each.fate is Fate.WAITS)


@given(works, st.lists(moments, min_size=1, max_size=30))
def test_however_a_clock_ticks_nothing_is_told_twice_out_of_order_or_left_without_a_fate(
    work: Work, ticks: list[datetime]
) -> None:
    wanted, ended, told = the_rungs(work), set[str](), list[datetime]()
    for now in [*sorted(ticks), max(ticks) + timedelta(days=60)]:
        for each in placed(wanted, ended, min(ticks), now):
            if each.fate is Fate.NOW:
                told.append(each.rung.moment)
            if each.fate is not Fate.WAITS:
                assert each.rung.slot not in ended
                ended.add(each.rung.slot)

    assert ended == {rung.slot for rung in wanted}
    assert told == sorted(told)


@given(works)
def test_a_clock_that_never_sleeps_tells_every_rung_in_time(work: Work) -> None:
    wanted, ended, told = the_rungs(work), set[str](), dict[str, datetime]()
    for now in sorted({rung.leaves for rung in wanted}):
        for each in placed(wanted, ended, wanted[0].leaves, now):
            if each.fate is Fate.NOW:
                told[each.rung.slot] = now
            if each.fate is not Fate.WAITS:
                ended.add(each.rung.slot)

    together = {rung.slot for rung in wanted if sum(other.leaves == rung.leaves for other in wanted) > 1}
    assert all(told[rung.slot] == rung.leaves for rung in wanted if rung.slot not in together)


@given(works, works, moments)
def test_what_was_told_for_another_time_takes_nothing_from_this_one(work: Work, other: Work, now: datetime) -> None:
    here = the_rungs(work)
    elsewhere = {rung.slot for rung in the_rungs(other)} - {rung.slot for rung in here}

    assert placed(here, elsewhere, START, now) == placed(here, (), START, now)


@given(works, works, moments)
def test_work_that_is_moved_back_is_not_told_of_again(work: Work, other: Work, now: datetime) -> None:
    here, there = the_rungs(work), the_rungs(other)
    told = {rung.slot for rung in here if rung.leaves <= now} | {rung.slot for rung in there}

    again = {each.rung.slot for each in placed(here, told, START, now)}

    overtaken = {rung.slot for rung in here} - told - again
    assert again <= {rung.slot for rung in here} - told
    assert all(rung.minimums for rung in here if rung.slot in overtaken), "by a reminder that told everybody"


def test_work_that_is_shorter_than_a_notice_takes_is_not_late_before_it_begins() -> None:
    work = Work(Window(START, START + timedelta(minutes=10)), ())

    found = rungs(work, before, timedelta(minutes=12), START - timedelta(days=1))

    assert [rung.leaves >= START for rung in found if rung.occasion is Occasion.OVERRUN] == [True]


def minimums(*asked: str, leads: tuple[Lead, ...] = LEADS) -> dict[str, tuple[str, ...] | None]:
    """The reminders of work that touches accounts with these minimum notices, and whom each is for."""
    work = replace(some_work(), leads=leads, minimums=tuple(map(lead_from, asked)))
    reminders = [rung for rung in the_rungs(work) if rung.occasion is Occasion.REMINDER]
    return {rung.slot.partition("@")[0]: rung.minimums for rung in reminders}


def test_t8_a_minimum_longer_than_the_class_gives_one_reminder_more_for_its_accounts() -> None:
    everybody = dict.fromkeys(("5bd", "1bd", "30min"))

    assert minimums("20bd") == {"20bd+": ("20bd",)} | everybody
    assert minimums("2bd", "5bd", "1h") == everybody


def test_t8_each_minimum_has_a_reminder_of_its_own_for_its_accounts_alone() -> None:
    found = minimums("20bd", "2w", "40bd")

    assert list(found) == ["40bd+", "20bd+", "2w+", "5bd", "1bd", "30min"]
    assert [found[name] for name in ("40bd+", "20bd+", "2w+")] == [("40bd",), ("20bd",), ("2w",)]


def test_t8_a_reminder_that_tells_for_a_longer_minimum_reaches_its_accounts_too() -> None:
    found = placed(the_rungs(WORK), frozenset(), START - timedelta(days=90), START - timedelta(days=10))

    assert [each.rung.minimums for each in found if each.fate is Fate.NOW] == [("20bd", "40bd")]


WORK = replace(some_work(), minimums=(lead_from("20bd"), lead_from("40bd")))


def of_minimums(now: datetime, told: frozenset[str], known: datetime) -> list[tuple[str, Fate, bool]]:
    found = placed(the_rungs(WORK, now), told, known, now)
    return [(each.rung.slot.partition("@")[0], each.fate, each.short) for each in found if each.fate is not Fate.WAITS]


def test_t8_what_is_known_after_an_account_s_minimum_is_told_to_it_at_short_notice() -> None:
    now = START - timedelta(days=10)

    assert of_minimums(now, frozenset(), now) == [("40bd+", Fate.COMPRESSED, True), ("20bd+", Fate.NOW, True)]


def test_t8_a_reminder_for_some_accounts_never_tells_for_one_that_is_for_everybody() -> None:
    by = START - timedelta(days=30)
    work = replace(WORK, deadline=by, deadline_leads=LEADS[1:2])

    found = placed(the_rungs(work), frozenset(), START - timedelta(days=90), START - timedelta(days=19))
    told_of_both = placed(the_rungs(work), frozenset(), START - timedelta(days=90), by - timedelta(minutes=10))

    assert [each.rung.slot for each in found if each.fate is Fate.NOW] == [f"20bd+@{START.isoformat()}"]
    assert [each.rung.minimums for each in told_of_both if each.fate is Fate.NOW] == [None], "the deadline's"


def test_t8_a_minimum_that_comes_up_after_everybody_was_told_is_not_told_late() -> None:
    now, known = START - timedelta(days=2), START - timedelta(days=60)

    assert of_minimums(now, frozenset({f"5bd@{START.isoformat()}"}), known) == []
    late = of_minimums(START - timedelta(days=7), frozenset({f"20bd+@{START.isoformat()}"}), known)
    assert late == [("40bd+", Fate.NOW, False)], "who asked for more was not told with the shorter one"
