"""T18, on real servers under the fast clock: calm becomes an end if the source lives, and an end can be taken back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.home import Home, an_alert, until

MINUTES_A_SECOND = 60
WATCHDOG = {"alertname": "Watchdog", "severity": "none"}


def calm(home: Home) -> dict[str, Any]:
    """An alert that was told and does not fire any more."""
    home.import_demo()
    home.fast(60 * MINUTES_A_SECOND / 6)
    alert = an_alert(startsAt=_now())
    home.alert(alert)
    home.notice("outside", "first")
    home.alert(alert | {"status": "resolved", "endsAt": _now()})
    home.notice("outside", "update")
    return alert


def status(home: Home, name: str = "INC-1") -> str:
    return str(home.desk(f"/v1/outages/{name}")["status"])


def pass_minutes(home: Home, minutes: int) -> None:
    end = home.now() + timedelta(minutes=minutes)
    until(lambda: home.now() > end, what=f"{minutes} minutes")


def heard_from(home: Home) -> None:
    """The source's watchdog, which says nothing but that it lives."""
    home.alert(an_alert(labels=WATCHDOG), group="{}:{watchdog}")


def test_a_source_that_was_heard_from_meanwhile_settles_its_calm(home: Home) -> None:
    calm(home)
    pass_minutes(home, 3)

    heard_from(home)

    home.notice("outside", "resolved")
    assert status(home) == "resolved"
    (event,) = home.rows("select role, author from event where act = 'settle' and verdict = 'revised'")
    assert (event["role"], event["author"]) == ("clock", None)
    text = home.text(home.mails("hanna.vogel@nordwind.example")[-1])
    assert "Systemüberwachung" in text, "that a person saw the end is not claimed"


def test_a_watchdog_opens_nothing_and_tells_nobody(home: Home) -> None:
    home.import_demo()

    heard_from(home)

    (event,) = until(lambda: home.rows("select verdict, outage_id from event"), what="hearing it")
    assert (event["verdict"], event["outage_id"]) == ("repeat", None)
    assert home.desk("/v1/outages") == [] and home.desk("/v1/failed") == []


@pytest.mark.slow
def test_a_silent_source_settles_nothing_and_a_person_is_asked(home: Home) -> None:
    calm(home)

    pass_minutes(home, 25)

    assert status(home) == "monitoring"
    assert "alertmanager" in home.desk("/v1/outages/INC-1")["asks"]
    assert not home.rows("select 1 from notice where occasion = 'resolved'")


@pytest.mark.slow
def test_what_fires_again_within_a_quarter_of_an_hour_opens_the_same_incident_again(home: Home) -> None:
    alert = calm(home)
    pass_minutes(home, 12)
    home.fast(1)  # so that no quarter of an hour passes between its end and what follows
    heard_from(home)
    home.notice("outside", "resolved")

    home.alert(alert | {"startsAt": _now()})

    until(lambda: status(home) == "investigating", what="opening again")
    home.accounted()
    assert home.desk("/v1/outages/INC-1")["open"]
    assert len(home.rows("select 1 from outage")) == 1
    assert home.notices("outside")[-1]["occasion"] == "update"


@pytest.mark.slow
def test_what_fires_later_is_a_new_incident(home: Home) -> None:
    alert = calm(home)
    pass_minutes(home, 3)
    heard_from(home)
    home.notice("outside", "resolved")
    pass_minutes(home, 20)
    home.fast(1)

    home.alert(alert | {"startsAt": _now()})

    until(lambda: len(home.rows("select 1 from outage")) == 2, what="opening")
    assert status(home) == "resolved"


def _now() -> str:
    return datetime.now(UTC).isoformat()
