"""Laws of keeping a process: all of it ends, whatever becomes of whoever asked for it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from forewarn.dev.servers.keeper import descendants
from forewarn.dev.servers.kept import Kept, Program

GoneSoon = Callable[[set[int]], bool]
ROOT = Path(__file__).parents[4]
WITH_A_RUNAWAY = "setsid sleep 1000 & sleep 1000 & echo ready; wait"
DEAF = "trap '' TERM; echo ready; while :; do sleep 0.05; done"


def a_program(directory: Path, script: str, grace: timedelta = timedelta(seconds=5)) -> Program:
    return Program(["sh", "-c", script], os.environ, directory / "log", grace=grace)


def started(directory: Path, script: str, grace: timedelta = timedelta(seconds=5)) -> Kept:
    kept = Kept(a_program(directory, script, grace))
    ready(directory / "log")
    return kept


def ready(log: Path) -> None:
    until = time.monotonic() + 5
    while not (log.exists() and "ready" in log.read_text()):
        assert time.monotonic() < until, "the program never said that it is ready"
        time.sleep(0.01)


@pytest.mark.parametrize("end", [Kept.stop, Kept.kill])
def test_what_left_the_servers_group_ends_with_it(
    tmp_path: Path, gone_soon: GoneSoon, end: Callable[[Kept], None]
) -> None:
    before = descendants(os.getpid())
    kept = started(tmp_path, WITH_A_RUNAWAY)
    everyone = descendants(os.getpid()) - before

    end(kept)

    assert len(everyone) >= 4  # the keeper, the shell and two that sleep
    assert gone_soon(everyone)
    assert not kept.running


def test_a_server_deaf_to_its_signal_is_killed_after_its_grace(tmp_path: Path) -> None:
    kept = started(tmp_path, DEAF, grace=timedelta(seconds=0.3))
    began = time.monotonic()

    kept.stop()

    assert 0.3 <= time.monotonic() - began < 3


def test_a_server_that_ends_by_itself_is_seen_to_have_ended(tmp_path: Path) -> None:
    kept = started(tmp_path, "echo ready")

    time.sleep(0.5)

    assert not kept.running
    kept.stop()


def test_a_server_hears_nothing_of_the_terminals_interrupt(tmp_path: Path) -> None:
    kept = started(tmp_path, WITH_A_RUNAWAY)

    assert os.getsid(kept.pid) != os.getsid(0)
    kept.kill()


def test_a_program_that_does_not_exist_has_ended_and_says_so_in_its_log(tmp_path: Path) -> None:
    kept = Kept(Program(["/nowhere/at-all"], os.environ, tmp_path / "log"))

    kept.stop()

    assert not kept.running
    assert "/nowhere/at-all" in (tmp_path / "log").read_text()


ASKER = f"""
import sys, os
from pathlib import Path
from forewarn.dev.servers.kept import Kept, Program
log, scratch = Path(sys.argv[1]), Path(sys.argv[2])
kept = Kept(Program(["sh", "-c", "{WITH_A_RUNAWAY}"], os.environ, log, scratch=scratch))
print(kept.pid, flush=True)
sys.stdin.read()
"""


def test_no_process_and_no_scratch_is_left_when_the_asker_is_killed(tmp_path: Path, gone_soon: GoneSoon) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", ASKER, str(tmp_path / "log"), str(scratch)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as asker:
        assert asker.stdout is not None and asker.stdout.readline()
        ready(tmp_path / "log")
        everyone = descendants(asker.pid)

        asker.send_signal(signal.SIGKILL)

    assert len(everyone) >= 4
    assert gone_soon(everyone)
    assert not scratch.exists()
