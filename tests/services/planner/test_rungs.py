"""Laws of the rungs of planned work."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

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

moments = st.integers(-60 * 24 * 9, 60 * 24 * 3).map(lambda minutes: START + timedelta(minutes=minutes))
works = st.builds(
    lambda start, hours, leads, late: Work(
        Window(start, start + timedelta(hours=hours)), leads, extended_to=start + timedelta(hours=hours + late)
    ),
    moments,
    st.sampled_from((0.5, 1, 4, 30)),
    st.lists(st.sampled_from((*LEADS, lead_from("2w"), lead_from("1h"))), unique=True).map(tuple),
    st.sampled_from((0, 1, 9)),
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

    assert again == {rung.slot for rung in here} - told


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

    assert minimums("20bd") == {"20bd": ("20bd",)} | everybody
    assert minimums("2bd", "5bd", "1h") == everybody


def test_t8_whoever_was_to_hear_at_a_longer_minimum_hears_at_every_shorter_one() -> None:
    found = minimums("20bd", "2w", "40bd")

    assert list(found) == ["40bd", "20bd", "2w", "5bd", "1bd", "30min"]
    assert [found[name] for name in ("40bd", "20bd", "2w")] == [("40bd",), ("20bd", "40bd"), ("20bd", "2w", "40bd")]


WORK = replace(some_work(), minimums=(lead_from("20bd"), lead_from("40bd")))


def of_minimums(now: datetime, told: frozenset[str], known: datetime) -> list[tuple[str, Fate, bool]]:
    found = placed(the_rungs(WORK, now), told, known, now)
    return [(each.rung.slot.partition("@")[0], each.fate, each.short) for each in found if each.fate is not Fate.WAITS]


def test_t8_what_is_known_after_an_account_s_minimum_is_told_to_it_at_short_notice() -> None:
    now = START - timedelta(days=10)

    assert of_minimums(now, frozenset(), now) == [("40bd", Fate.COMPRESSED, True), ("20bd", Fate.NOW, True)]


def test_t8_a_minimum_that_comes_up_after_everybody_was_told_is_not_told_late() -> None:
    now, known = START - timedelta(days=2), START - timedelta(days=60)

    assert of_minimums(now, frozenset({f"5bd@{START.isoformat()}"}), known) == []
    late = of_minimums(START - timedelta(days=7), frozenset({f"20bd@{START.isoformat()}"}), known)
    assert late == [("40bd", Fate.NOW, False)], "who asked for more was not told with the shorter one"
