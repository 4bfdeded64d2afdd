"""The check can fail: each broken promise is seen in a ledger and a record that were made for it."""

from collections.abc import Mapping, Sequence

import pytest

from forewarn.delivery import Reason, letter_of
from forewarn.dev.sandbox.acceptances import Acceptance
from forewarn.dev.sandbox.lines import Provider
from tests.chaos.evidence import Evidence, compared
from tests.chaos.scene import Person
from tests.support.aloft import NOTICE, Aloft

PEOPLE = 4
LATER = "00c0ffee00c0ffef"

UPDATE = """
with n as (insert into notice (id, outage_id, side, occasion, slot, lane, made_at, policy_hash, mode, test)
  select %s, id, 'outside', 'update', '2', 'urgent', clock_timestamp(), '', 'sandbox', false from outage returning id),
c as (insert into content (notice_id, channel, voice, locale, told, body)
  select id, 'email', 'customer', 'en', true, '{}' from n returning id, notice_id),
w as (insert into notice_window (notice_id, channel, rank, lo, hi, expanded_at, published_at, again_at)
  select id, 'email', 9, 1, 4, m, m, m from n, (select clock_timestamp() as m) x returning id)
insert into batch (window_id, content_id, lane, ids, outcomes, epoch, again_at)
select w.id, c.id, 'urgent', %s, %s, 'e1', clock_timestamp() from w, c
"""


def mail(person: int, notice: str = NOTICE, by: Provider = Provider.SES, at: float = 1000.0) -> Acceptance:
    return Acceptance(by, notice, person, f"Reader <reader{person}@nordwind.example>", at + person)


def person(number: int) -> Person:
    return NOTICE, "email", number


WHOLE = (mail(1), mail(2), mail(4))


def seen(
    database: str,
    record: Sequence[Acceptance] = WHOLE,
    letters: str = "aaSa",
    people: Sequence[int] = (1, 2, 3, 4),
    excused: Sequence[Person] = (),
    repeats_allowed: int = 0,
    confirmed: Sequence[str] = (),
    silent: Sequence[tuple[float, float]] = (),
    may_end: Mapping[str, int] = {},
    unsubscribed: Sequence[int] = (3,),
    later: Sequence[int] = (),
) -> Evidence:
    aloft = Aloft(database)
    aloft.released(PEOPLE)
    aloft.batch(aloft.window(), people, letters)
    for number in unsubscribed:
        aloft.run("insert into suppression values (%s, 'email', 'unsubscribed')", number)
    if later:
        aloft.run(UPDATE, LATER, list(later), "a" * len(later))
    return compared(database, record, 999.0, excused, repeats_allowed, confirmed, silent, may_end)


def test_a_whole_run_breaks_nothing(database: str) -> None:
    evidence = seen(database)

    assert evidence.broken == []
    assert (evidence.planned, evidence.states["accepted"], evidence.states["suppressed"]) == (4, 3, 1)
    assert (evidence.accounted, evidence.seconds) == (1.0, 5.0)


def test_an_unknown_one_may_have_been_told_or_not(database: str) -> None:
    assert seen(database, [*WHOLE, mail(3)], "aaua", excused=[person(3)]).broken == []


def test_whoever_may_be_doubled_and_is_breaks_nothing(database: str) -> None:
    evidence = seen(database, [*WHOLE, mail(2)], excused=[person(2), person(1)])

    assert evidence.broken == []
    assert (evidence.doubled, evidence.bound) == (1, 2)


@pytest.mark.parametrize(
    ("record", "letters", "people", "broken"),
    [
        (WHOLE[1:], "aaSa", (1, 2, 3, 4), ["1 lost"]),
        (WHOLE, "aa.a", (1, 2, 3, 4), ["1 lost", "1 not accounted for"]),
        (WHOLE, "aaa", (1, 2, 4), ["1 lost"]),
        ([*WHOLE, mail(1)], "aaSa", (1, 2, 3, 4), ["1 doubled, where 0 may be", "1 doubled whose call was answered"]),
        ([*WHOLE, mail(3)], "aaSa", (1, 2, 3, 4), ["1 told who are not told in the ledger"]),
        ([*WHOLE, mail(3)], "aaTa", (1, 2, 3, 4),
         ["1 told who are not told in the ledger", "1 ended as nothing explains (attempts_spent)"]),
        ([*WHOLE, mail(1, "another")], "aaSa", (1, 2, 3, 4), ["1 told who are not told in the ledger"]),
        ([WHOLE[0], mail(4), mail(2)._replace(address="reader1@nordwind.example")], "aaSa", (1, 2, 3, 4),
         ["1 told at somebody else's address"]),
        (WHOLE, "aaSaa", (1, 2, 3, 4, 4), ["1 planned twice"]),
    ],
    ids=["not accepted", "open", "left out", "doubled", "suppressed", "failed", "other notice", "misled", "twice"],
)  # fmt: skip
def test_a_broken_promise_is_seen(
    database: str, record: Sequence[Acceptance], letters: str, people: Sequence[int], broken: list[str]
) -> None:
    assert seen(database, record, letters, people).broken == broken


def test_somebody_else_may_not_be_doubled_instead(database: str) -> None:
    evidence = seen(database, [*WHOLE, mail(2)], excused=[person(1)])

    assert evidence.broken == ["1 doubled whose call was answered"]


def test_nobody_may_be_told_three_times(database: str) -> None:
    evidence = seen(database, [*WHOLE, mail(2), mail(2)], excused=[person(2), person(1)])

    assert evidence.broken == ["1 told three times"]


def test_a_confirmed_event_that_nobody_carried_out_is_lost(database: str) -> None:
    assert seen(database, confirmed=["drop-1"]).broken == ["1 confirmed events lost"]


# -- how people end ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", [r for r in Reason if r not in (Reason.UNSUBSCRIBED, Reason.BOUNCED)])
def test_nobody_may_end_otherwise_than_told_but_as_the_fault_explains(database: str, reason: Reason) -> None:
    letters = f"aa{letter_of(reason) * 2}"

    evidence = seen(database, WHOLE[:2], letters, may_end={reason: 1})

    assert evidence.broken == [f"1 ended as nothing explains ({reason})"]


def test_so_many_may_end_as_the_fault_explains(database: str) -> None:
    assert seen(database, WHOLE[:2], "aaRR", may_end={Reason.REJECTED: 2}).broken == []


def test_nobody_is_suppressed_who_has_not_unsubscribed(database: str) -> None:
    assert seen(database, unsubscribed=()).broken == ["1 ended as nothing explains (unsubscribed)"]


def test_an_unknown_one_is_one_whose_call_went_unanswered(database: str) -> None:
    evidence = seen(database, letters="aaua", excused=[person(2)])

    assert evidence.broken == ["1 ended as nothing explains (no_answer)"]


@pytest.mark.parametrize(("later", "broken"), [((3,), []), ((), ["1 ended as nothing explains (moved)"])])
def test_whoever_is_moved_has_a_place_in_a_later_notice(
    database: str, later: tuple[int, ...], broken: list[str]
) -> None:
    record = [*WHOLE, *(mail(number, LATER) for number in later)]

    assert seen(database, record, "aama", later=later).broken == broken


# -- order, silence, events --------------------------------------------------------------------------------


@pytest.mark.parametrize("first_by", [Provider.SES, Provider.SMTP])
@pytest.mark.parametrize(("first_at", "broken"), [(1000.0, []), (3000.0, ["1 told a later notice first"])])
def test_a_later_notice_is_heard_later_on_a_channel_whoever_sends_it(
    database: str, first_by: Provider, first_at: float, broken: list[str]
) -> None:
    record = [mail(1, by=first_by, at=first_at), *WHOLE[1:], mail(1, LATER, at=2000.0)]

    assert seen(database, record, later=(1,)).broken == broken


@pytest.mark.parametrize(
    ("silent", "broken"), [((1001.5, 1003.5), ["1 told while nothing may leave"]), ((1004.5, 1009.0), [])]
)
def test_nobody_is_told_while_nothing_may_leave(database: str, silent: tuple[float, float], broken: list[str]) -> None:
    assert seen(database, silent=[silent]).broken == broken


@pytest.mark.parametrize(
    ("events", "revisions", "broken"),
    [
        (("people/drop-1",), (("people/drop-1", 1),), []),
        (("people/drop-1", "amqp/drop-1"), (), ["1 events carried out twice"]),
        (("people/drop-1",), (("people/drop-1", 1), ("people/drop-1", 2)), ["1 events carried out twice"]),
    ],
    ids=["once", "under two ids", "two revisions"],
)
def test_an_event_is_carried_out_once(
    database: str, events: Sequence[str], revisions: Sequence[tuple[str, int]], broken: list[str]
) -> None:
    aloft = Aloft(database)
    aloft.released(PEOPLE)
    for event in events:
        aloft.run(
            "insert into event (id, received_at, source, role, format, body, verdict)"
            " values (%s, clock_timestamp(), 'people', 'machine', 'event-v1', '', 'opened')",
            event,
        )
    for event, number in revisions:
        aloft.run(
            "insert into revision (outage_id, revision, at, event_id, by_person, newsworthy, facts)"
            " select id, %s, clock_timestamp(), %s, true, true, '{}' from outage",
            number, event,
        )  # fmt: skip
    aloft.batch(aloft.window(), (1, 2, 3, 4), "aaaa")

    evidence = compared(database, [*WHOLE, mail(3)], 999.0, (), 0, ["drop-1"])

    assert evidence.broken == broken
