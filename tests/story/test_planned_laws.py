"""T2, T7, T8, T11, on real servers: planned work is told in time, or says that it is not.

Every moment is on a calendar of 2027, and the clock that people read is set to it.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from forewarn.dev.sandbox.mail import Mail
from tests.story.test_planned_work import KENJI, entries, until_told
from tests.support.home import Home, until
from tests.support.planned import event_in

MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
A_WEEK_ON = datetime(2027, 3, 10, 20, tzinfo=UTC)
AFTER_EASTER = datetime(2027, 3, 30, 10, tzinfo=UTC)
"""A Tuesday; in Germany nobody works on the Friday and the Monday before, in the United States they do."""
TODO = {"what": "Sign in once with the new page.", "link": "https://status.acme.example/new"}


def the_demo_at_home(home: Home) -> None:
    """Its accounts have no country of their own: the organiser's business days alone count."""
    home.import_demo()
    home.run("update account set country = null")


def work(start: datetime, **facts: Any) -> dict[str, Any]:
    """Two hours of planned work on card payments."""
    window = {"start": start.isoformat(), "end": (start + timedelta(hours=2)).isoformat()}
    said = {"kind": "maintenance", "components": ["card-payments"], "impact": "degraded", "window": window}
    return said | {"benefit": "Payments will be confirmed faster."} | facts


def reminders(home: Home, name: str = "MNT-1") -> list[dict[str, Any]]:
    """Those to customers, in order, with their moments and what became of them."""
    rungs = home.desk(f"/v1/outages/{name}/schedule")["rungs"]
    moments = ("moment", "leaves_at")
    ours = [rung for rung in rungs if (rung["side"], rung["occasion"]) == ("outside", "reminder")]
    return [rung | {each: datetime.fromisoformat(rung[each]) for each in moments} for rung in ours]


def it_is_time_for(home: Home, rung: dict[str, Any]) -> None:
    home.it_is(rung["leaves_at"] + timedelta(seconds=1))


def words(home: Home, mail: Mail) -> str:
    """Its text without line breaks."""
    return " ".join(home.text(mail).split())


def told_labels(home: Home, name: str = "MNT-1") -> list[dict[str, Any]]:
    """The ended reminders to customers as they stand in the record, in order."""
    return home.rows(
        "select r.moment, r.fate, r.short, r.late from rung r join outage o on o.id = r.outage_id"
        " where o.kind = 'maintenance' and o.number = %s and r.side = 'outside' and r.occasion = 'reminder'"
        " order by r.moment",
        int(name.removeprefix("MNT-")),
    )


@pytest.mark.slow
def test_t2_tentative_work_is_told_on_schedule_as_not_settled_and_once_confirmed_as_settled(home: Home) -> None:
    the_demo_at_home(home)
    home.it_is(MONDAY)
    home.told(work(A_WEEK_ON, tentative=True))
    early, (first, *_) = home.mails(), reminders(home)

    it_is_time_for(home, first)
    until_told(home, "reminder")
    home.cli("maintenance", "confirm", "MNT-1", "--yes", token="dana")
    until_told(home, "reminder", "reminder")

    unsettled, settled = home.mails(KENJI)
    assert early == [] and first["moment"] == datetime(2027, 3, 3, 20, tzinfo=UTC), "five business days ahead"
    assert told_labels(home) == [{"moment": first["moment"], "fate": "told", "short": False, "late": False}]
    assert datetime.fromisoformat(home.notices("outside", "MNT-1")[0]["last_at"]) <= first["moment"]
    assert "We may work on" in words(home, unsettled) and "This time is not settled yet." in words(home, unsettled)
    assert "We will work on" in words(home, settled) and "This time is settled now." in words(home, settled)
    assert [event_in(text)["STATUS"] for text in entries(home, unsettled, settled)] == ["TENTATIVE", "CONFIRMED"]


def test_t7_a_quick_fix_that_cannot_wait_is_told_when_it_is_discovered_and_when_it_was_applied(home: Home) -> None:
    the_demo_at_home(home)
    home.it_is(MONDAY)

    home.told(work(MONDAY, cause="A certificate ends today."))
    until_told(home, "starting")
    home.told({"about": "MNT-1", "kind": "maintenance", "status": "completed"})
    until_told(home, "starting", "completed")

    discovered, applied = (words(home, mail) for mail in home.mails(KENJI))
    assert "A certificate ends today." in discovered and "This is shorter notice than you should get" in discovered
    assert "The planned work on card payments is finished." in applied
    home.accounted()
    assert sorted(home.readers()) == sorted([*set(home.readers())] * 2) and len(set(home.readers())) == 12


def test_t8_work_that_asks_something_of_its_readers_is_told_twenty_business_days_ahead_first(home: Home) -> None:
    the_demo_at_home(home)
    home.it_is(MONDAY)
    home.told(work(datetime(2027, 4, 14, 20, tzinfo=UTC), notice_class="action_required", reader_action=TODO))
    early, (first, *_) = home.mails(), reminders(home)

    it_is_time_for(home, first)
    until_told(home, "reminder")

    assert early == [] and first["moment"] == datetime(2027, 3, 17, 20, tzinfo=UTC)
    assert told_labels(home) == [{"moment": first["moment"], "fate": "told", "short": False, "late": False}]
    assert [rung["fate"] for rung in reminders(home)] == ["told", "waits", "waits", "waits"]
    assert home.desk("/v1/outages/MNT-1/schedule")["breaches"] == []
    (mail,) = home.mails(KENJI)
    assert TODO["what"] in words(home, mail) and "shorter notice" not in words(home, mail)


@pytest.mark.slow
def test_t8_short_notice_is_told_at_once_says_so_and_is_recorded_as_a_breach(home: Home) -> None:
    the_demo_at_home(home)
    home.it_is(MONDAY)

    home.told(work(A_WEEK_ON, notice_class="action_required", reader_action=TODO))
    until_told(home, "reminder")

    missed = datetime(2027, 2, 10, 20, tzinfo=UTC)
    assert told_labels(home) == [{"moment": missed, "fate": "told", "short": True, "late": False}]
    assert home.desk("/v1/outages/MNT-1/schedule")["breaches"] == [
        "short notice: class action required asks for a notice by 2027-02-10 20:00 UTC"
    ]
    (mail,) = home.mails(KENJI)
    assert "This is shorter notice than you should get" in words(home, mail)
    counted = 'forewarn_rungs_short_last_day{class="action_required"} 2.0'
    until(lambda: counted in home.house.workers["planner"].metrics().splitlines(), 30, "counting it, for each side")


@pytest.mark.slow
def test_t11_a_holiday_of_the_organisers_country_moves_the_reminder_and_what_is_past_is_compressed_and_says_so(
    home: Home,
) -> None:
    the_demo_at_home(home)
    home.it_is(MONDAY)
    home.told(work(AFTER_EASTER, country="DE"))
    home.told(work(AFTER_EASTER, country="US"))
    german, american = reminders(home, "MNT-1"), reminders(home, "MNT-2")
    assert [rung["moment"].date().day for rung in german] == [19, 25, 30]
    assert [rung["moment"].date().day for rung in american] == [23, 29, 30]

    it_is_time_for(home, german[1])
    until(lambda: len(home.mails(KENJI)) == 2, 30, "one notice of each")
    home.accounted()

    assert [(row["fate"], row["late"]) for row in told_labels(home, "MNT-1")] == [("compressed", True), ("told", False)]
    assert [(row["fate"], row["late"]) for row in told_labels(home, "MNT-2")] == [("told", True)]
    assert [rung["fate"] for rung in reminders(home, "MNT-2")] == ["told", "waits", "waits"]
    assert all("This comes later than it should." in words(home, mail) for mail in home.mails(KENJI))
