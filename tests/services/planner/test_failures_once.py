"""Children of failures tell nobody twice, whatever the other channel told before, tells meanwhile or tells later."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.delivery import OPEN, TOLD
from services.planner.compose import Composer
from services.planner.failures import FAILED, fall_over
from tests.services.planner.desks import Office, an_incident
from tests.services.planner.failing import (
    CUSTOMERS,
    DEBTS,
    answered,
    cancel,
    children,
    consented,
    operated,
    places,
    replay,
    sent,
    the_first,
)


@pytest.fixture
def desk(database: str, composer: Composer) -> Iterator[Office]:
    with operated(database, composer) as here:
        yield here


def hours_pass(desk: Office) -> None:
    """Everything has been in the air for hours."""
    desk.run("update notice_channel set released_at = released_at - interval '3 h'")


# -- told before, by the other channel -------------------------------------------------------------------


def test_whom_the_other_channel_told_the_same_news_is_not_called_again_when_a_replay_fails(desk: Office) -> None:
    consented(desk, "hanna")
    outage = sent(desk, **an_incident())
    answered(desk, outage, "webhook", hanna="a")
    answered(desk, outage, hanna="R")
    replay(desk, the_first(desk))
    desk.freeze()

    answered(desk, outage, hanna="R")

    assert children(desk) == []
    assert places(desk, "replay", "email") == {"hanna": "R"}


def test_whom_the_other_channel_told_at_night_is_not_called_again_when_the_morning_mail_fails(desk: Office) -> None:
    desk.run("update address set quiet_from = '00:00', quiet_to = '23:59' where address like 'hanna%%'")
    consented(desk, "hanna")
    outage = sent(desk, **an_incident(severity="major"))
    answered(desk, outage, "webhook", hanna="a")
    desk.run("update address set quiet_from = null, quiet_to = null")
    desk.run("update batch set wake_at = forewarn_now() - interval '1 h' where wake_at is not null")
    desk.run("update notice_channel set hold_until = forewarn_now() where hold = 'quiet'")
    answered(desk, outage)
    woken = places(desk, "wake", "email")

    answered(desk, outage, hanna="R")

    assert woken == {"hanna": "."}
    assert children(desk) == []
    assert places(desk, "wake", "email") == {"hanna": "R"}


def test_who_was_told_older_news_there_falls_over(desk: Office) -> None:
    outage = sent(desk, **an_incident())
    consented(desk, "hanna")
    answered(desk, outage, hanna="R")
    answered(desk, outage, "webhook")
    desk.run("insert into pause (channel, reason, author, at) values ('webhook', 'test', 'dana', forewarn_now())")
    sent(desk, about="INC-1", cause="A full disk.")
    desk.run(
        "update notice_channel set state = 'drained', ended = 'superseded'"
        " where channel = 'webhook' and state in ('held', 'waiting')"
    )
    desk.run("update pause set lifted_at = forewarn_now()")

    answered(desk, outage, hanna="R")

    assert len(children(desk)) == 2
    assert places(desk, "failover", "webhook") == {"hanna": "."}


def test_a_change_that_is_no_news_calls_nobody_again(desk: Office) -> None:
    consented(desk, "hanna")
    outage = sent(desk, **an_incident())
    answered(desk, outage, "webhook", hanna="a")
    answered(desk, outage, hanna="R")
    desk.says("dana", act="take", about="INC-1")
    replay(desk, the_first(desk))
    desk.freeze()

    answered(desk, outage, hanna="R")

    (revised,) = desk.rows(
        "select revision from notice_channel c join notice n on n.id = notice_id where occasion = 'replay'"
    )
    assert revised["revision"] == 2
    assert children(desk) == []


# -- told meanwhile --------------------------------------------------------------------------------------


def test_whom_the_other_channel_tells_while_a_child_waits_is_not_called_by_it(desk: Office) -> None:
    consented(desk, "hanna", "kenji")
    outage = sent(desk, **an_incident())
    answered(desk, outage, hanna="R", kenji="R")
    replay(desk, the_first(desk))
    desk.freeze()
    answered(desk, outage, hanna="R", kenji="R")
    waiting = children(desk)

    answered(desk, outage, "webhook", hanna="a", kenji="T")

    assert [child["state"] for child in waiting] == ["waiting"]
    assert places(desk, "failover", "webhook") == {"kenji": "."}


# -- a channel that does not come to its end -------------------------------------------------------------


def test_an_endpoint_that_is_never_reached_keeps_nobody_else_from_being_told(desk: Office) -> None:
    consented(desk, "kenji")
    outage = sent(desk, **an_incident())
    consented(desk, "hanna")
    answered(desk, outage, hanna="R")
    at_first = children(desk)

    hours_pass(desk)
    desk.plans.plan(outage)
    desk.freeze()

    assert at_first == []
    assert places(desk, "first", "webhook") == {"kenji": "."}, "still tried"
    assert places(desk, "failover", "webhook") == {"hanna": "."}, "not after it"


def test_whoever_may_still_be_told_there_is_left_to_that_channel(desk: Office) -> None:
    consented(desk, "hanna", "kenji", "owen")
    outage = sent(desk, **an_incident())
    answered(desk, outage, hanna="R", kenji="R", owen="R")
    hours_pass(desk)
    desk.plans.plan(outage)
    meanwhile = children(desk)

    answered(desk, outage, "webhook", hanna="a", kenji="X", owen="T")

    assert meanwhile == []
    assert places(desk, "failover", "webhook") == {"kenji": "."}
    assert places(desk, "first", "email") == {"hanna": "R", "kenji": "m", "owen": "R"}


def test_nobody_falls_over_before_everybody_has_a_place_on_the_other_channel(desk: Office) -> None:
    consented(desk, "hanna")
    outage = sent(desk, **an_incident())
    desk.run("update notice_window set expanded_at = null where channel = 'webhook'")
    hours_pass(desk)
    answered(desk, outage, hanna="R")
    desk.run("update notice_channel set fallen_at = null")

    desk.run("update notice_window set expanded_at = null where channel = 'webhook'")
    desk.plans.plan(outage)

    assert desk.rows("select from notice_channel where channel = 'email' and fallen_at is null")
    assert children(desk) == []


def test_a_cancelled_notice_takes_along_the_child_that_waits_behind_it(desk: Office) -> None:
    consented(desk, "kenji")
    outage = sent(desk, **an_incident())
    consented(desk, "hanna")
    desk.run("insert into pause (channel, reason, author, at) values ('webhook', 'test', 'dana', forewarn_now())")
    answered(desk, outage, hanna="R")
    hours_pass(desk)
    desk.plans.plan(outage)
    waiting = children(desk)

    cancel(desk, the_first(desk))

    (child,) = desk.rows(
        "select c.state, c.ended from notice_channel c join notice n on n.id = c.notice_id"
        " where n.occasion = 'failover'"
    )
    assert [child["state"] for child in waiting] == ["waiting"]
    assert (child["state"], child["ended"]) == ("drained", "cancelled")


# -- what a person cancelled -----------------------------------------------------------------------------


def test_who_was_spared_by_a_cancel_is_told_by_no_child(desk: Office) -> None:
    consented(desk, *CUSTOMERS)
    desk.run("update address set consent = true")
    outage = sent(desk, **an_incident(cause="The wrong text."))
    answered(desk, outage, "webhook", hanna="T", kenji="T", owen="T")

    cancel(desk, the_first(desk))
    answered(desk, outage, hanna="C", kenji="C", owen="a")

    assert children(desk) == []
    assert places(desk, "first", "webhook") == dict.fromkeys(CUSTOMERS, "T")
    assert desk.rows("select from notice_channel where fallen_at is null and state = 'drained'") == []


def test_failures_of_one_channel_do_not_go_by_the_one_that_was_cancelled(desk: Office) -> None:
    desk.run("insert into pause (channel, reason, author, at) values ('webhook', 'test', 'dana', forewarn_now())")
    consented(desk, "hanna")
    outage = sent(desk, **an_incident(cause="The wrong text."))
    answered(desk, outage, hanna="R")

    cancel(desk, the_first(desk))
    desk.run("update pause set lifted_at = forewarn_now()")
    desk.plans.plan(outage)

    ended = desk.rows("select ended from notice_channel where channel = 'webhook' and notice_id = %s", the_first(desk))
    assert [row["ended"] for row in ended] == ["cancelled"]
    assert children(desk) == []


def test_an_operator_may_still_have_them_told(desk: Office) -> None:
    consented(desk, "hanna")
    outage = sent(desk, **an_incident())
    answered(desk, outage, "webhook", hanna="T")
    cancel(desk, the_first(desk))
    answered(desk, outage, hanna="C", kenji="C", owen="C")

    status, view = replay(desk, the_first(desk))
    desk.freeze()

    assert (status, view["people"]) == (200, {"webhook": 1})
    assert places(desk, "replay", "webhook") == {"hanna": "."}


# -- any answers, in any order ---------------------------------------------------------------------------

ENDS = st.sampled_from(["a", "u", "X", *FAILED])
AT_FIRST = st.sampled_from([None, OPEN, OPEN, "a", "X", *FAILED])


@pytest.mark.slow  # each example is an outage of its own
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    mail=st.lists(ENDS, min_size=3, max_size=3),
    hook=st.lists(AT_FIRST, min_size=3, max_size=3),
    at_last=st.lists(ENDS, min_size=3, max_size=3),
    child=st.lists(ENDS, min_size=3, max_size=3),
)
def test_whatever_comes_back_and_however_late_nobody_is_told_the_same_twice(
    desk: Office, mail: list[str], hook: list[str | None], at_last: list[str], child: list[str]
) -> None:
    desk.run("truncate outage, notice, plan, sending_act, event, signal cascade")
    desk.run("delete from address where channel = 'webhook'")
    consented(desk, *(name for name, letter in zip(CUSTOMERS, hook, strict=True) if letter))
    outage = sent(desk, **an_incident())
    consented(desk, *(name for name, letter in zip(CUSTOMERS, hook, strict=True) if not letter))
    desk.run("update address set consent = true")
    answered(desk, outage, "webhook", **{n: letter or "a" for n, letter in zip(CUSTOMERS, hook, strict=True)})

    answered(desk, outage, **dict(zip(CUSTOMERS, mail, strict=True)))
    hours_pass(desk)
    desk.plans.plan(outage)
    desk.freeze()
    replay(desk, the_first(desk))
    desk.freeze()
    answered(desk, outage, "webhook", **dict(zip(CUSTOMERS, at_last, strict=True)))
    for _ in range(2):
        answered(desk, outage, **dict(zip(CUSTOMERS, child, strict=True)))
        answered(desk, outage, "webhook")

    told = Counter(
        (row["key"], row["channel"])
        for row in desk.rows(
            "select s.key, w.channel, substr(b.outcomes, u.place::int, 1) as letter from notice n"
            " join notice_window w on w.notice_id = n.id join batch b on b.window_id = w.id"
            " cross join unnest(b.ids) with ordinality as u (id, place) join subscriber s on s.id = u.id"
            " where n.side = 'outside'"
        )
        if row["letter"] in TOLD
    )
    assert all(times == 1 for times in told.values()), told
    assert desk.rows("select from notice_channel where state <> 'drained'") == []


def test_the_clock_finds_what_need_not_be_waited_for_any_longer(desk: Office) -> None:
    debts = replace(DEBTS, database=desk.planner)
    consented(desk, "kenji")
    outage = sent(desk, **an_incident())
    consented(desk, "hanna")
    answered(desk, outage, hanna="R")
    early = debts.gates()

    hours_pass(desk)
    late = debts.gates()
    with desk.planner.begin() as planning:
        fall_over(planning.execute, outage)
    passes = debts.gates()
    desk.plans.plan(outage)

    assert (early, late, passes, debts.gates()) == ([], [outage], [outage], [])
