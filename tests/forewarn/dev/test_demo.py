"""`make demo` and `make up` as programs: what they print, and that nothing is left of them."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest

FOREWARN = [sys.executable, "-m", "forewarn.cli.main"]
ROOT = Path(__file__).parents[3]


@contextmanager
def started(directory: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The command in a directory of its own, ended at the latest when the test is over."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FOREWARN_")}
    process = subprocess.Popen(
        [*FOREWARN, *arguments],
        cwd=directory,
        env=environment | {"PYTHONPATH": str(ROOT), "TMPDIR": str(directory)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def left_of(directory: Path) -> list[str]:
    """Command lines of processes that speak of the directory."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = file.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(directory) in line and file.parent.name != str(os.getpid()):
            found.append(line)
    return found


@pytest.mark.slow  # two minutes: a night and an hour of work pass in it, and three houses come up
@pytest.mark.timeout(300)
def test_the_demo_accounts_for_everybody_and_leaves_nothing(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    with started(tmp_path, "dev", "demo", "--subscribers", "2000", "--json") as demo:
        out, err = demo.communicate(timeout=260)

    assert demo.returncode == 0, err
    sums = orjson.loads(out)
    assert (sums["planned"], sums["accepted"], sums["suppressed"], sums["moved"]) == (82, 72, 5, 5)
    assert (sums["failed"], sums["unknown"], sums["accounted"]) == (0, 0, 1.0)
    told = {name: told["told"] for name, told in sums["rounds"].items()}
    assert told == {
        "inside": 6, "first": 13, "holding": 13, "wrong": 13, "correction": 13, "resolved": 13, "wake": 1,
    }  # fmt: skip
    assert 0 < sums["seconds_first"] <= sums["seconds_last"] < 30
    assert "7 of 9 customers are told" in err and "the promise is kept" in err
    the_crowd_is_accounted_for(sums["act2"])
    occasions = ("reminder", "starting", "progress", "overrun", "overrun_2", "completed")
    assert sums["act3"]["rounds"] == dict.fromkeys(occasions, 12), "everybody who cares, each time"
    assert sums["act3"]["seconds"] <= 40
    assert left_of(tmp_path) == []


def the_crowd_is_accounted_for(sums: dict[str, Any]) -> None:
    """Everybody is planned once a channel, ends in one of the ways, and the provider's record says the same."""
    assert {name: each["planned"] for name, each in sums["channels"].items()} == {"email": 2_000, "webhook": 10}
    assert (sums["planned"], sums["failed"], sums["unknown"], sums["accounted"]) == (2_010, 0, 0, 1.0)
    assert sums["accepted"] + sums["suppressed"] + sums["moved"] == 2_010
    assert 50 < sums["suppressed"] < 150 and 0 < sums["moved"] < 150
    assert sums["record"] == {"accepted": sums["accepted"], "lost": 0, "doubled": 0, "unbidden": 0, "misled": 0}
    assert 0 < sums["seconds_first"] < sums["seconds_last"] < 60


@pytest.mark.slow  # the demo brings the same up and down
def test_up_says_where_it_is_and_down_leaves_nothing(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with started(tmp_path, "dev", "up") as up:
        env = tmp_path / ".forewarn" / "env"
        end = time.monotonic() + 60
        while not (env.exists() and "TOKEN" in env.read_text()):
            assert up.poll() is None and time.monotonic() < end, "up did not get ready"
            time.sleep(0.1)
        said = dict(line.split("=", 1) for line in env.read_text().splitlines())

        with started(tmp_path, "status", "--json") as status:
            answer, _ = status.communicate(timeout=20)
        up.send_signal(signal.SIGTERM)
        out, _ = up.communicate(timeout=40)

    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", said["FOREWARN_URL"])
    assert orjson.loads(answer)["mode"] == "sandbox"
    assert "inbox" in out and said["FOREWARN_TOKEN"] in out
    assert not env.exists()
    assert left_of(tmp_path) == []
