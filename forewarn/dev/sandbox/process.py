"""The sandbox provider's process: begun, waited for, ended by its pid."""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import DEVNULL, STDOUT, Popen, TimeoutExpired
from typing import cast

import orjson

from forewarn.dev.sandbox.wire import Ports

START_PATIENCE_SECONDS = 20
STOP_PATIENCE_SECONDS = 10


class SandboxError(Exception):
    """The sandbox provider did not start, or refused what it was asked; the text is its own."""


def launch(home: Path, asked: Sequence[str]) -> tuple[Popen[bytes], Ports, Path]:
    """The running process, its ports, and its record; SandboxError, with its log, when it does not start."""
    ports_file, record, log = home / "ports.json", home / "record.jsonl", home / "sandbox.log"
    ports_file.unlink(missing_ok=True)
    files = [f"--record={record}", f"--ports-file={ports_file}"]
    with log.open("ab") as output:
        process = Popen(
            [sys.executable, "-m", "forewarn.dev.sandbox", *asked, *files],
            cwd=Path(__file__).parents[3],
            stdin=DEVNULL,
            stdout=output,
            stderr=STDOUT,
        )
    try:
        wait_until(lambda: ports_file.exists() or process.poll() is not None, START_PATIENCE_SECONDS)
        return process, cast(Ports, orjson.loads(ports_file.read_bytes())), record
    except (TimeoutError, FileNotFoundError):
        end(process)
        raise SandboxError(f"the sandbox did not start: {log.read_text(errors='replace')}") from None


def end(process: Popen[bytes]) -> int:
    """Ask it to end, make it end if it does not, and return its exit code."""
    process.terminate()
    try:
        return process.wait(STOP_PATIENCE_SECONDS)
    except TimeoutExpired:
        process.kill()
        return process.wait()


def wait_until(done: Callable[[], bool], patience_seconds: float) -> None:
    """Return once it is done; TimeoutError when it is not in time."""
    end = time.monotonic() + patience_seconds
    while not done():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.02)
