"""A server process that cannot outlive us: our end of its keeper."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from forewarn.dev.servers import keeper


@dataclass(frozen=True, slots=True)
class Program:
    """What to run. `scratch` is removed if we die before we could; `held` stays open until all has ended."""

    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    grace: timedelta = timedelta(seconds=20)
    user: str | None = None
    scratch: Path | None = None
    held: int | None = None


class Kept:
    """A running program and everything below it."""

    def __init__(self, program: Program) -> None:
        with program.log.open("ab") as log:
            self._keeper = subprocess.Popen(
                [sys.executable, "-I", keeper.__file__, *_options(program), "--", *program.command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=dict(program.environment),
                start_new_session=True,
                pass_fds=() if program.held is None else (program.held,),
            )
        assert self._keeper.stdout is not None
        self.pid = int(self._keeper.stdout.readline() or 0)

    @property
    def running(self) -> bool:
        """Whether the server or anything below it is still there."""
        return self._keeper.poll() is None

    def stop(self) -> None:
        """Ask it to stop, and return when nothing of it is left."""
        self._end(b"stop\n")

    def kill(self) -> None:
        """SIGKILL all of it, and return when nothing of it is left."""
        self._end(b"kill\n")

    def _end(self, word: bytes) -> None:
        assert self._keeper.stdin is not None and self._keeper.stdout is not None
        if self.running:
            with suppress(BrokenPipeError):  # ended just now
                os.write(self._keeper.stdin.fileno(), word)
        self._keeper.wait()
        self._keeper.stdin.close()
        self._keeper.stdout.close()


def _options(program: Program) -> list[str]:
    options = ["--asker", str(os.getpid()), "--log", str(program.log)]
    options += ["--signal", str(int(program.stop_signal)), "--grace", str(program.grace.total_seconds())]
    if program.user:
        options += ["--user", program.user]
    if program.scratch:
        options += ["--scratch", str(program.scratch)]
    return options
