"""W7, on real servers under the fast clock: night postpones, and never drops."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.support.home import Home, an_event, until

SLEEPER = "noor.haddad@kranich.example"
ZONE = "America/Chicago"


def somebody_sleeps(home: Home, minutes: int) -> datetime:
    """The demo's people, and one more who sleeps for so many minutes; when she wakes, to the quarter of an hour."""
    home.import_demo()
    here = home.now().astimezone(ZoneInfo(ZONE))
    wakes = here + timedelta(minutes=minutes)
    hours = f"{here - timedelta(hours=3):%H:%M},{wakes:%H:%M}"
    people = "id,role,accounts,name,email,locale,zone,quiet_from,quiet_to\n"
    people += f"crm-109,customer,kranich,Noor Haddad,{SLEEPER},en,{ZONE},{hours}\n"
    status, report = home.request("PUT", "/v1/directory/people?format=csv", people.encode())
    assert status == 200 and report["added"] == 1, report
    return wakes.replace(second=0, microsecond=0)


def quiet_event(**changes: object) -> dict[str, object]:
    """Not critical: it wakes nobody."""
    return an_event(severity="major", **changes)


def test_a_sleeper_gets_one_mail_at_their_wake_moment_with_the_newest_facts(home: Home) -> None:
    home.fast(60)
    wakes = somebody_sleeps(home, 20)
    home.post(quiet_event(next_update_at=(home.now() + timedelta(hours=5)).isoformat()))
    home.notice("outside", "first")

    home.post({"about": "INC-1", "cause": "A full disk."})
    home.notice("outside", "update")
    asleep = home.mails(SLEEPER)
    home.fast(900)
    child = home.notice("outside", "wake", seconds=40)

    (mail,) = home.mails(SLEEPER)
    assert asleep == []
    assert "A full disk." in home.text(mail)
    slot = datetime.fromisoformat(child["hold_until"])
    assert wakes <= slot < wakes + timedelta(minutes=16) and slot.minute % 15 == 0
    assert datetime.fromisoformat(child["first_at"]) >= slot
    assert {n["occasion"]: n["sum"]["moved"] for n in home.notices("outside")} == {"first": 1, "update": 1, "wake": 0}


@pytest.mark.slow
def test_a_sleeper_hears_once_even_if_all_is_over(home: Home) -> None:
    home.fast(60)
    somebody_sleeps(home, 20)
    home.post(quiet_event())
    home.notice("outside", "first")
    home.post({"about": "INC-1", "status": "resolved"})
    home.notice("outside", "resolved")

    home.fast(900)
    home.notice("outside", "wake", seconds=40)

    (mail,) = home.mails(SLEEPER)
    assert "is over" in home.text(mail)
    home.accounted()


def test_what_is_critical_wakes(home: Home) -> None:
    somebody_sleeps(home, 60)

    home.told(an_event())

    assert len(home.mails(SLEEPER)) == 1


@pytest.mark.slow
def test_whoever_is_woken_by_what_became_critical_gets_no_second_mail_in_the_morning(home: Home) -> None:
    home.fast(60)
    somebody_sleeps(home, 20)
    home.post(quiet_event(next_update_at=(home.now() + timedelta(hours=5)).isoformat()))
    home.notice("outside", "first")

    home.post({"about": "INC-1", "severity": "critical", "cause": "A full disk."})
    home.notice("outside", "update")
    home.fast(900)
    until(lambda: home.notice("outside", "wake", seconds=40), 45, "the child")

    assert len(home.mails(SLEEPER)) == 1
