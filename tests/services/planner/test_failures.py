"""Children of failures: whoever a notice could not reach is told by another channel, or again at an operator's word."""

import time
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.delivery import LETTERS, tally
from services.planner import failures
from services.planner.compose import Composer
from services.planner.failures import FAILED, fall_over
from services.planner.outcomes import RecordedOutcomes
from tests.services.planner.desks import Office, an_incident
from tests.services.planner.failing import (
    CUSTOMERS,
    DEBTS,
    answered,
    children,
    consented,
    operated,
    places,
    replay,
    sent,
    the_first,
    words,
)


@pytest.fixture
def desk(database: str, composer: Composer) -> Iterator[Office]:
    with operated(database, composer) as here:
        yield here


# -- failover --------------------------------------------------------------------------------------------


def test_a_final_failure_falls_over_to_the_next_channel(desk: Office) -> None:
    outage = sent(desk, **an_incident())
    consented(desk, "hanna", "kenji")

    answered(desk, outage, hanna="R", kenji="T")

    (child,) = children(desk)
    (parent,) = desk.notices()[:1]
    assert (child["parent"], child["parent_channel"], child["channel"]) == (parent["id"], "email", "webhook")
    assert (child["side"], child["lane"], child["state"]) == ("outside", "urgent", "released")
    assert places(desk, "first", "email") == {"hanna": "m", "kenji": "m", "owen": "a"}
    assert places(desk, "failover", "webhook") == {"hanna": ".", "kenji": "."}


@pytest.mark.parametrize("letter", FAILED)
def test_every_kind_of_failure_falls_over(desk: Office, letter: str) -> None:
    outage = sent(desk, **an_incident())
    consented(desk, "hanna")

    answered(desk, outage, hanna=letter)

    assert places(desk, "failover", "webhook") == {"hanna": "."}


OTHERWISE = sorted(set(LETTERS) - set(FAILED))


@pytest.mark.parametrize("letter", [*OTHERWISE[:2], *(pytest.param(o, marks=pytest.mark.slow) for o in OTHERWISE[2:])])
def test_nobody_else_falls_over(desk: Office, letter: str) -> None:
    outage = sent(desk, **an_incident())
    consented(desk, "hanna")

    answered(desk, outage, hanna=letter)

    assert children(desk) == []
    assert places(desk, "first", "email")["hanna"] == letter


def test_whoever_has_nothing_to_fall_over_to_stays_failed(desk: Office) -> None:
    outage = sent(desk, **an_incident())
    consented(desk, "hanna")
    desk.endpoint("kenji")
    desk.run("insert into suppression select id, 'webhook', 'unsubscribed' from subscriber where key = 'hanna'")

    answered(desk, outage, hanna="R", kenji="R", owen="D")

    assert children(desk) == []
    assert places(desk, "first", "email") == {"hanna": "R", "kenji": "R", "owen": "D"}


def test_whoever_the_same_notice_told_there_is_not_told_twice(desk: Office) -> None:
    consented(desk, "hanna", "kenji")
    outage = sent(desk, **an_incident())
    answered(desk, outage, "webhook", hanna="a", kenji="u")

    answered(desk, outage, hanna="R", kenji="R")

    assert children(desk) == []


def test_whom_both_channels_fail_to_reach_is_not_sent_to_and_fro(desk: Office) -> None:
    consented(desk, "hanna")
    desk.run("update address set consent = true")
    outage = sent(desk, **an_incident())

    answered(desk, outage, "webhook", hanna="T")
    answered(desk, outage, hanna="R")

    assert children(desk) == []


def test_whoever_was_stopped_there_may_be_told_there(desk: Office) -> None:
    consented(desk, "hanna")
    outage = sent(desk, **an_incident())
    answered(desk, outage, "webhook", hanna="X")

    answered(desk, outage, hanna="R")

    assert places(desk, "failover", "webhook") == {"hanna": "."}


def test_nobody_falls_over_while_the_notice_can_still_reach_them_on_any_channel(desk: Office) -> None:
    consented(desk, "kenji")
    outage = sent(desk, **an_incident())
    consented(desk, "hanna")
    answered(desk, outage, hanna="R")
    before = children(desk)

    answered(desk, outage, "webhook", kenji="a")

    assert before == []
    assert places(desk, "failover", "webhook") == {"hanna": "."}


def test_what_is_not_urgent_falls_over_to_nothing(desk: Office) -> None:
    outage = sent(desk, **an_incident())
    consented(desk, "hanna")
    desk.run("update notice set lane = 'bulk'")

    answered(desk, outage, hanna="R")

    assert children(desk) == []


def test_failures_of_a_webhook_fall_over_to_mail(desk: Office) -> None:
    consented(desk, *CUSTOMERS)
    desk.run("create table away as select * from address where channel = 'email'")
    desk.run("delete from address where channel = 'email' and address like 'hanna%%'")
    outage = sent(desk, **an_incident())
    desk.run("insert into address select * from away on conflict do nothing")
    desk.run("update address set consent = true; drop table away")
    answered(desk, outage)

    answered(desk, outage, "webhook", hanna="T")

    assert places(desk, "failover", "email") == {"hanna": "."}


def test_each_notice_has_one_child_however_often_it_is_planned(desk: Office) -> None:
    outage = sent(desk, **an_incident())
    consented(desk, "hanna")
    answered(desk, outage, hanna="R")

    for _ in range(3):
        desk.plans.plan(outage)
        desk.freeze()

    assert len(children(desk)) == 1
    assert places(desk, "failover", "webhook") == {"hanna": "."}


def test_whom_the_child_fails_to_reach_ends_as_failed(desk: Office) -> None:
    outage = sent(desk, **an_incident())
    consented(desk, "hanna")
    desk.run("update address set consent = true")
    answered(desk, outage, hanna="R")

    answered(desk, outage, "webhook", hanna="T")

    assert len(children(desk)) == 1
    assert places(desk, "failover", "webhook") == {"hanna": "T"}


def test_the_windows_of_a_child_go_out_in_the_order_of_its_parent(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failures, "MOST", 1)
    outage = sent(desk, **an_incident())
    consented(desk, *CUSTOMERS)

    answered(desk, outage, hanna="R", kenji="R", owen="R")

    assert len(desk.rows("select from child_window")) == 3
    assert places(desk, "failover", "webhook") == dict.fromkeys(CUSTOMERS, ".")


CROWD = """
with s as (
  insert into subscriber (key, name, zone_id, token)
  select 'c' || g, 'c' || g, (select id from zone limit 1), 'c' || g from generate_series(1, 40000) g
  returning id, key
),
a as (insert into address (subscriber_id, channel, address) select id, 'email', key || '@kranich.example' from s)
insert into stake (subscriber_id, role, account_id) select id, 'customer', (select id from account) from s
"""


@pytest.mark.slow
def test_thousands_who_failed_among_many_are_moved_and_found_in_a_moment(desk: Office) -> None:
    desk.run(CROWD)
    outage = sent(desk, **an_incident())
    desk.run(r"update batch set outcomes = translate(regexp_replace(outcomes, '(....)\.', '\1R', 'g'), '.', 'a')")
    desk.run(
        "insert into address (subscriber_id, channel, address, consent)"
        " select id, 'webhook', 'https://' || key || '.example', true from subscriber where key like 'c%%'"
    )
    began = time.monotonic()

    desk.plans.plan(outage)
    desk.freeze()

    told = [
        len(row["ids"])
        for row in desk.rows(
            "select b.ids from batch b join notice_window w on w.id = b.window_id where w.way = 'moved'"
        )
    ]
    assert 7_900 < sum(told) <= 8_000
    assert time.monotonic() - began < 10, "nested loops over what is moved take minutes"


# -- words and facts ---------------------------------------------------------------------------------------


def test_whoever_was_never_told_reads_first_words_and_others_an_update(desk: Office) -> None:
    outage = sent(desk, **an_incident())
    answered(desk, outage)
    sent(desk, about="INC-1", cause="A full disk.")
    consented(desk, "hanna")
    answered(desk, outage, hanna="R")
    update = words(desk, "failover")

    desk.run(
        "delete from batch where window_id in (select id from notice_window where notice_id in"
        " (select id from notice where occasion in ('first', 'failover')))"
    )
    desk.run(
        "update notice_window set expanded_at = null, published_at = null where notice_id in"
        " (select id from notice where occasion = 'failover')"
    )
    desk.freeze()

    assert update == {True}
    assert words(desk, "failover") == {False}


@pytest.mark.slow
def test_a_child_is_not_for_whoever_was_told_by_something_newer_meanwhile(desk: Office) -> None:
    outage = sent(desk, **an_incident())
    consented(desk, "hanna", "kenji")
    desk.run("insert into pause (channel, reason, author, at) values ('webhook', 'test', 'dana', forewarn_now())")
    answered(desk, outage, hanna="R", kenji="R")
    sent(desk, about="INC-1", cause="A full disk.")
    answered(desk, outage, hanna="a", kenji="R")
    waiting = [child["state"] for child in children(desk)]
    desk.run(  # what else goes to all endpoints by now
        "update notice_channel c set state = 'drained', ended = 'cancelled' from notice n"
        " where n.id = c.notice_id and n.occasion = 'first' and c.channel = 'webhook'"
    )
    desk.run("update pause set lifted_at = forewarn_now()")

    for _ in range(8):
        answered(desk, outage, "webhook")

    assert waiting == ["waiting", "waiting"]
    told = desk.rows(
        "select s.key from notice n join notice_window w on w.notice_id = n.id join batch b on b.window_id = w.id"
        " cross join unnest(b.ids) u (id) join subscriber s on s.id = u.id where n.occasion = 'failover'"
    )
    assert [row["key"] for row in told] == ["kenji"], "told once, of the newest facts"


def test_whoever_heard_by_a_child_alone_hears_the_correction(desk: Office) -> None:
    outage = sent(desk, **an_incident(cause="A full disk."))
    consented(desk, "hanna")
    answered(desk, outage, hanna="R")
    answered(desk, outage, "webhook")

    sent(desk, act="correct", about="INC-1", cause="A lost key.")

    assert places(desk, "correction", "webhook") == {"hanna": "."}
    assert set(places(desk, "correction", "email")) == {"kenji", "owen"}


@pytest.mark.slow
def test_a_child_of_a_withdrawn_outage_tells_only_those_told_before(desk: Office) -> None:
    outage = sent(desk, **an_incident())
    answered(desk, outage, hanna="R")
    sent(desk, about="INC-1", cause="A full disk.")
    consented(desk, "hanna", "kenji")
    desk.run("insert into pause (channel, reason, author, at) values ('webhook', 'test', 'dana', forewarn_now())")
    answered(desk, outage, hanna="R", kenji="R")
    sent(desk, act="withdraw", about="INC-1")
    answered(desk, outage, kenji="R")
    desk.run("update pause set lifted_at = forewarn_now()")

    for _ in range(6):
        desk.plans.plan(outage)
        desk.freeze()

    rows = desk.rows(
        "select string_agg(b.outcomes, '') as letters from notice n join notice_window w"
        " on w.notice_id = n.id join batch b on b.window_id = w.id where n.occasion = 'failover'"
    )
    assert "W" in rows[0]["letters"], "hanna never heard of it, and need not now"


# -- replay ------------------------------------------------------------------------------------------------


def test_a_replay_tells_whoever_failed_again_and_nobody_else(desk: Office) -> None:
    outage = sent(desk, **an_incident())
    answered(desk, outage, hanna="R", kenji="D")
    parent = the_first(desk)

    status, view = replay(desk, parent)
    desk.freeze()

    assert (status, view["notice"], view["people"]) == (200, parent, {"email": 2})
    (child,) = children(desk, "replay")
    assert (child["id"], child["parent"], child["channel"]) == (view["child"], parent, "email")
    assert places(desk, "first", "email") == {"hanna": "m", "kenji": "m", "owen": "a"}
    assert places(desk, "replay", "email") == {"hanna": ".", "kenji": "."}
    assert words(desk, "replay") == {False}


def test_a_replay_is_recorded_with_its_author(desk: Office) -> None:
    outage = sent(desk, **an_incident())
    answered(desk, outage, hanna="R")

    replay(desk, the_first(desk))

    (entry,) = [entry for entry in desk.get("/v1/outages/INC-1/log") if entry["act"] == "replay"]
    assert (entry["author"], entry["role"]) == ("olga", "operator")
    assert the_first(desk) in entry["what"] and "The relay is mended." in entry["what"]


def test_only_an_operator_replays(desk: Office) -> None:
    outage = sent(desk, **an_incident())
    answered(desk, outage, hanna="R")

    assert [replay(desk, the_first(desk), by)[0] for by in ("dana", "rita", "native")] == [403] * 3
    assert replay(desk, "0" * 16)[0] == 404
    assert children(desk, "replay") == []


def test_there_is_no_replay_for_nobody(desk: Office) -> None:
    outage = sent(desk, **an_incident())
    in_the_air = replay(desk, the_first(desk))[0]
    answered(desk, outage, hanna="R")

    first, second = replay(desk, the_first(desk))[0], replay(desk, the_first(desk))[0]

    assert (in_the_air, first, second) == (409, 200, 409)
    assert len(children(desk, "replay")) == 1
    assert len(desk.rows("select from sending_act")) == 1


@pytest.mark.slow
def test_a_replay_of_what_failed_on_both_channels_tells_each_by_theirs(desk: Office) -> None:
    desk.endpoint("kenji", "owen")
    outage = sent(desk, **an_incident())
    answered(desk, outage, hanna="R")
    answered(desk, outage, "webhook", kenji="T", owen="T")
    sent(desk, about="INC-1", cause="A full disk.")
    answered(desk, outage, hanna="R")  # newer, and by mail it told both of them
    answered(desk, outage, "webhook", kenji="T", owen="a")

    status, view = replay(desk, the_first(desk))
    desk.freeze()

    assert (status, view["people"]) == (200, {"email": 1, "webhook": 1}), "the update told the other by webhook"
    assert places(desk, "replay", "email") == {"hanna": "."}
    assert places(desk, "replay", "webhook") == {"kenji": "."}


@pytest.mark.slow
def test_a_replay_of_a_failover_knows_what_was_told_by_mail(desk: Office) -> None:
    outage = sent(desk, **an_incident())
    answered(desk, outage)
    sent(desk, about="INC-1", cause="A full disk.")
    consented(desk, "hanna")
    answered(desk, outage, hanna="R")
    answered(desk, outage, "webhook", hanna="T")
    (child,) = children(desk)

    replay(desk, child["id"])
    desk.freeze()

    assert places(desk, "replay", "webhook") == {"hanna": "."}
    assert words(desk, "replay") == {True}


@pytest.mark.slow
def test_whom_a_replay_fails_to_reach_can_be_told_by_another_one(desk: Office) -> None:
    outage = sent(desk, **an_incident())
    answered(desk, outage, hanna="R")
    child = replay(desk, the_first(desk))[1]["child"]
    desk.freeze()
    answered(desk, outage, hanna="T")

    status, view = replay(desk, child)
    desk.freeze()

    assert (status, view["people"]) == (200, {"email": 1})
    assert places(desk, "replay", "email") == {"hanna": "."}


def test_whoever_can_be_told_by_another_channel_is_not_replayed(desk: Office) -> None:
    outage = sent(desk, **an_incident())
    consented(desk, "hanna")
    desk.run("update notice_channel set fallen_at = clock_timestamp()")
    answered(desk, outage, hanna="R", kenji="R")
    desk.run("update notice_channel set fallen_at = null")

    status, view = replay(desk, the_first(desk))

    assert (status, view["people"]) == (200, {"email": 1})
    assert len(children(desk)) == 1


# -- pages -------------------------------------------------------------------------------------------------


def test_pages_show_parent_and_children_each_with_its_own_sum(desk: Office) -> None:
    outage = sent(desk, **an_incident())
    consented(desk, "hanna")
    answered(desk, outage, hanna="R", kenji="R")
    answered(desk, outage, "webhook")

    notices = [n for n in desk.get("/v1/outages/INC-1")["notices"] if n["side"] == "outside"]

    sums = {(n["occasion"], n["channel"]): n["sum"] for n in notices}
    parent, child = sums["first", "email"], sums["failover", "webhook"]
    assert (parent["moved"], parent["failed"], parent["accepted"], parent["accounted"]) == (1, 1, 1, 1.0)
    assert (child["planned"], child["accepted"], child["accounted"]) == (1, 1, 1.0)
    assert {n["occasion"]: n["parent"] for n in notices}["failover"] == the_first(desk)


def test_a_child_that_waits_is_previewed_with_whom_it_is_for(desk: Office) -> None:
    outage = sent(desk, **an_incident())
    consented(desk, "hanna", "kenji")
    desk.run("insert into pause (channel, reason, author, at) values ('webhook', 'test', 'dana', forewarn_now())")
    answered(desk, outage, hanna="R", kenji="R")

    view = desk.get("/v1/outages/INC-1/preview", by="dana")

    (notice,) = view["notices"]
    assert (notice["occasion"], notice["channel"], notice["people"]) == ("failover", "webhook", 2)
    assert notice["when"] == "when sending is resumed"


# -- any failures --------------------------------------------------------------------------------------------


ENDS = st.sampled_from(sorted(LETTERS))


@pytest.mark.slow  # each example is an outage of its own
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    mail=st.lists(ENDS, min_size=3, max_size=3),
    hook=st.lists(st.none() | ENDS, min_size=3, max_size=3),
    consents=st.lists(st.booleans(), min_size=3, max_size=3),
)
def test_whatever_fails_everybody_moved_is_in_one_child_and_nobody_in_two(
    desk: Office, mail: list[str], hook: list[str | None], consents: list[bool]
) -> None:
    desk.run("truncate outage, notice, plan, sending_act, event, signal cascade")
    desk.run("delete from address where channel = 'webhook'")
    consented(desk, *(name for name, letter in zip(CUSTOMERS, hook, strict=True) if letter))
    outage = sent(desk, **an_incident())
    desk.endpoint(*(name for name, letter in zip(CUSTOMERS, hook, strict=True) if not letter))
    for name, consent in zip(CUSTOMERS, consents, strict=True):
        desk.run("update address set consent = %s where address like '%%' || %s || '%%'", *(consent, name))
    before = dict(zip(CUSTOMERS, mail, strict=True))
    there = {name: letter for name, letter in zip(CUSTOMERS, hook, strict=True) if letter}
    if there:
        answered(desk, outage, "webhook", **there)

    answered(desk, outage, **before)
    desk.freeze()

    after = places(desk, "first", "email")
    on_hook = places(desk, "first", "webhook") if there else {}
    for name, consent in zip(CUSTOMERS, consents, strict=True):
        may = before[name] in FAILED and consent and there.get(name, "X") in "XPW"
        assert after[name] == ("m" if may else before[name])
        back = there.get(name) in FAILED and consent and before[name] in "XPW"
        assert on_hook.get(name) == ("m" if back else there.get(name))
    moved = [c for row in desk.rows("select ids from child_window") for c in row["ids"]]
    assert len(moved) == len(set(moved))
    counted = tally("".join(after.values()) + "".join(on_hook.values()))
    assert counted.open == 0
    asleep = sum(letter == "m" for letter in [*before.values(), *there.values()])
    assert counted.moved == len(moved) + asleep


# -- at the same time --------------------------------------------------------------------------------------


def test_an_answer_that_comes_late_is_not_lost_by_the_move(desk: Office) -> None:
    outage = sent(desk, **an_incident())
    consented(desk, "hanna")
    desk.run("update notice_channel set fallen_at = clock_timestamp()")
    answered(desk, outage, hanna="R", kenji="u")
    desk.run("update notice_channel set fallen_at = null")
    (batch,) = desk.rows(
        "select b.id, b.outcomes from batch b join notice_window w on w.id = b.window_id"
        " join notice n on n.id = w.notice_id where n.side = 'outside' and b.outcomes like '%%u%%'"
    )

    with desk.planner.begin() as planning:
        fall_over(planning.execute, outage)
    RecordedOutcomes(desk.planner).lay_over(batch["id"], batch["outcomes"].replace("u", "a"), None, None)

    assert places(desk, "first", "email") == {"hanna": "m", "kenji": "a", "owen": "a"}


def test_a_move_and_its_child_stand_together_or_not_at_all(desk: Office) -> None:
    outage = sent(desk, **an_incident())
    consented(desk, "hanna")
    desk.run("update notice_channel set fallen_at = clock_timestamp()")
    answered(desk, outage, hanna="R")
    desk.run("update notice_channel set fallen_at = null")

    with pytest.raises(psycopg.errors.RaiseException), desk.planner.begin() as planning:
        fall_over(planning.execute, outage)
        planning.execute("do $$ begin raise exception 'the planner dies'; end $$")

    assert children(desk) == []
    assert places(desk, "first", "email")["hanna"] == "R"


def test_a_plan_that_died_before_the_move_is_owed(desk: Office) -> None:
    outage = sent(desk, **an_incident())
    answered(desk, outage, hanna="R")
    debts = replace(DEBTS, database=desk.planner)
    paid = debts.gates()
    desk.run("update notice_channel set fallen_at = null")

    owed = debts.gates()
    desk.plans.plan(outage)

    assert (paid, owed, debts.gates()) == ([], [outage], [])
