"""The timetable of planned work: readable at 80 columns, and silent about nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console

from forewarn.cli.timetable import timetable
from forewarn.contracts.schedule_api import ScheduleView

from .views import NOON, a_rung, a_schedule


def drawn(view: ScheduleView, width: int = 80) -> list[str]:
    screen = Console(width=width, markup=False, emoji=False, highlight=False, color_system=None)
    with screen.capture() as captured:
        screen.print(timetable(view, NOON))
    return captured.get().splitlines()


def test_a_moment_is_said_once_by_the_organisers_clock_and_in_utc() -> None:
    lines = drawn(a_schedule(zone="America/New_York"))

    assert "Schedule of MNT-3, by the clock of America/New_York" in lines
    rows = [line.split() for line in lines]
    assert ["Fri", "6", "Mar", "reminder", "inside", "email", "31", "1", "s", "leaves", "13:05"] in rows
    assert ["14:00", "EST", "outside", "email", "812,410", "54", "min", "leaves", "13:05"] in rows
    assert ["19:00", "UTC"] in rows
    assert sum("reminder" in line for line in lines) == 1


def test_everything_stays_whole_at_80_columns() -> None:
    at = datetime(2027, 12, 30, 23, 30, tzinfo=UTC)
    worst = a_rung(
        occasion="follow_up",
        channel="webhook",
        moment=at,
        leaves_at=at - timedelta(days=2),
        audience=1_812_410,
        drain_seconds=40_000.0,
        short_notice=True,
        clashes=112_204,
    )

    lines = drawn(a_schedule(zone="Asia/Kathmandu", rungs=[worst]))

    assert max(map(len, lines)) <= 80
    for words in ("Fri 31 Dec 2027", "05:15 +0545", "Thu 23:30 UTC", "follow up", "1,812,410", "11 h 6 min"):
        assert sum(words in line for line in lines) == 1
    outcome = " ".join(" ".join(line[60:] for line in lines[2:]).split())
    assert "leaves Wed 29 Dec 2027 05:15 +0545, short notice, 112,204 hear of other work that day" in outcome


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"fate": "now"}, "leaves now"),
        ({"fate": "now", "short_notice": True}, "leaves now, short notice"),
        ({"fate": "now", "minimum": "20bd", "side": "outside"}, "leaves now, for accounts with a minimum of 20bd"),
        ({"fate": "told"}, "told"),
        ({"fate": "compressed"}, "told with a later one"),
        ({"fate": "lapsed"}, "too late to be told"),
        ({"leaves_at": NOON + timedelta(days=3)}, "leaves Thu 5 Mar 13:00 CET"),
        ({"clashes": 1_204}, "1,204 hear of other work that day"),
        ({"audience": None, "drain_seconds": None}, "email - - leaves 19:05"),
        ({"audience": 0, "drain_seconds": 0.0}, "email 0 - leaves 19:05"),
        ({"moment": NOON + timedelta(hours=3)}, "today reminder"),
    ],
)
def test_what_becomes_of_a_notice_is_said(changes: dict[str, Any], words: str) -> None:
    lines = drawn(a_schedule(rungs=[a_rung(**changes)]), width=120)

    assert words in " ".join(" ".join(lines).split())


def test_what_falls_short_stands_below() -> None:
    breaches = ["email to customers cannot make 30 min before: it takes 54 min"]
    lines = drawn(a_schedule(breaches=breaches, unknown_countries=["XX"], rungs=[]))

    whole = " ".join(" ".join(lines).split())
    assert "No notice is on it. Short of what is asked: email to customers cannot make 30 min before" in whole
    assert "No holidays are known of XX" in whole


def test_what_a_source_wrote_cannot_steer_the_terminal() -> None:
    hostile = a_schedule(
        outage="\x1b[2J", zone="\x1b]0;x\x07", rungs=[a_rung(occasion="\x1b[31m")], breaches=["\x1b[1m"]
    )

    lines = drawn(hostile)

    assert "\x1b" not in "".join(lines) and "by the clock of UTC" in "".join(lines)


def test_notices_stand_in_the_order_of_their_moments() -> None:
    late, soon = a_rung(occasion="starting", moment=NOON + timedelta(days=9)), a_rung()

    whole = " ".join(drawn(a_schedule(rungs=[late, soon])))

    assert 0 < whole.index("reminder") < whole.index("starting")
