"""Planned work as a desk tells it: what is not true any more is not told, and nobody is left with an old time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from forewarn.delivery import Reason, letter_of
from forewarn.notice import Channel
from forewarn.subscriber import Side
from services.planner.book import Shelf
from services.planner.wording import case_of
from tests.services.planner.desks import PEOPLE, Office
from tests.services.planner.test_agenda import SOON, a_plan

MONTH = timedelta(days=30)
START = datetime(2027, 3, 10, 10, tzinfo=UTC)
OUTSIDE = sum(role == "customer" for _, role in PEOPLE)


def window(ahead: timedelta) -> dict[str, str]:
    start = datetime.now(UTC) + ahead
    return {"start": start.isoformat(), "end": (start + timedelta(hours=2)).isoformat()}


def says(desk: Office, **facts: Any) -> int:
    return desk.says("dana", about="MNT-1", kind="maintenance", **facts)


def words(desk: Office, occasion: str) -> list[str]:
    """What customers who were told before read, line breaks aside."""
    rows = desk.rows(
        "select c.body ->> 'text' as text from content c join notice n on n.id = c.notice_id"
        " where n.side = 'outside' and n.occasion = %s and c.told and c.locale = 'en' and c.voice = 'customer'"
        " order by n.serial",
        occasion,
    )
    return [" ".join(row["text"].split()) for row in rows]


def all_words(desk: Office) -> str:
    return " ".join(text for n in desk.notices() for text in words(desk, n["occasion"]))


def pause(desk: Office) -> None:
    desk.run(
        "insert into pause (outage_id, reason, author, at) select id, 'a test', 'dana', forewarn_now() from outage"
    )


def resume(desk: Office, outage: int) -> None:
    desk.run("update pause set lifted_at = forewarn_now(), lifted_by = 'dana'")
    desk.settle(outage)


def it_is(desk: Office, at: datetime) -> None:
    desk.run("delete from fast_clock")
    desk.run("insert into fast_clock (real_start, told_start, factor) values (clock_timestamp(), %s, 1)", at)


def test_a_cancellation_that_is_taken_back_before_anybody_heard_is_told_to_nobody(desk: Office) -> None:
    outage = desk.says("dana", **a_plan(SOON))
    desk.settle(outage)
    pause(desk)
    says(desk, status="cancelled")
    says(desk, status="scheduled")

    resume(desk, outage)

    assert "will not take place" not in all_words(desk)


def test_work_that_was_moved_and_moved_back_before_anybody_heard_has_no_new_time(desk: Office) -> None:
    plan = a_plan(SOON)
    outage = desk.says("dana", **plan)
    desk.settle(outage)
    pause(desk)
    says(desk, window=window(MONTH))
    says(desk, window=plan["window"])

    resume(desk, outage)

    assert not any(claim in all_words(desk) for claim in ("new time", "postponed", "brought forward"))


def test_an_end_that_is_taken_back_before_anybody_heard_is_not_told(desk: Office) -> None:
    outage = desk.says("dana", **a_plan(timedelta(minutes=-10)))
    desk.settle(outage)
    says(desk, status="in_progress")
    desk.settle(outage)
    pause(desk)
    says(desk, status="completed")
    says(desk, status="in_progress")

    resume(desk, outage)

    assert "payments is finished" not in all_words(desk)


def test_t17_whom_a_stopped_reminder_did_not_reach_is_told_after_its_correction(desk: Office) -> None:
    outage = desk.says("dana", **a_plan(SOON))
    inside = (
        "update batch set outcomes = replace(outcomes, '.', 'a'), last_at = clock_timestamp() where window_id in ("
        " select w.id from notice_window w join notice n on n.id = w.notice_id where n.side = 'inside')"
    )
    for _ in range(3):
        desk.run("update notice_channel set not_before = clock_timestamp()")
        desk.plans.plan(outage)
        desk.freeze()
        desk.run(inside)
    one = "update batch set outcomes = 'a' || substr(outcomes, 2), last_at = clock_timestamp() where outcomes ~ '[.]'"
    desk.run(one)

    says(desk, act="correct", benefit="Another benefit.")
    desk.answer(letter_of(Reason.SUPERSEDED))
    desk.settle(outage)

    told = desk.rows(
        "select count(distinct u.id) as people from batch b join notice_window w on w.id = b.window_id"
        " join notice n on n.id = w.notice_id"
        " cross join lateral unnest(b.ids, string_to_array(b.outcomes, null)) as u (id, letter)"
        " where n.side = 'outside' and u.letter = 'a'"
    )
    assert told == [{"people": OUTSIDE}]


def known_long_before(desk: Office) -> int:
    it_is(desk, START - timedelta(days=20))
    end = START + timedelta(hours=2)
    return desk.says("dana", **a_plan(window={"start": START.isoformat(), "end": end.isoformat()}))


def labelled(desk: Office) -> dict[tuple[str, str], bool]:
    """By channel and rung, whether customers were told too late; the moment of the start apart."""
    rows = desk.rows("select channel, slot, late from rung where side = 'outside'")
    return {(row["channel"], row["slot"].partition("@")[0]): row["late"] for row in rows}


def test_a_channel_that_joins_after_rungs_were_told_in_time_is_told_at_once_and_not_as_late(desk: Office) -> None:
    work = known_long_before(desk)
    for lead in (timedelta(days=7), timedelta(days=1)):
        it_is(desk, START - lead - timedelta(minutes=1))
        desk.settle(work)
    desk.endpoint("hanna")
    it_is(desk, START - timedelta(hours=6))

    desk.settle(work)

    assert desk.told() == [("reminder", "email", 3), ("reminder", "email", 3), ("reminder", "webhook", 1)]
    assert labelled(desk) == {(way, lead): False for way in ("email", "webhook") for lead in ("5bd", "1bd")}


def test_what_our_clock_missed_is_late_on_every_channel(desk: Office) -> None:
    desk.endpoint("hanna")
    work = known_long_before(desk)
    it_is(desk, START - timedelta(days=6))

    desk.settle(work)

    assert labelled(desk) == {("email", "5bd"): True, ("webhook", "5bd"): True}


@pytest.mark.slow
def test_t1_what_a_notice_needs_does_not_grow_with_what_was_told(desk: Office) -> None:
    slow = desk.policy.delivery.model_copy(update={"email_per_second": 1})
    policy = desk.policy.model_copy(update={"delivery": slow})

    def drain(outage: int) -> int:
        with Shelf(desk.planner, "sandbox", policy)(outage) as page:
            case = case_of(policy, page.seen(), page.graph(), page.now())
            return round(page.drain((Side.OUTSIDE, Channel.EMAIL), case.touched, ()).total_seconds())

    outage = desk.says("dana", **a_plan(SOON))
    before = drain(outage)
    for n in range(3):
        desk.settle(says(desk, benefit=f"Benefit {n}."))

    assert drain(outage) == before


@pytest.mark.slow
def test_t13_a_time_that_a_person_named_for_planned_work_is_kept_once_and_makes_no_other(desk: Office) -> None:
    began = datetime.now(UTC)
    at = (began + timedelta(minutes=30)).isoformat()
    outage = desk.says("dana", **a_plan(timedelta(hours=60), next_update_at=at))
    desk.settle(outage)

    for minutes in range(0, 6 * 60, 10):
        it_is(desk, began + timedelta(minutes=minutes))
        desk.settle(outage)

    assert [n["occasion"] for n in desk.notices()].count("holding") <= 1


def test_an_end_that_was_expected_of_another_window_is_forgotten(desk: Office) -> None:
    plan = a_plan(SOON)
    desk.settle(desk.says("dana", **plan))
    later = datetime.fromisoformat(plan["window"]["end"]) + timedelta(hours=1)
    desk.settle(says(desk, expected_end=later.isoformat()))
    earlier = window(timedelta(hours=3))

    desk.settle(says(desk, window=earlier))

    rungs = [r for r in desk.get("/v1/outages/MNT-1/schedule")["rungs"] if r["side"] == "outside"]
    assert datetime.fromisoformat(rungs[-1]["moment"]) == datetime.fromisoformat(earlier["end"])


def test_t3_whoever_slept_through_a_delay_reads_that_it_moved(desk: Office) -> None:
    outage = desk.says("dana", **a_plan(SOON))
    desk.settle(outage)
    desk.run(
        "update address set quiet_from = (clock_timestamp() at time zone 'Europe/Berlin')::time - interval '1 hour',"
        " quiet_to = (clock_timestamp() at time zone 'Europe/Berlin')::time + interval '2 hours'"
        " where subscriber_id = (select id from subscriber where key = 'kenji')"
    )
    desk.settle(says(desk, window=window(MONTH)))

    desk.run("update notice_channel set hold_until = forewarn_now()")
    desk.settle(outage)

    assert "postponed" in words(desk, "delayed")[0] and "postponed" in words(desk, "wake")[0]


def test_steps_that_are_done_before_the_start_are_no_progress(desk: Office) -> None:
    desk.settle(desk.says("dana", **a_plan(MONTH, tasks={"done": 3, "total": 10})))

    assert desk.notices() == []


@pytest.mark.slow
def test_m10_customers_are_reminded_of_their_deadline_first_and_then_of_the_work(desk: Office) -> None:
    began = desk.rows("select forewarn_now() as now")[0]["now"]
    by = began + timedelta(days=20)
    asked = {"what": "Allow our new address.", "by": by.isoformat(), "link": "https://acme.example/how"}
    outage = desk.says("dana", **a_plan(MONTH, reader_action=asked))
    desk.settle(outage)
    untold = desk.notices()

    for day in range(20):
        it_is(desk, began + timedelta(days=day))
        desk.settle(outage)

    first, last = desk.notices()
    assert (untold, first["occasion"], last["occasion"]) == ([], "reminder", "reminder")
    assert [text.startswith("Please do this by") for text in words(desk, "reminder")] == [True, True]
    untold_read = desk.rows("select body ->> 'text' as text from content where not told and voice = 'customer'")
    assert not any(row["text"].startswith("Please") for row in untold_read)


@pytest.mark.slow
def test_t13_work_that_is_late_promises_its_next_update_where_readers_are_reminded_of_a_deadline_too(
    desk: Office,
) -> None:
    began = desk.rows("select forewarn_now() as now")[0]["now"]
    by = began + timedelta(days=20)
    asked = {"what": "Allow our new address.", "by": by.isoformat()}
    outage = desk.says("dana", **a_plan(SOON, reader_action=asked))
    desk.settle(outage)
    it_is(desk, began + SOON + timedelta(hours=1))
    desk.settle(says(desk, status="in_progress"))

    for day in range(2, 20):
        it_is(desk, began + timedelta(days=day))
        desk.settle(outage)

    reminded = desk.rows(
        "select distinct split_part(n.slot, '!', 1) as lead, p.due_at is not null as promises from notice n"
        " left join promise p on p.notice_id = n.id where position('!' in n.slot) > 0 order by 1"
    )
    assert reminded == [{"lead": "1bd", "promises": True}, {"lead": "5bd", "promises": True}]


def test_t2_whoever_was_told_of_a_tentative_time_reads_that_it_is_settled(desk: Office) -> None:
    desk.settle(desk.says("dana", **a_plan(SOON, tentative=True)))

    desk.settle(says(desk, tentative=False))

    first, confirmed = [n["occasion"] for n in desk.notices()]
    texts = words(desk, "reminder")
    assert (first, confirmed) == ("reminder", "reminder")
    assert "not settled yet" in texts[0] and "This time is settled now." in texts[1]
