"""Modes and rehearsals, on real servers: only who is listed hears, and everybody is accounted for."""

import pytest

from tests.support.home import GUESTS, Home, an_event

pytestmark = pytest.mark.slow


def test_in_guests_mode_two_of_twelve_are_let_out_and_twelve_are_accounted_for(home: Home) -> None:
    for service in ("planner", "dispatch"):
        home.restart(service, FOREWARN_DELIVERY="guests")
    home.import_demo()

    home.told(an_event())

    assert sorted(home.accounted()) == sorted("aa" + "G" * 10)
    assert sorted(home.readers()) == sorted(GUESTS)
    sums = home.desk("/v1/outages/INC-1")["sum"]
    assert (sums["planned"], sums["accounted"], sums["reasons"]) == (12, 1.0, {"not_a_guest": 10})


def test_dispatch_in_guests_mode_lets_nobody_out_whom_a_planner_in_another_mode_planned(home: Home) -> None:
    home.restart("dispatch", FOREWARN_DELIVERY="guests")
    home.import_demo()

    home.told(an_event())

    assert home.accounted() == "G" * 12, "planned for the sandbox, it must not leave by a way out of it"
    assert home.readers() == []


def test_a_rehearsal_reaches_guests_only_and_says_what_it_is(home: Home) -> None:
    home.import_demo()

    home.told(an_event(test=True))

    assert sorted(home.readers()) == sorted(GUESTS)
    assert sorted(home.accounted()) == sorted("aa" + "G" * 10)
    for mail in home.mails():
        assert mail.subject.startswith("[TEST] ")
        text = home.text(mail)
        assert "a rehearsal" in text or "eine Übung" in text


def test_a_rehearsal_is_outside_the_metrics_of_service(home: Home) -> None:
    home.import_demo()
    before = counted(home)

    home.told(an_event(test=True))

    assert counted(home) == before


def counted(home: Home) -> list[str]:
    """What dispatch counts of recipients."""
    lines = home.house.workers["dispatch"].metrics().splitlines()
    return [line for line in lines if line.startswith("forewarn_recipients_total")]
