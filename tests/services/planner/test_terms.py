"""What accounts ask of planned work, on the record: whom its reminders reach, what is shown of them, and kept."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.services.planner.desks import PEOPLE, Office
from tests.services.planner.test_agenda import REHEARSAL, a_plan, outside
from tests.services.planner.test_upkeep_told import it_is, window, words

DAY, MONTH = timedelta(days=1), timedelta(days=30)
OUTSIDE = sum(role == "customer" for _, role in PEOPLE)


def readers(desk: Office, side: str = "outside") -> list[tuple[str, list[str]]]:
    """Each notice that reached somebody, with whom, in order."""
    rows = desk.rows(
        "select n.occasion, array_agg(s.key order by s.key) as people from notice n"
        " join notice_window w on w.notice_id = n.id join batch b on b.window_id = w.id"
        " cross join unnest(b.ids) u (id) join subscriber s on s.id = u.id where n.side = %s"
        " group by n.id, n.occasion, n.serial order by n.serial",
        side,
    )
    return [(row["occasion"], row["people"]) for row in rows]


def moves(desk: Office, ahead: timedelta, **facts: Any) -> None:
    desk.says("dana", about="MNT-1", kind="maintenance", window=window(ahead), **facts)


EVERYBODY = ["hanna", "kenji", "owen"]


def test_t8_an_account_with_a_longer_minimum_alone_hears_first_and_then_with_everybody(nordwind: Office) -> None:
    outage = nordwind.says("dana", **a_plan(15 * DAY))  # 20 business days are past, 5 are to come
    nordwind.settle(outage)
    it_is(nordwind, datetime.now(UTC) + 14 * DAY)

    nordwind.settle(outage)

    assert readers(nordwind) == [("reminder", ["owen"]), ("reminder", EVERYBODY)]
    assert [occasion for occasion, _ in readers(nordwind, "inside")] == ["reminder", "reminder"]


def test_t8_a_breach_of_an_account_s_minimum_is_said_to_it_alone_and_on_record(nordwind: Office) -> None:
    outage = nordwind.says("dana", **a_plan(15 * DAY))
    nordwind.settle(outage)
    it_is(nordwind, datetime.now(UTC) + 14 * DAY)
    nordwind.settle(outage)

    own, of_all = (("shorter notice" in text) for text in words(nordwind, "reminder"))
    kept = nordwind.rows("select minimums, short, fate from rung where side = 'outside' order by moment limit 2")

    assert (own, of_all) == (True, False)
    assert [(r["minimums"], r["short"]) for r in kept] == [(["20bd"], True), (None, False)]


def inside_words(desk: Office, occasion: str) -> list[str]:
    """What colleagues who were told before read, line breaks aside."""
    rows = desk.rows(
        "select c.body ->> 'text' as text from content c join notice n on n.id = c.notice_id"
        " where n.side = 'inside' and n.occasion = %s and c.told and c.locale = 'en' and c.voice = 'internal'"
        " order by n.serial",
        occasion,
    )
    return [" ".join(row["text"].split()) for row in rows]


def test_t8_colleagues_read_that_only_such_accounts_hear_it_and_of_what_all_hear_nothing_so(nordwind: Office) -> None:
    outage = nordwind.says("dana", **a_plan(15 * DAY))
    nordwind.settle(outage)
    moves(nordwind, 16 * DAY)
    nordwind.settle(outage)
    it_is(nordwind, datetime.now(UTC) + 15 * DAY)
    nordwind.settle(outage)

    own, of_all = inside_words(nordwind, "reminder")
    assert "Short notice: only for accounts with a minimum notice of 20 business days, which counts" in own
    assert all("minimum notice of 20 business days" in text for text in inside_words(nordwind, "delayed"))
    assert ("minimum notice" in of_all, "than its class asks" in own + of_all) == (False, False)


def test_t8_a_preview_shows_colleagues_whom_a_minimum_s_reminder_is_for(nordwind: Office) -> None:
    seen = nordwind.post("/v1/preview", a_plan(15 * DAY))

    inside = " ".join(str(seen).replace("\\n", " ").split())
    assert "only for accounts with a minimum notice of 20 business days" in inside
    assert "than its class asks" not in inside


def test_t8_what_is_too_late_for_some_accounts_is_no_short_notice_to_everybody(nordwind: Office) -> None:
    outage = nordwind.says("dana", **a_plan(2 * DAY))
    nordwind.settle(outage)

    moves(nordwind, 15 * DAY)
    nordwind.settle(outage)

    assert ["short notice" in text for text in words(nordwind, "delayed")] == [False]
    kept = nordwind.rows(
        "select by_slot, short from rung where side = 'outside' and minimums is not null order by ended_at"
    )
    assert kept[-1]["short"], "it is on record all the same"


def test_t8_a_rehearsal_shows_a_minimum_s_reminder_its_readers_and_its_breach(nordwind: Office) -> None:
    late, early = (nordwind.post(REHEARSAL, a_plan(ahead)) for ahead in (15 * DAY, 60 * DAY))

    shown = [(r["minimum"], r["audience"], r["fate"]) for r in outside(late)[:2]]
    assert shown == [("20bd", 1, "now"), (None, OUTSIDE, "waits")]
    assert [line.partition(" asks ")[0] for line in late["breaches"]] == [
        "short notice: an account's own minimum of 20bd"
    ]
    assert (outside(early)[0]["minimum"], early["breaches"]) == ("20bd", [])


def test_t8_a_move_that_only_they_knew_of_is_told_to_them_and_the_rest_hear_in_time(nordwind: Office) -> None:
    outage = nordwind.says("dana", **a_plan(15 * DAY))
    nordwind.settle(outage)
    moves(nordwind, 40 * DAY)
    nordwind.settle(outage)
    it_is(nordwind, datetime.now(UTC) + 39 * DAY)

    nordwind.settle(outage)

    told = readers(nordwind)
    assert told[:2] == [("reminder", ["owen"]), ("delayed", ["owen"])]
    assert told[-1] == ("reminder", EVERYBODY)


def test_t8_a_move_that_is_told_to_all_gives_first_words_to_whoever_knew_nothing(nordwind: Office) -> None:
    outage = nordwind.says("dana", **a_plan(15 * DAY))
    nordwind.settle(outage)
    moves(nordwind, 2 * DAY)
    nordwind.settle(outage)

    assert readers(nordwind) == [("reminder", ["owen"]), ("delayed", EVERYBODY)]
    rows = nordwind.rows(
        "select c.told, c.body ->> 'text' as text, array_agg(s.key order by s.key) as people from batch b"
        " join content c on c.id = b.content_id cross join unnest(b.ids) u (id) join subscriber s on s.id = u.id"
        " join notice n on n.id = c.notice_id where n.occasion = 'delayed' and n.side = 'outside' group by 1, 2"
    )
    read = {row["told"]: (row["people"], "brought forward" in row["text"]) for row in rows}
    assert read == {True: (["owen"], True), False: (["hanna", "kenji"], False)}


def test_t8_a_cancellation_reaches_those_who_heard_and_nobody_else(nordwind: Office) -> None:
    outage = nordwind.says("dana", **a_plan(15 * DAY))
    nordwind.settle(outage)
    nordwind.says("dana", about="MNT-1", kind="maintenance", status="cancelled")

    nordwind.settle(outage)

    assert readers(nordwind) == [("reminder", ["owen"]), ("cancelled", ["owen"])]


def test_t8_who_was_told_of_another_time_is_no_reader_of_a_minimum_s_reminder(nordwind: Office) -> None:
    outage = nordwind.says("dana", **a_plan(2 * DAY))
    nordwind.settle(outage)
    moves(nordwind, 60 * DAY)
    nordwind.settle(outage)
    it_is(nordwind, datetime.now(UTC) + 40 * DAY)

    nordwind.settle(outage)

    assert readers(nordwind)[1:] == [("delayed", EVERYBODY), ("reminder", ["owen"])]


@pytest.mark.slow
def test_t13_a_minimum_s_reminder_does_not_keep_a_promise_made_to_everybody(nordwind: Office) -> None:
    now = datetime.now(UTC)
    outage = nordwind.says("dana", **a_plan(2 * DAY))
    nordwind.settle(outage)
    moves(nordwind, 60 * DAY, next_update_at=(now + 45 * DAY).isoformat())
    for days in (0, 40, 45):
        it_is(nordwind, now + days * DAY - timedelta(minutes=1))
        nordwind.settle(outage)

    assert readers(nordwind)[1:] == [("delayed", EVERYBODY), ("reminder", ["owen"]), ("holding", EVERYBODY)]
    answers = nordwind.rows(
        "select a.occasion from promise p join notice n on n.id = p.notice_id join notice a on a.id = p.answered_by"
        " where n.occasion = 'delayed' and p.side = 'outside'"
    )
    assert answers == [{"occasion": "holding"}]


def test_t8_whoever_sleeps_through_a_minimum_s_reminder_is_told_on_waking_and_nobody_else(nordwind: Office) -> None:
    nordwind.run("update address set quiet_from = '00:00', quiet_to = '23:59'")
    outage = nordwind.says("dana", **a_plan(15 * DAY))
    nordwind.settle(outage)
    nordwind.run("delete from fast_clock")
    it_is(nordwind, datetime.now(UTC) + DAY)
    nordwind.run("update address set quiet_from = null, quiet_to = null")

    nordwind.settle(outage)

    assert readers(nordwind) == [("reminder", ["owen"]), ("wake", ["owen"])]


def test_t11_an_account_s_country_is_asked_beside_the_organiser_s(nordwind: Office) -> None:
    nordwind.run("update account set country = 'US' where key = 'fjord'")
    nordwind.run("update account set country = 'ZZ' where key = 'nordwind'")
    start = datetime(2027, 7, 9, 12, tzinfo=UTC)  # the American holiday of the 4th is kept on Monday the 5th
    plan = a_plan() | {"window": {"start": start.isoformat(), "end": (start + timedelta(hours=2)).isoformat()}}

    view = nordwind.post(REHEARSAL, plan | {"country": "DE"})

    moment = next(r["moment"] for r in outside(view) if r["minimum"] is None)
    assert datetime.fromisoformat(moment) == datetime(2027, 7, 1, 12, tzinfo=UTC)
    assert view["unknown_countries"] == ["ZZ"]


def test_terms_are_of_accounts_that_use_what_is_touched_and_of_no_others(nordwind: Office) -> None:
    nordwind.run("update account set country = 'DE'")
    nordwind.run("insert into account (key, name, country, minimum_notice) values ('away', 'Away', 'US', '40bd')")

    view = nordwind.post(REHEARSAL, a_plan(60 * DAY))

    assert {r["minimum"] for r in view["rungs"]} == {None, "20bd"}
