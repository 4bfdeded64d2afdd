"""Forewarn's own workers as processes that end with us: started, stopped, killed, started again."""

import sys
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import urllib3
from urllib3.exceptions import HTTPError

from forewarn.dev.servers.kept import Kept, Program
from forewarn.dev.servers.place import free_ports

READY_SECONDS = 30


def arguments(service: str) -> list[str]:
    """What Python is given to run a worker of this service."""
    return ["-P", "-m", f"services.{service}.worker"]


class WorkerFailed(RuntimeError):
    """A worker did not get ready; the message ends with what it logged last."""


class Worker:
    """One worker: `python -m services.<service>.worker` with its own environment and log."""

    def __init__(self, service: str, environment: Mapping[str, str], log: Path) -> None:
        self.service, self.log = service, log
        (self.health_port,) = free_ports(1)
        self._environment = {**environment, "FOREWARN_HEALTH_PORT": str(self.health_port)}
        self._kept: Kept | None = None
        self.extra: Mapping[str, str] = {}

    @property
    def running(self) -> bool:
        return self._kept is not None and self._kept.running

    @property
    def pid(self) -> int | None:
        """The worker's process id while it runs."""
        return self._kept.pid if self._kept is not None and self._kept.running else None

    def start(self, **extra: str) -> None:
        """Start with these settings on top, without waiting."""
        self.extra = extra
        self._kept = Kept(
            Program(
                [sys.executable, *arguments(self.service)],
                {**self._environment, **extra},
                self.log,
                grace=timedelta(seconds=20),
            )
        )

    def wait_ready(self) -> None:
        """Return once /readyz says so. Raises WorkerFailed."""
        end = time.monotonic() + READY_SECONDS
        while not self._answers("/readyz"):
            if not self.running or time.monotonic() > end:
                raise WorkerFailed(f"{self.service} did not get ready:\n{self._last_words()}")
            time.sleep(0.05)

    def wait_ended(self, seconds: float) -> bool:
        """Whether the process ended by itself in time, as a kill point makes it."""
        end = time.monotonic() + seconds
        while self.running and time.monotonic() < end:
            time.sleep(0.02)
        return not self.running

    def metrics(self) -> str:
        """What /metrics says."""
        return urllib3.request("GET", f"http://127.0.0.1:{self.health_port}/metrics", timeout=5).data.decode()

    def stop(self) -> None:
        """SIGTERM, and wait until it has drained and ended."""
        if self._kept is not None:
            self._kept.stop()

    def kill(self) -> None:
        if self._kept is not None:
            self._kept.kill()

    def _answers(self, path: str) -> bool:
        try:
            url = f"http://127.0.0.1:{self.health_port}{path}"
            return urllib3.request("GET", url, timeout=2, retries=False).status == 200
        except HTTPError:
            return False

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
