"""T9, T17, on real servers: calendars stay true as planned work changes, and what was wrong is taken back.

Moments as in `test_planned_laws`.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.story.test_planned_laws import A_WEEK_ON, AFTER_EASTER, MONDAY, it_is_time_for, reminders, words, work
from tests.story.test_planned_work import KENJI, entries, told_so_far, until_told
from tests.story.test_takeback import told_by
from tests.support.home import Home, until
from tests.support.planned import event_in, events_in


@pytest.mark.slow
def test_t9_mails_keep_calendars_true_as_work_is_moved_and_cancelled_and_the_public_feed_shows_the_same(
    home: Home,
) -> None:
    home.import_demo()
    home.it_is(MONDAY)
    for _ in range(2):
        home.told(work(MONDAY + timedelta(days=3)))
    until_told(home, "reminder")
    until(lambda: len(home.mails(KENJI)) == 2, 20, "both reminders")

    home.told({"about": "MNT-1", "kind": "maintenance", "window": work(AFTER_EASTER)["window"]})
    home.told({"about": "MNT-2", "kind": "maintenance", "status": "cancelled"})
    until(lambda: len(home.mails(KENJI)) == 4, 20, "both news")

    ours, theirs = (list(read_of(home, name)) for name in ("MNT-1", "MNT-2"))
    assert [entry["STATUS"] for entry in (*ours, *theirs)] == ["CONFIRMED", "CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [entry["SEQUENCE"] for entry in ours] == [entry["SEQUENCE"] for entry in theirs] == [1, 2]
    assert [entry.start for entry in ours] == [MONDAY + timedelta(days=3), AFTER_EASTER]
    last = sorted(map(gist, (ours[-1], theirs[-1])))
    until(lambda: sorted(map(gist, public_feed(home))) == last, 45, "a feed that is no older than half a minute")


def read_of(home: Home, name: str) -> Iterator[Any]:
    """The calendar's entries in the mails about this work, in order; a letter about what is off takes it back."""
    for text in entries(home, *home.mails(KENJI)):
        entry = event_in(text)
        if entry["UID"].startswith(f"{name}@"):
            assert ("METHOD:CANCEL" in text) == (entry["STATUS"] == "CANCELLED")
            yield entry


def public_feed(home: Home) -> list[Any]:
    """As any calendar asks for it, without a token."""
    answer = home.house.http.request("GET", f"{home.house.desk_url}/v1/calendar.ics")
    assert answer.status == 200
    return events_in(answer.data.decode())


def gist(entry: Any) -> tuple[object, ...]:
    return str(entry["UID"]), entry["SEQUENCE"], str(entry["STATUS"]), entry.start, entry.end


@pytest.mark.slow
def test_t17_a_correction_and_a_withdrawal_of_planned_work_reach_exactly_those_told_and_nobody_new(home: Home) -> None:
    home.import_demo()
    home.it_is(MONDAY)
    home.told(work(A_WEEK_ON))
    it_is_time_for(home, reminders(home)[0])
    until_told(home, "reminder")
    home.accounted()
    told = set(home.readers())
    new = b"id,role,accounts,name,email\ncrm-109,customer,kranich,Noor Haddad,noor.haddad@kranich.example\n"
    assert home.request("PUT", "/v1/directory/people?format=csv", new)[1]["added"] == 1

    home.cli("maintenance", "correct", "MNT-1", "--benefit", "Refunds will be faster.", "--yes", token="dana")
    until_told(home, "reminder", "correction")
    home.cli("maintenance", "withdraw", "MNT-1", "--note", "It was another customer's.", "--yes", token="dana")
    until_told(home, "reminder", "correction", "withdrawn")
    until(lambda: told_so_far(home, "inside")[-1:] == ["withdrawn"], 20, "taking it back inside")

    assert len(told) == 12
    assert told_by(home, "reminder") == told_by(home, "correction") == told_by(home, "withdrawn") == told
    assert set(home.readers()) == told
    _, corrected, withdrawn = home.mails(KENJI)
    assert "Payments will be confirmed faster." in words(home, corrected)
    assert "Refunds will be faster." in words(home, corrected)
    assert "No such work is planned. You need not do anything." in words(home, withdrawn)
    (gone,) = entries(home, withdrawn)
    assert "METHOD:CANCEL" in gone and event_in(gone)["STATUS"] == "CANCELLED"
    assert home.rows("select due_at from plan") == [{"due_at": None}], "nothing more is to come"
