"""What the watch shows of a record: who was told, what is owed, what is promised, what is paused."""

import math
import threading
from collections.abc import Callable

import pytest
from prometheus_client import REGISTRY

from forewarn.contracts.policy import Policy
from services.planner import metrics
from services.planner.compose import Composer
from services.planner.shown import GAUGES, at_zero
from services.planner.watch import BEGIN, Watch
from tests.services.planner.desks import Away, Office, an_incident, office
from tests.support.pools import close_all

Look = Callable[[], None]

CUSTOMERS = {"channel": "email", "side": "outside"}


@pytest.fixture
def look(desk: Office) -> Look:
    """One look at the desk's record."""
    return Watch(desk.planner, dict, (Away,)).look


def shown(name: str, **labels: str) -> float:
    value = REGISTRY.get_sample_value(f"forewarn_{name}", labels)
    assert value is not None, f"{name} shows nothing"
    return value


def incidents() -> tuple[float, float, float]:
    """How many nobody was told of yet, somebody was, and nobody had to be."""
    no, yes, nobody = (shown("incidents_open", told=told) for told in ("no", "yes", "nobody"))
    return no, yes, nobody


def test_an_empty_record_shows_nothing_open_and_a_zero_everywhere(look: Look) -> None:
    look()

    assert incidents() == (0, 0, 0)
    assert {gauge.labels(label)._value.get() for gauge, labels in GAUGES.values() for label in labels} == {0}
    assert math.isnan(shown("promise_next_seconds", channel="email", side="outside"))
    assert shown("accounted_ratio", channel="email") == 1


def test_an_incident_is_untold_until_the_first_acceptance_and_its_age_is_that_of_its_event(
    desk: Office, look: Look
) -> None:
    outage = desk.says("dana", **an_incident())
    desk.run("update event set received_at = received_at - interval '5 min'")
    desk.freeze()
    look()
    before = incidents(), shown("untold_seconds")

    desk.settle(outage)
    look()

    assert before[0] == (1, 0, 0) and 300 <= before[1] < 320
    assert incidents() == (0, 1, 0) and shown("untold_seconds") == 0


def test_calls_in_vain_leave_an_incident_untold(desk: Office, look: Look) -> None:
    desk.settle(desk.says("dana", **an_incident()), letter="T")

    look()

    assert incidents() == (1, 0, 0)


def test_an_incident_whose_messages_all_expired_stays_untold(desk: Office, look: Look) -> None:
    desk.settle(desk.says("dana", **an_incident()), letter="X")

    look()

    assert incidents() == (1, 0, 0)


def test_an_incident_that_concerns_nobody_is_not_called_untold(desk: Office, look: Look) -> None:
    desk.run(
        "insert into suppression (subscriber_id, channel, reason) select id, 'email', 'unsubscribed' from subscriber"
    )
    desk.settle(desk.says("dana", **an_incident()))

    look()

    assert incidents() == (0, 0, 1)


def test_what_waits_for_a_person_outside_does_not_make_it_untold(desk: Office, look: Look) -> None:
    desk.settle(desk.says("probe", **an_incident()))

    look()

    assert incidents() == (0, 1, 0)


def test_a_test_is_no_incident_and_nobodys_news(desk: Office, look: Look) -> None:
    desk.says("dana", **an_incident(), test=True)
    desk.freeze()

    look()

    assert incidents() == (0, 0, 0)
    assert shown("current_recipients", channel="email", lane="urgent", state="open") == 0


def test_everybody_is_counted_by_what_became_of_them_and_the_newest_news_counts(desk: Office, look: Look) -> None:
    desk.endpoint("hanna")
    outage = desk.says("dana", **an_incident())
    desk.freeze()
    look()
    opened = recipients("email"), shown("accounted_ratio", channel="email")
    desk.settle(outage)
    look()
    told = recipients("email"), recipients("webhook")
    desk.says("dana", about="INC-1", cause="A full disk.")
    desk.freeze()
    look()

    assert opened == ({"open": 1}, 0.0)
    assert told == ({"accepted": 4}, {"accepted": 1})
    assert recipients("email") == {"accepted": 3, "open": 1}, "colleagues first, with the new words"


def recipients(channel: str) -> dict[str, float]:
    """States with somebody in them, of the urgent lane."""
    states = ("accepted", "suppressed", "failed", "unknown", "moved", "open")
    counted = {s: shown("current_recipients", channel=channel, lane="urgent", state=s) for s in states}
    return {state: count for state, count in counted.items() if count}


def test_what_is_owed_is_named_by_its_arrow_with_its_age(desk: Office, look: Look) -> None:
    desk.says("dana", **an_incident())
    desk.run("update outage set revision = revision + 1, revised_at = revised_at - interval '1 min'")
    look()
    due, all_windows = shown("debts", arrow="expand"), shown("backlog_windows", lane="urgent")
    plans = shown("debts", arrow="plan"), shown("debt_age_seconds", arrow="plan")

    desk.freeze()
    desk.run("update notice_window set expanded_at = expanded_at - interval '1 h'")
    look()

    assert due == 1 and all_windows == desk.rows("select count(*) as n from notice_window")[0]["n"]
    assert plans[0] == 1 and 60 <= plans[1] < 80
    assert shown("debts", arrow="expand") == 0
    assert shown("debts", arrow="publish") == all_windows and 3600 <= shown("debt_age_seconds", arrow="publish") < 3620
    assert shown("debts", arrow="batch") == 1 and shown("backlog_recipients", lane="urgent") == 1
    assert shown("backlog_age_seconds", lane="urgent") > 0


def test_a_plan_is_owed_since_the_first_revision_that_nobody_planned_however_often_it_was_revised(
    desk: Office, look: Look
) -> None:
    outage = desk.says("dana", **an_incident())
    desk.run(
        "insert into revision (outage_id, revision, at, event_id, by_person, newsworthy, facts)"
        " select outage_id, revision + n, forewarn_now() - (3 - n) * interval '5 min', event_id, true, true, facts"
        " from revision cross join generate_series(1, 2) n where outage_id = %s and revision = 1",
        outage,
    )
    desk.run("update outage set revision = 3, revised_at = clock_timestamp()")

    look()

    assert 600 <= shown("debt_age_seconds", arrow="plan") < 620


def test_nobody_counts_as_accounted_for_while_their_window_is_not_expanded(desk: Office, look: Look) -> None:
    outage = desk.says("dana", **an_incident())
    look()
    none_is_found = shown("accounted_ratio", channel="email")

    desk.settle(outage)
    desk.run("update notice_channel set not_before = null")
    desk.says("dana", about="INC-1", cause="A full disk.")
    look()

    assert none_is_found == 0
    assert shown("accounted_ratio", channel="email") == 0.99, "the customers of the first notice have all been told"


@pytest.mark.parametrize("paused", [("email", None), (None, None), (None, 1), ("email", 1)])
def test_whom_a_pause_holds_waits_for_nobody_but_the_person_who_paused(
    desk: Office, look: Look, paused: tuple[str | None, int | None]
) -> None:
    outage = desk.says("dana", **an_incident())
    desk.freeze()
    look()
    before = shown("waiting_recipients", channel="email")

    channel, of = paused
    desk.run(
        "insert into pause (channel, outage_id, reason, author, at) values (%s, %s, 'a test', 'oleg', forewarn_now())",
        *(channel, of and outage),
    )
    look()

    assert before == 1 and shown("waiting_recipients", channel="email") == 0
    assert shown("backlog_recipients", lane="urgent") == 1


def test_a_pause_of_another_channel_holds_nobody(desk: Office, look: Look) -> None:
    desk.says("dana", **an_incident())
    desk.freeze()
    desk.run("insert into pause (channel, reason, author, at) values ('webhook', 'a test', 'oleg', forewarn_now())")

    look()

    assert shown("waiting_recipients", channel="email") == 1


def test_how_long_nobody_was_told_is_shown_while_it_lasts_by_channel_and_side(desk: Office, look: Look) -> None:
    desk.says("dana", **an_incident())
    desk.run("update event set received_at = received_at - interval '5 min'")
    look()
    waited = shown("unheard_seconds", channel="email", side="inside")

    desk.run("insert into pause (reason, author, at) values ('a test', 'oleg', forewarn_now())")
    look()
    paused = shown("unheard_seconds", channel="email", side="inside")
    desk.run("update pause set lifted_at = forewarn_now()")
    desk.freeze()
    desk.answer("a")
    look()

    assert 300 <= waited < 320 and paused == 0
    assert shown("unheard_seconds", channel="email", side="inside") == 0
    assert shown("unheard_seconds", channel="email", side="outside") == 0


def test_a_missed_promise_is_news_for_fifteen_minutes_by_its_cause(desk: Office, look: Look) -> None:
    outage = desk.says("dana", **an_incident())
    desk.settle(outage)
    desk.run("update promise set due_at = forewarn_now() - interval '14 min' where side = 'outside'")
    desk.run("update promise set due_at = forewarn_now() - interval '16 min' where side = 'inside'")
    desk.run("update promise set state = 'missed', cause = 'not told in time'")
    look()
    lately = shown("promises_missed_lately", cause="not_told_in_time")

    desk.run("update promise set cause = 'nobody was reached'")
    look()

    assert lately == 1
    assert shown("promises_missed_lately", cause="not_told_in_time") == 0
    assert shown("promises_missed_lately", cause="nobody_was_reached") == 1
    assert shown("promises", state="missed") == 2


def test_promises_and_the_next_of_them_are_shown_while_their_outage_is_open(desk: Office, look: Look) -> None:
    desk.settle(desk.says("dana", **an_incident()))
    desk.run("update promise set due_at = forewarn_now() - interval '90 s'")
    look()
    late = shown("promises", state="open"), shown("promise_next_seconds", **CUSTOMERS)

    desk.settle(desk.says("dana", about="INC-1", status="resolved"))
    look()

    assert late[0] == 2 and -100 < late[1] <= -90
    assert shown("promises", state="open") == 0 and math.isnan(shown("promise_next_seconds", **CUSTOMERS))


def test_pauses_are_shown_by_their_reach_and_for_how_long(desk: Office, look: Look) -> None:
    for channel in (None, "email"):
        desk.run(
            "insert into pause (channel, reason, author, at) values (%s, 'a test', 'oleg',"
            " forewarn_now() - interval '11 min')",
            channel,
        )
    look()
    paused = {scope: shown("paused", scope=scope) for scope in ("everything", "channel", "outage")}
    seconds = shown("paused_seconds", scope="everything")

    desk.run("update pause set lifted_at = forewarn_now()")
    look()

    assert paused == {"everything": 1, "channel": 1, "outage": 0} and 660 <= seconds < 680
    assert shown("paused_seconds", scope="everything") == 0


def noted() -> tuple[float, float, float]:
    """How many notices to customers by mail were timed, and their seconds to the first and last acceptance."""
    names = ("first_acceptance_seconds", "last_acceptance_seconds")
    count = REGISTRY.get_sample_value("forewarn_first_acceptance_seconds_count", CUSTOMERS) or 0
    first, last = (REGISTRY.get_sample_value(f"forewarn_{name}_sum", CUSTOMERS) or 0 for name in names)
    return count, first, last


def test_how_long_a_notice_took_is_noted_once_from_the_event_that_it_tells(desk: Office) -> None:
    before = noted()
    outage = desk.says("dana", **an_incident())
    desk.run("update event set received_at = received_at - interval '30 s'")

    desk.settle(outage)
    desk.settle(outage)

    count, first, last = (now - then for now, then in zip(noted(), before, strict=True))
    assert count == 1
    assert 30 <= first <= last < 50


def test_what_waited_for_a_person_is_timed_from_that_persons_word(desk: Office) -> None:
    before = noted()
    desk.settle(desk.says("probe", **an_incident()))
    desk.run("update event set received_at = received_at - interval '30 min'")

    desk.settle(desk.says("dana", act="release", about="INC-1"))

    count, first, _ = (now - then for now, then in zip(noted(), before, strict=True))
    assert count == 1 and first < 20


def test_a_hold_that_ended_by_its_time_is_not_counted(database: str, composer: Composer) -> None:
    before = noted()
    policy = Policy.model_validate({"release": {"sources": {"probe": "after 3m unless dismissed"}}})
    with office(database, composer, policy) as desk:
        outage = desk.says("probe", **an_incident())
        desk.run("update event set received_at = received_at - interval '30 min'")
        desk.run("update notice_channel set hold_until = forewarn_now() where hold = 'after'")

        desk.settle(outage)

    count, first, _ = (now - then for now, then in zip(noted(), before, strict=True))
    assert count == 1 and first < 20


def test_what_a_time_caused_is_timed_from_when_it_was_planned(desk: Office) -> None:
    outage = desk.says("dana", **an_incident())
    desk.settle(outage)
    desk.run("update event set received_at = received_at - interval '2 h'")
    desk.run("update notice_channel set released_at = released_at - interval '2 h'")
    desk.run("update promise set due_at = forewarn_now() + interval '10 s'")
    before = noted()

    desk.settle(outage)

    assert "holding" in [occasion for occasion, _, _ in desk.told()]
    count, first, _ = (now - then for now, then in zip(noted(), before, strict=True))
    assert count == 1 and first < 20


def test_counters_that_have_counted_nothing_stand_at_zero() -> None:
    at_zero()

    assert shown("dead_letters_total", actor="send") >= 0
    assert shown("debts_taken_on_total", arrow="plan") >= 0


def test_when_queues_were_counted_is_shown_and_stays_when_the_broker_goes_away(desk: Office) -> None:
    answers: list[dict[str, int]] = [{"forewarn.plan.v1": 3}]

    def depths() -> dict[str, int]:
        if not answers:
            raise Away
        return answers.pop()

    watch = Watch(desk.planner, depths, (Away,))
    watch.count_queues()
    at = metrics.QUEUES_AT._value.get()

    with pytest.raises(Away):
        watch.count_queues()

    assert shown("queue_messages", queue="forewarn.plan.v1") == 3
    assert at > 0 and metrics.QUEUES_AT._value.get() == at


def test_a_watch_that_hangs_is_not_alive_and_one_whose_servers_are_away_is(desk: Office) -> None:
    hung, gone = threading.Event(), threading.Event()

    def hangs() -> dict[str, int]:
        hung.set()
        gone.wait(10)
        return {}

    def is_away() -> dict[str, int]:
        raise Away

    hanging = Watch(desk.planner, hangs, (Away,), seconds=0.01, longest_seconds=0.3)
    waiting = Watch(desk.planner, is_away, (Away,), seconds=0.01, longest_seconds=5)
    hanging.start()
    waiting.start()
    try:
        assert hung.wait(10)
        gone.wait(0.4)

        assert not hanging.alive
        assert waiting.alive
    finally:
        gone.set()
        hanging.stop()
        waiting.stop()


def test_a_look_does_not_wait_for_an_answer_for_ever(desk: Office) -> None:
    with desk.planner.begin() as connection:
        connection.execute(BEGIN)
        row = connection.execute("show statement_timeout").fetchone()

    assert row is not None and row["statement_timeout"] == "20s"


def test_a_look_that_fails_leaves_the_time_of_the_last_one(look: Look) -> None:
    look()
    at = metrics.WATCHED_AT._value.get()
    close_all()

    with pytest.raises(Exception, match="closed"):
        look()

    assert metrics.WATCHED_AT._value.get() == at
