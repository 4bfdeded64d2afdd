"""Laws of planned work: what a revision and the time bring about on one way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from forewarn.calendars import Calendar
from forewarn.contracts.policy import Maintenance, Policy
from forewarn.lead import lead_from
from forewarn.notice import Channel, Lane, Occasion
from forewarn.outage import Act, Facts, Kind, Outage, ReaderAction, Status, Tasks, Window
from forewarn.subscriber import Side
from services.planner.ladder import work_of
from services.planner.leads import before_on
from services.planner.rungs import Fate
from services.planner.schedule import Planned, Promised, Revision
from services.planner.terms import Terms
from services.planner.upkeep import Step, Told, Upkeep, step

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 12, 14, 21, tzinfo=UTC)  # a Monday, 22:00 in Berlin
WINDOW = Window(START, START + timedelta(hours=4))
LATER = Window(START + timedelta(days=1), START + timedelta(days=1, hours=4))
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
WAY = (Side.OUTSIDE, Channel.EMAIL)
POLICY = Policy.model_validate({"maintenance": {"zone": "Europe/Berlin", "country": "DE"}})


def facts(status: Status = Status.SCHEDULED, window: Window = WINDOW, **said: Any) -> Facts:
    return Facts(status=status, window=window, **said)


def wants(
    now: datetime,
    says: Facts | None = None,
    *,
    told: Facts | None = None,
    slots: tuple[str, ...] = (),
    planned: tuple[Planned, ...] | None = None,
    unseen: tuple[Revision, ...] = (),
    known: datetime = START - 30 * DAY,
    promised: tuple[Promised, ...] = (),
    **changes: Any,
) -> Step:
    """What customers are told by mail; they heard a reminder before if anything was `told`."""
    outage = Outage(Kind.MAINTENANCE, "people", known, Facts(), says or facts(), id=7, number=1, by_person=True)
    outage = replace(outage, **changes)
    before = before_on(BERLIN, Calendar.of("DE"))
    upkeep = Upkeep(outage, work_of(outage, POLICY, Terms()), before, known, now, told={WAY: Told(slots, told)})
    if planned is None:
        planned = (Planned(Side.OUTSIDE, Occasion.REMINDER, "5bd"),) if told is not None else ()
    return step(upkeep, WAY, planned, unseen, promised)


def occasions(found: Step) -> list[Occasion]:
    return [notice.occasion for notice in found.wanted]


def names(found: Step, *fates: str) -> list[str]:
    return [e.placed.rung.slot.partition("@")[0] for e in found.ended if e.placed.fate in fates]


NEWS = (Revision(2, True),)


def test_t1_each_rung_is_told_at_its_time_and_the_next_one_is_due() -> None:
    at = datetime(2026, 12, 7, 21, tzinfo=UTC) - timedelta(seconds=60)  # five business days before, and a minute

    found = wants(at)

    assert [(w.occasion, w.slot) for w in found.wanted] == [(Occasion.REMINDER, f"5bd@{START.isoformat()}")]
    assert found.due_at == datetime(2026, 12, 11, 21, tzinfo=UTC) - timedelta(seconds=60), "a Friday"


def test_before_its_first_rung_nothing_is_told_of_planned_work() -> None:
    found = wants(START - 20 * DAY, unseen=(Revision(1, True),))

    assert (found.wanted, found.ended) == ((), ())
    assert found.due_at is not None


def test_t1_a_channel_that_needs_an_hour_begins_an_hour_earlier() -> None:
    outage = Outage(Kind.MAINTENANCE, "people", START - 30 * DAY, Facts(), facts(), id=7, number=1)
    before = before_on(BERLIN, Calendar.of("DE"))
    upkeep = Upkeep(outage, work_of(outage, POLICY, Terms()), before, START - 30 * DAY, START - 20 * DAY)

    quick, slow = (step(replace(upkeep, drains={WAY: d}), WAY, (), ()) for d in (timedelta(0), timedelta(hours=1)))

    assert quick.due_at and slow.due_at and quick.due_at - slow.due_at == timedelta(hours=1)


def test_t8_what_is_known_too_late_is_told_now_as_short_notice() -> None:
    found = wants(START - 20 * timedelta(hours=1), known=START - 20 * timedelta(hours=1), unseen=(Revision(1, True),))

    assert occasions(found) == [Occasion.REMINDER]
    assert [(e.placed.short, e.by) for e in found.ended] == [(True, found.wanted[0].slot)] * 2


def test_a_reminder_in_the_last_hour_does_not_wait_behind_a_million() -> None:
    soon, early = wants(START - 31 * MINUTE, slots=told_slots("5bd", "1bd")), wants(START - 3 * DAY)

    assert (soon.wanted[0].lane, early.wanted[0].lane) == (Lane.NORMAL, Lane.BULK)


def told_slots(*rungs: str) -> tuple[str, ...]:
    return tuple(f"{name}@{START.isoformat()}" for name in rungs)


def test_t3_a_move_is_told_at_once_to_whoever_was_told_and_stands_for_what_is_due_with_it() -> None:
    now = START - 5 * timedelta(hours=1)

    found = wants(now, facts(window=LATER), told=facts(), slots=told_slots("5bd", "1bd"), unseen=NEWS, known=now)

    assert [(w.occasion, w.slot) for w in found.wanted] == [(Occasion.DELAYED, "2")]
    assert {(e.by, e.placed.short) for e in found.ended} == {("2", True)}, "the reminders of the new start"


def test_a_move_that_nobody_heard_the_start_of_is_no_news() -> None:
    assert wants(START - 20 * DAY, facts(window=LATER), unseen=NEWS).wanted == ()


def test_t3_a_cancellation_is_told_at_once_and_nothing_more_is_due() -> None:
    found = wants(START - DAY, facts(Status.CANCELLED), told=facts(), unseen=NEWS)

    assert (occasions(found), found.due_at) == ([Occasion.CANCELLED], None)


def test_what_was_cancelled_before_anybody_heard_is_told_to_nobody() -> None:
    found = wants(START - DAY, facts(Status.CANCELLED), unseen=NEWS)

    assert (found.wanted, found.due_at) == ((), None)
    assert names(found, Fate.LAPSED) == ["5bd", "1bd"], "what was due before is on record"


def test_t7_a_quick_fix_that_is_done_when_it_is_told_is_told_once() -> None:
    found = wants(START, facts(Status.COMPLETED), unseen=(Revision(1, True),))

    assert occasions(found) == [Occasion.COMPLETED]


def test_t1_the_start_is_told_once_whether_a_person_or_the_time_says_so_first() -> None:
    told = told_slots("5bd", "1bd", "30min")
    by_time = wants(START, told=facts(), slots=told)
    by_person = wants(START - 10 * MINUTE, facts(Status.IN_PROGRESS), told=facts(), slots=told, unseen=NEWS)

    assert occasions(by_time) == occasions(by_person) == [Occasion.STARTING]
    assert by_time.wanted[0].slot == by_person.wanted[0].slot


def test_whoever_was_told_that_it_begins_is_not_told_that_it_has_begun_but_what_a_person_adds() -> None:
    told = told_slots("5bd", "1bd", "30min", "start")
    begun = facts(Status.IN_PROGRESS)

    silent = wants(START + MINUTE, begun, told=facts(), slots=told, unseen=NEWS)
    spoken = wants(START + MINUTE, replace(begun, note="All well."), told=facts(), slots=told, unseen=NEWS)

    assert (occasions(silent), occasions(spoken)) == ([], [Occasion.PROGRESS])


def test_t4_progress_is_told_by_time_and_by_completed_tasks() -> None:
    under_way = facts(Status.IN_PROGRESS)
    told = told_slots("5bd", "1bd", "30min", "start", "25%")

    by_time = wants(START + timedelta(hours=2), under_way, told=under_way, slots=told)
    by_tasks = wants(
        START + MINUTE, replace(under_way, tasks=Tasks(3, 5)), told=under_way, slots=told, unseen=(Revision(2, False),)
    )

    assert [w.slot for w in (*by_time.wanted, *by_tasks.wanted)] == [f"50%@{START.isoformat()}"] * 2


def test_t4_a_policy_of_minutes_tells_progress_by_the_minute() -> None:
    by_the_minute = POLICY.model_copy(update={"maintenance": Maintenance(progress_minutes=30)})
    outage = Outage(Kind.MAINTENANCE, "people", START, Facts(), facts(Status.IN_PROGRESS), id=7, number=1)
    before = before_on(BERLIN, Calendar.of("DE"))
    told = {WAY: Told((*told_slots("5bd", "1bd", "30min", "start"), f"30min-in@{START.isoformat()}"), outage.facts)}
    upkeep = Upkeep(
        outage, work_of(outage, by_the_minute, Terms()), before, START, START + timedelta(hours=1), told=told
    )

    found = step(upkeep, WAY, (Planned(Side.OUTSIDE, Occasion.STARTING, "start"),), ())

    assert [(w.occasion, w.slot) for w in found.wanted] == [(Occasion.PROGRESS, f"60min-in@{START.isoformat()}")]


ASKED_BY = START - 3 * DAY  # a Friday
ASKED_AFTER = START + 8 * DAY  # a Tuesday
ALL = ("5bd", "1bd", "30min", "start", "25%", "50%", "75%")


def asked(by: datetime, status: Status = Status.SCHEDULED) -> Facts:
    return facts(status, reader_action=ReaderAction("Allow our new address.", by))


def test_m10_readers_are_reminded_before_their_deadline_which_is_no_short_notice() -> None:
    found = wants(ASKED_BY - DAY, asked(ASKED_BY), told=asked(ASKED_BY))

    assert [(w.occasion, w.slot) for w in found.wanted] == [(Occasion.REMINDER, f"1bd!{ASKED_BY.isoformat()}")]
    assert [e.placed.short or e.placed.late for e in found.ended if "!" in e.placed.rung.slot] == [False, False]


def test_m10_reminders_run_to_a_deadline_after_the_end_while_the_work_goes_on() -> None:
    slots = (*told_slots(*ALL), f"end@{WINDOW.end.isoformat()}", f"5bd!{ASKED_AFTER.isoformat()}")
    under_way = asked(ASKED_AFTER, Status.IN_PROGRESS)
    now = ASKED_AFTER - DAY

    found = wants(now, under_way, told=under_way, slots=slots)
    late = wants(ASKED_AFTER, under_way, told=under_way, slots=slots)

    assert [(w.slot, w.lane) for w in found.wanted] == [(f"1bd!{ASKED_AFTER.isoformat()}", Lane.BULK)]
    assert (late.wanted, names(late, Fate.LAPSED)) == ((), [f"1bd!{ASKED_AFTER.isoformat()}"])


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.CANCELLED])
def test_m10_reminders_of_a_deadline_end_with_the_work(status: Status) -> None:
    now = ASKED_AFTER - 6 * DAY
    over = asked(ASKED_AFTER, status)

    found = wants(now, over, told=asked(ASKED_AFTER, Status.IN_PROGRESS), slots=told_slots(*ALL), closed_at=now)

    assert (found.wanted, found.due_at) == ((), None)


def test_m10_what_a_machine_asks_of_readers_is_no_reminder() -> None:
    asked_by_it = wants(ASKED_BY - DAY, facts(), told=facts(), observed=asked(ASKED_BY))

    assert asked_by_it == wants(ASKED_BY - DAY, facts(), told=facts())


def test_t5_the_planned_end_with_no_word_is_an_overrun_and_promises() -> None:
    under_way = facts(Status.IN_PROGRESS)
    told = told_slots("5bd", "1bd", "30min", "start", "25%", "50%", "75%")

    found = wants(WINDOW.end, under_way, told=under_way, slots=told)

    assert occasions(found) == [Occasion.OVERRUN]
    assert found.wanted[0].lane is Lane.URGENT


def test_t6_each_extension_is_told_and_its_end_is_watched_again() -> None:
    first = facts(Status.IN_PROGRESS, expected_end=WINDOW.end + timedelta(hours=1))
    second = replace(first, expected_end=WINDOW.end + timedelta(hours=2))
    told = told_slots("5bd", "1bd", "30min", "start", "25%", "50%", "75%")

    found = wants(WINDOW.end - MINUTE * 30, second, told=first, slots=told, unseen=NEWS)
    at_its_end = wants(second.expected_end or START, second, told=second, slots=told)

    assert occasions(found) == occasions(at_its_end) == [Occasion.OVERRUN]
    assert found.due_at == WINDOW.end + timedelta(hours=2) - timedelta(seconds=60)


def test_t5_a_promise_after_an_overrun_is_kept_by_a_holding_notice() -> None:
    under_way, now = facts(Status.IN_PROGRESS), WINDOW.end + timedelta(hours=1)
    told = (*told_slots("5bd", "1bd", "30min", "start", "25%", "50%", "75%"), f"end@{WINDOW.end.isoformat()}")
    owed = (Promised(Side.OUTSIDE, now + MINUTE),)

    found = wants(now, under_way, told=under_way, slots=told, promised=owed)

    assert [(w.occasion, w.slot) for w in found.wanted] == [(Occasion.HOLDING, (now + MINUTE).isoformat())]


def test_t17_what_was_announced_by_mistake_is_taken_back_and_no_rung_follows() -> None:
    found = wants(
        START - DAY, told=facts(), unseen=(Revision(2, True, Act.WITHDRAW),), withdrawn=True, closed_at=START - DAY
    )

    assert (occasions(found), found.due_at) == ([Occasion.WITHDRAWN], None)


def test_other_news_before_the_start_is_told_as_a_reminder_and_after_it_as_progress() -> None:
    before = wants(START - 2 * DAY, facts(symptoms="Slow."), told=facts(), slots=told_slots("5bd", "1bd"), unseen=NEWS)
    after = wants(
        START + MINUTE,
        facts(Status.IN_PROGRESS, note="All well."),
        told=facts(Status.IN_PROGRESS),
        slots=told_slots("5bd", "1bd", "30min", "start"),
        unseen=NEWS,
    )

    assert (occasions(before), occasions(after)) == ([Occasion.REMINDER], [Occasion.PROGRESS])


@pytest.mark.parametrize("hours", [1, 200])
def test_a_clock_that_slept_tells_what_is_still_true_and_records_the_rest(hours: int) -> None:
    found = wants(WINDOW.end + timedelta(hours=hours), facts(Status.IN_PROGRESS), told=facts(Status.IN_PROGRESS))

    told = [e for e in found.ended if e.placed.fate is Fate.NOW]
    assert (len(told), len(found.ended)) == ((1, 8) if hours == 1 else (0, 8))
    assert all(e.placed.late for e in told)


TERMS = Terms(minimums=(lead_from("20bd"),))
ALONE = (Planned(Side.OUTSIDE, Occasion.REMINDER, "20bd", minimums=("20bd",)),)
HEARD = told_slots("20bd")


def test_t8_a_minimum_s_reminder_is_for_its_accounts_outside_and_for_everybody_inside() -> None:
    now = datetime(2026, 11, 16, 20, 59, 30, tzinfo=UTC)
    outage = Outage(Kind.MAINTENANCE, "people", START - 60 * DAY, Facts(), facts(), id=7, number=1)
    before = before_on(BERLIN, Calendar.of("DE"))
    upkeep = Upkeep(outage, work_of(outage, POLICY, TERMS), before, START - 60 * DAY, now)

    outside, inside = (step(upkeep, (side, Channel.EMAIL), (), ()) for side in (Side.OUTSIDE, Side.INSIDE))

    assert [(w.slot, w.minimums) for w in outside.wanted] == [(f"20bd+@{START.isoformat()}", ("20bd",))]
    assert [w.minimums for w in inside.wanted] == [None]


@pytest.mark.parametrize("says", [facts(window=LATER), facts(cause="a new disk")])
def test_t8_news_of_what_only_they_have_heard_is_for_them_alone(says: Facts) -> None:
    found = wants(START - 20 * DAY, says, told=facts(), slots=HEARD, planned=ALONE, unseen=NEWS)

    assert [w.minimums for w in found.wanted] == [("20bd",)]


def test_t8_news_that_tells_for_everybody_s_reminder_is_for_everybody() -> None:
    soon = START - 9 * DAY
    sooner = facts(window=Window(soon + 3 * DAY, soon + 4 * DAY))

    found = wants(soon, sooner, told=facts(), slots=HEARD, planned=ALONE, unseen=NEWS, known=soon)

    assert [(w.occasion, w.minimums) for w in found.wanted] == [(Occasion.DELAYED, None)]


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.COMPLETED])
def test_t8_that_work_has_begun_or_is_done_is_for_everybody(status: Status) -> None:
    found = wants(START - 20 * DAY, facts(status), told=facts(), slots=HEARD, planned=ALONE, unseen=NEWS)

    assert found.wanted and {w.minimums for w in found.wanted} == {None}


def test_t8_an_end_is_told_to_everybody_when_only_they_were_to_hear() -> None:
    waits = (replace(ALONE[0], released=False, waiting=True),)

    assert occasions(wants(START - 20 * DAY, facts(Status.COMPLETED), planned=waits, unseen=NEWS)) == [
        Occasion.COMPLETED
    ]
