"""The system at a glance."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import orjson
import pytest

from .conftest import Run
from .house import House
from .views import NOON, a_pause, a_row, a_status, a_sum

STATUS = "GET /v1/status"


def test_quiet_is_said_plainly(house: House, run: Run) -> None:
    house.says(STATUS, a_status())

    out = run("status").out

    assert out == "13:00 CET, mode sandbox: nothing leaves this machine\n" + (
        "All quiet: nothing is open, owed or failed.\n"
    )


def test_an_open_incident_shows_its_promise_and_what_is_accounted(house: House, run: Run) -> None:
    house.says(STATUS, a_status(outages=[a_row(unknown_components=["ledger"])]))

    out = run("status").out

    for words in ("INC-7", "identified", "critical", "78 %", "13:12 CET", "in 12 min", "inside only"):
        assert words in out
    assert max(map(len, out.splitlines())) <= 80


def test_pauses_decisions_and_the_next_promise_are_shown(house: House, run: Run) -> None:
    later = a_row(name="INC-8", next_update_at=NOON + timedelta(minutes=40))
    asking = a_row(asks="release it or dismiss it")
    house.says(STATUS, a_status(outages=[later, asking], paused=[a_pause(channel="email")]))

    out = run("status").out

    assert "Paused: email, since 13:00 CET by oleg: Wrong link.\n" in out
    assert "INC-7 asks for a decision: release it or dismiss it\n" in out
    assert "Next promise: INC-7 at 13:12 CET, in 12 min\n" in out


def test_a_pause_is_never_quiet(house: House, run: Run) -> None:
    house.says(STATUS, a_status(paused=[a_pause()]))

    assert "quiet" not in run("status").out


def test_a_missed_promise_is_called_late(house: House, run: Run) -> None:
    house.says(STATUS, a_status(outages=[a_row(next_update_at=NOON - timedelta(minutes=3))]))

    assert "late by 3 min" in run("status").out


def test_100_percent_means_all(house: House, run: Run) -> None:
    house.says(STATUS, a_status(outages=[a_row(sum=a_sum(100_000, 99_999))]))

    assert "99 %" in run("status").out


def test_debts_failures_and_a_fast_clock_are_shown(house: House, run: Run) -> None:
    view = a_status(owed={"expand": 3, "publish": 0}, failed_events=2, clock_factor=60, snapshot_age_seconds=None)
    house.says(STATUS, view)

    out = run("status").out

    for words in ("Owed: expand 3\n", "2 failed events", "60 times as fast", "No control snapshot"):
        assert words in out
    assert "quiet" not in out


@pytest.mark.slow
def test_watching_as_json_prints_a_line_each_and_outlives_a_silent_desk(house: House) -> None:
    house.says(STATUS, a_status(), (503, {"reason": "starting"}), a_status(failed_events=1))
    command = [sys.executable, "-m", "forewarn.cli.main", "status", "--watch", "--json"]
    watcher = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )

    assert watcher.stdout is not None
    first, second, third = (orjson.loads(watcher.stdout.readline()) for _ in range(3))
    watcher.send_signal(signal.SIGINT)
    _, err = watcher.communicate(timeout=5)

    assert (first["failed_events"], second["error"]["status"], third["failed_events"]) == (0, 503, 1)
    assert (watcher.returncode, err) == (0, b"")
