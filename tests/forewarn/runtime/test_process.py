"""SIGTERM lets a worker finish what it holds; a second one ends it at once."""

import signal
import subprocess
import sys
import time

import pytest

PROGRAM = """
import sys, time
from forewarn.runtime.logs import start_logs
from forewarn.runtime.process import run_until_told

start_logs("tested")

def stop():
    print("finishing", flush=True)
    time.sleep(float(sys.argv[1]))
    print("finished", flush=True)

print("up", flush=True)
run_until_told(stop)
"""


def started(finishing_seconds: float) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(finishing_seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None and process.stdout.readline() == "up\n"
    time.sleep(0.1)
    return process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_finishes_and_ends_with_0(number: signal.Signals) -> None:
    with started(0.2) as process:
        process.send_signal(number)

        said, _ = process.communicate(timeout=10)

    assert said == "finishing\nfinished\n"
    assert process.returncode == 0


def test_told_twice_it_ends_at_once() -> None:
    with started(30) as process:
        process.send_signal(signal.SIGTERM)
        assert process.stdout is not None and process.stdout.readline() == "finishing\n"
        process.send_signal(signal.SIGTERM)

        said, _ = process.communicate(timeout=10)

    assert said == ""
    assert process.returncode == 1
