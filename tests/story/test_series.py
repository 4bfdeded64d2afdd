"""T10, on real servers under the fast clock: the windows of a series, each tentative until somebody says what of it."""

from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest

from tests.story.test_planned_work import work
from tests.support.home import Home, until
from tests.support.laws import planned_once

HANNA, KENJI = "hanna.vogel@nordwind.example", "kenji.morita@nordwind.example"


def windows(home: Home) -> list[dict[str, Any]]:
    """Those of the series that are work of their own, the next first."""
    rows: list[dict[str, Any]] = home.desk("/v1/outages?kind=maintenance")
    return sorted((row for row in rows if row["series"] == "MNT-1"), key=lambda row: row["window"]["start"])


def told(home: Home, name: str) -> list[str]:
    return [notice["occasion"] for notice in home.notices("outside", name) if notice["state"] == "drained"]


def all_opened(home: Home) -> list[dict[str, Any]]:
    """Those of nearly three weeks, once all are there: they are opened in order."""
    found, far = windows(home), home.now() + timedelta(days=19)
    return found if found and datetime.fromisoformat(found[-1]["window"]["start"]) > far else []


@pytest.mark.slow
def test_t10_a_daily_window_is_told_as_tentative_and_as_unused_once_somebody_says_so(home: Home) -> None:
    home.import_demo()
    daily = work(home, timedelta(hours=20), timedelta(hours=1), recurrence="FREQ=DAILY")

    home.told(daily)
    first = until(lambda: windows(home)[:1], 20, "the first window as work of its own")[0]
    until(lambda: told(home, first["name"]) == ["reminder"], 20, "its first notice")
    assert first["tentative"] and "kept for our work regularly" in " ".join(home.text(home.mails(KENJI)[0]).split())

    home.cli("maintenance", "cancel", first["name"], "--reason", "It is not needed.", "--yes", token="dana")

    until(lambda: told(home, first["name"]) == ["reminder", "cancelled"], 20, "that it is not used")
    assert home.notices("outside", "MNT-1") == home.notices("inside", "MNT-1") == [], "nobody is told of the series"
    assert sum("It is not needed." in home.text(mail) for mail in home.mails(HANNA)) == 1
    starts = [row["window"]["start"] for row in until(lambda: all_opened(home), 20, "the windows of three weeks")]
    assert len(starts) == len(set(starts)) > 14
    planned_once(home)


@pytest.mark.slow
def test_t10_as_time_goes_on_each_window_is_opened_once_and_a_cancelled_series_leaves_those_opened(home: Home) -> None:
    home.import_demo()
    home.told(work(home, timedelta(days=2), timedelta(hours=1), recurrence="FREQ=DAILY", test=True))
    opened = len(until(lambda: all_opened(home), 20, "its windows"))
    home.fast(24 * 3600)

    until(lambda: len(windows(home)) >= opened + 3, 60, "three days")
    home.fast(1)
    answer = orjson.loads(home.cli(
        "maintenance", "cancel", "MNT-1", "--reason", "No more of it.", "--yes", "--json", token="dana"
    ))  # fmt: skip

    found = windows(home)
    assert len({row["window"]["start"] for row in found}) == len(found)
    assert any(row["name"] in answer["reason"] for row in found if row["open"])
    assert home.rows("select count(*) as n from failed") == [{"n": 0}]
    due = "select p.due_at from plan p join outage o on o.id = p.outage_id where o.number = 1"
    until(lambda: home.rows(due) == [{"due_at": None}], 20, "nothing of the series is due any more")
