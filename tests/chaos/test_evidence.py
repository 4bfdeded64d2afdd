"""The check can fail: each broken promise is seen in a ledger and a record that were made for it."""

from collections.abc import Sequence

import pytest

from forewarn.dev.sandbox.acceptances import Acceptance
from forewarn.dev.sandbox.lines import Provider
from tests.chaos.evidence import Evidence, compared
from tests.chaos.scene import Person
from tests.support.aloft import NOTICE, Aloft

PEOPLE = 4


def mail(person: int, notice: str = NOTICE) -> Acceptance:
    return Acceptance(Provider.SES, notice, person, f"Reader <reader{person}@nordwind.example>", 1000.0 + person)


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
) -> Evidence:
    aloft = Aloft(database)
    aloft.released(PEOPLE)
    aloft.batch(aloft.window(), people, letters)
    return compared(database, record, 999.0, excused, repeats_allowed, confirmed)


def test_a_whole_run_breaks_nothing(database: str) -> None:
    evidence = seen(database)

    assert evidence.broken == []
    assert (evidence.planned, evidence.states["accepted"], evidence.states["suppressed"]) == (4, 3, 1)
    assert (evidence.accounted, evidence.seconds) == (1.0, 5.0)


def test_an_unknown_one_may_have_been_told_or_not(database: str) -> None:
    assert seen(database, [*WHOLE, mail(3)], "aaua").broken == []


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
        ([*WHOLE, mail(3)], "aaTa", (1, 2, 3, 4), ["1 told who are not told in the ledger"]),
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
