"""What a run costs: CPU seconds of processes with all below them, and the most memory that one ever had."""

import os
from collections.abc import Mapping
from pathlib import Path

from forewarn.dev.servers.keeper import descendants

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """User and system time of the process and all below it, of those that have ended too; of ourselves alone."""
    return sum(_of_one(each) for each in (pid, *(() if pid == os.getpid() else descendants(pid))))


def _of_one(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # ended meanwhile; whoever waited for it has its time
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS  # utime, stime, cutime, cstime: proc(5)


def peak_mb(pid: int) -> float:
    """The most memory that was ever resident, in MB of 1,000,000 bytes (VmHWM, proc(5))."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (peak,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(peak) * 1024 / 1e6


class Meter:
    """The CPU seconds that named processes use from now on."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._pids = dict(pids)
        self._before = self._now()

    def used(self) -> dict[str, float]:
        return {name: now - self._before[name] for name, now in self._now().items()}

    def _now(self) -> dict[str, float]:
        return {name: cpu_seconds(pid) for name, pid in self._pids.items()}


def table(used: Mapping[str, float], recipients: int, seconds: float) -> str:
    """CPU by process, a recipient's share of it, and how many of the cores were busy."""
    rows = [f"  {name:<12} {cpu:7.2f} CPU s {cpu / recipients * 1e6:8.2f} µs a recipient" for name, cpu in used.items()]
    whole = sum(used.values())
    rows.append(f"  {'all':<12} {whole:7.2f} CPU s {whole / recipients * 1e6:8.2f} µs a recipient")
    return "\n".join(rows) + f"; {whole / seconds:.2f} of {os.cpu_count()} cores\n"
