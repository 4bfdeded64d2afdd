"""Keep one server: start it, and end all of it when told to, or when whoever asked for it is gone.

Run as a program of its own (`python -I keeper.py … -- command`), the standard library only. The first line
that it writes is the server's process id. Then it reads one word: `stop` (signal, grace, SIGKILL) or `kill`
(SIGKILL at once). The end of its input counts as the asker's death, for a pipe closes even on SIGKILL; nobody
will read the data again then, so the server is killed too. The keeper adopts every orphan below it, so that
what left the server's process group (epmd, PostgreSQL's backends) ends as well.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
LOOK_EVERY = 0.1  # seconds


def main() -> int:
    """Run the server until it ends, by itself or by us."""
    asked = arguments()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    heed_signals()
    server = start(asked)
    tell(server.pid)

    word = "kill"
    try:
        word = next_word(server, asked.asker)
        if word == "stop":
            stop(server, asked.signal, asked.grace)
    finally:
        while end_all_below():
            server.look()
            time.sleep(0.01)
    if word == "gone" and asked.scratch:
        shutil.rmtree(asked.scratch, ignore_errors=True)
    return 0


def arguments() -> argparse.Namespace:
    """What the asker wants kept."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--asker", type=int, required=True, help="process id of whoever asks")
    parser.add_argument("--log", required=True, help="file that the server's output is added to")
    parser.add_argument("--user", help="run the server as this user")
    parser.add_argument("--signal", type=int, default=int(signal.SIGTERM), help="what asks it to stop")
    parser.add_argument("--grace", type=float, default=10.0, help="seconds from that to SIGKILL")
    parser.add_argument("--scratch", help="directory to remove if the asker dies")
    parser.add_argument("command", nargs="+")
    return parser.parse_args()


def heed_signals() -> None:
    """Take SIGTERM for the end of the input; the terminal's own signals are left to the asker."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    signal.signal(signal.SIGTERM, lambda *_: os.dup2(nothing, 0))
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


@dataclass
class Server:
    """The server's process; looking at it also buries the adopted dead."""

    pid: int
    running: bool = True

    def look(self) -> bool:
        """Say whether it still runs."""
        try:
            while pid := os.waitpid(-1, os.WNOHANG)[0]:
                self.running = self.running and pid != self.pid
        except ChildProcessError:
            self.running = False
        return self.running


def start(asked: argparse.Namespace) -> Server:
    """Start the server in a session of its own, so that a terminal's Ctrl-C does not reach it."""
    with Path(asked.log).open("ab") as log:
        process = subprocess.Popen(
            asked.command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            restore_signals=True,
            user=asked.user,
            group=asked.user,
            extra_groups=[] if asked.user else None,
        )
    return Server(process.pid)


def tell(pid: int) -> None:
    """Name the server to the asker, who may be gone already."""
    with suppress(BrokenPipeError):
        os.write(1, f"{pid}\n".encode())


def next_word(server: Server, asker: int) -> str:
    """Wait for `stop`, `kill`, the asker's death (`gone`) or the server's own (`ended`)."""
    while server.look():
        if select.select([0], [], [], LOOK_EVERY)[0]:
            return os.read(0, 16).decode().strip() or "gone"
        if os.getppid() != asker:
            return "gone"
    return "ended"


def stop(server: Server, number: int, grace: float) -> None:
    """Ask the server to stop and give it its time."""
    with suppress(ProcessLookupError):
        os.killpg(server.pid, number)
    until = time.monotonic() + grace
    while server.look() and time.monotonic() < until:
        time.sleep(LOOK_EVERY / 4)


def end_all_below() -> bool:
    """SIGKILL every descendant; say whether there was one (it may have forked meanwhile: ask again)."""
    below = descendants(os.getpid())
    for pid in below:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return bool(below)


def descendants(ancestor: int) -> set[int]:
    """Every process below the given one, the dead and unburied included, as /proc tells it now."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:  # ended while we looked
            continue
    found = {ancestor}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {ancestor}


if __name__ == "__main__":
    sys.exit(main())
