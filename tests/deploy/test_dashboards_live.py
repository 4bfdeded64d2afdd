"""A real Prometheus reads a running house through an outage: every query of every panel brings data, quickly."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from forewarn.contracts.names import QUEUES
from forewarn.delivery import Reason, State
from forewarn.notice import Channel, Lane
from forewarn.outage import NoticeClass
from forewarn.runtime.http import METHODS
from forewarn.subscriber import Side
from services.dispatch.breaker import Result
from services.dispatch.channels.smtp_said import Said
from services.dispatch.metrics import ATTEMPT
from services.dispatch.ports import Refused
from services.ingest.sources import READERS
from services.planner.punctuality import ENDS, FATES
from services.planner.shown import ARROWS, CLOCK_ARROWS, DEAD_ACTORS, HEARD, PROMISES, SCOPES
from services.planner.unfit import Why
from tests.deploy.test_dashboards import BOARDS, PANELS
from tests.support.home import Home, an_event, until
from tests.support.prometheus import Prometheus

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(300)]

PEOPLE = 400
WINDOW = "15s"
"""For $__rate_interval: as Grafana, four scrapes at least."""


OF_PROMETHEUS = {"__name__", "instance", "job", "service", "le"}

VALUES: dict[str, set[str]] = {
    "channel": set(Channel),
    "side": set(Side),
    "lane": set(Lane),
    "provider": {"smtp", "ses", "webhook"},
    "state": {*State, *PROMISES, "open", "used", "idle", "waiting"},
    "reason": {*Reason, *Refused, *Why, "none"},
    "result": {"sent", "wait", "dropped", *Result},
    "answer": set(Said),
    "attempt": set(ATTEMPT),
    "arrow": {*ARROWS, *CLOCK_ARROWS},
    "loop": {"snapshot", "debts"},
    "cause": {cause for _, cause in ENDS},
    "class": set(NoticeClass),
    "fate": set(FATES),
    "told": set(HEARD),
    "scope": set(SCOPES),
    "actor": set(DEAD_ACTORS),
    "queue": set(QUEUES),
    "format": set(READERS),
    "verdict": {"opened", "revised", "repeat", "stale", "rejected", "redelivered", "alive", "failed", "dead"},
    "server": {"door", "desk"},
    "method": {*METHODS, "other"},
    "status": {"200", "202", "404"},
}
"""What labels may say, in this run."""


@pytest.fixture(scope="module")
def read(shared_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Prometheus, float]]:
    """Prometheus, and when the outage began that it watches."""
    home = shared_home
    home.reset()
    workers = home.house.workers.items()
    targets = {worker.service: [f"127.0.0.1:{worker.health_port}"] for _, worker in workers}
    prometheus = Prometheus(tmp_path_factory.mktemp("prometheus"), targets)
    try:
        prometheus.start()
        until(lambda: len(prometheus.now("forewarn_watch_timestamp_seconds")) > 0, 20, "the first scrape")
        began = time.time()
        an_outage(home)
        planned_work(home, timedelta(days=60))
        planned_work(home, -timedelta(days=40))
        until(lambda: prometheus.now('max(forewarn_promises{state="open"}) > 0'), 20, "the record in Prometheus")
        until(lambda: prometheus.now("max(forewarn_rung_next_seconds)"), 20, "planned work in Prometheus")
        time.sleep(3)  # a scrape, and one more
        yield prometheus, began
    finally:
        prometheus.close()


def an_outage(home: Home) -> None:
    """Two notices to everybody."""
    home.crowd(PEOPLE)
    home.told(an_event())
    home.told({"about": "INC-1", "status": "identified", "cause": "A full disk."})


def planned_work(home: Home, ahead: timedelta) -> None:
    """Major work so long ahead that nobody is told of it yet; or so long ago that nobody is told of it any more."""
    start = datetime.now(UTC) + ahead
    window = {"start": start.isoformat(), "end": (start + timedelta(hours=2)).isoformat()}
    event = {"kind": "maintenance", "components": ["payouts"], "window": window, "notice_class": "major"}
    _, answer = home.post(event)
    assert home.done(answer["event_id"])["state"] == "carried_out"


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_every_query_of_a_panel_brings_data(read: tuple[Prometheus, float], panel: dict[str, Any]) -> None:
    prometheus, began = read
    for target in panel["targets"]:
        expr = target["expr"].replace("$__rate_interval", WINDOW)

        assert prometheus.over(expr, began, time.time()), expr


@pytest.mark.parametrize("board", BOARDS)
def test_the_first_row_is_answered_within_a_second(read: tuple[Prometheus, float], board: str) -> None:
    prometheus, began = read
    panels = BOARDS[board]["panels"]
    end = next(place for place, panel in enumerate(panels) if place and panel["type"] == "row")
    targets = [target for panel in panels[1:end] for target in panel["targets"]]

    start = time.monotonic()
    for target in targets:
        expr = target["expr"].replace("$__rate_interval", WINDOW)
        if target["instant"]:
            prometheus.now(expr)
        else:
            prometheus.over(expr, began - 1800, time.time(), step=5)

    assert time.monotonic() - start < 1.0


def test_everybody_was_told_and_the_board_says_so(read: tuple[Prometheus, float]) -> None:
    prometheus, _ = read
    told = 'sum(max by (channel, lane) (forewarn_current_recipients{state="accepted"}))'

    until(lambda: prometheus.now(f"{told} == {PEOPLE + 12}"), 15, "the watch's look")
    assert prometheus.now('max(forewarn_incidents_open{told="yes"}) == 1')
    assert prometheus.now('max(forewarn_incidents_open{told="no"}) == 0')


def test_the_board_says_which_promise_is_due_next_in_how_many_seconds_and_on_which_channel(
    read: tuple[Prometheus, float], shared_home: Home
) -> None:
    prometheus, _ = read
    (panel,) = [panel for panel in PANELS if panel["title"] == "Next promise is due in"][1:]
    record = (
        "select channel, side, extract(epoch from due_at - forewarn_now())::float as seconds from promise p"
        " where state = 'open' order by due_at limit 1"
    )

    (shown,) = prometheus.now(panel["targets"][0]["expr"])

    (next_due,) = shared_home.rows(record)
    assert shown["metric"] == {"channel": "email", "side": next_due["side"]}
    assert 0 <= float(shown["value"][1]) - next_due["seconds"] < 15


def test_the_board_says_when_the_next_rung_is_due_and_what_lapsed(read: tuple[Prometheus, float]) -> None:
    prometheus, _ = read

    (next_rung,) = prometheus.now("min(forewarn_rung_next_seconds)")

    assert 3 < float(next_rung["value"][1]) / 86400 <= 4, "days until eight weeks before the start"
    assert prometheus.now('max(forewarn_rungs_last_day{class="major",fate="lapsed"}) > 0')
    assert prometheus.now("max(forewarn_lapsed_last_day) == 1")


def test_every_label_is_of_a_closed_set(read: tuple[Prometheus, float]) -> None:
    prometheus, _ = read
    unlisted = {
        (name, label, value)
        for series in prometheus.now('{__name__=~"forewarn_.+"}')
        for label, value in series["metric"].items()
        if label not in OF_PROMETHEUS and value not in VALUES[label]
        for name in [series["metric"]["__name__"]]
    }

    assert unlisted == set()


def test_the_rules_are_loaded_healthy_and_silent(read: tuple[Prometheus, float]) -> None:
    prometheus, _ = read
    rules = prometheus.rules()

    assert rules and {rule["health"] for rule in rules} == {"ok"}
    assert [rule["name"] for rule in rules if rule.get("state") == "firing"] == []


def test_when_no_planner_runs_the_alert_of_the_clock_fires_and_ends(
    read: tuple[Prometheus, float], shared_home: Home
) -> None:
    prometheus, _ = read
    planner = shared_home.house.workers["planner"]

    def firing() -> bool:
        return "ForewarnClockStalled" in {r["name"] for r in prometheus.rules() if r.get("state") == "firing"}

    planner.kill()
    until(firing, 60, "the alert")
    planner.start()
    planner.wait_ready()
    until(lambda: not firing(), 30, "its end")
