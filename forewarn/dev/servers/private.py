"""A server of our own: started, stopped and killed at will, gone when we are."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from forewarn.dev.servers.kept import Kept, Program
from forewarn.dev.servers.place import emptied, has_listener

Say = Callable[[str], None]


class ServerFailed(RuntimeError):
    """A server did not start; the message ends with what it logged last."""


class PrivateServer(ABC):
    """One server in a directory of its own, emptied first. `held` is an open lock (see `place.claimed`)."""

    name: ClassVar[str]
    patience: ClassVar[timedelta] = timedelta(seconds=90)

    def __init__(self, directory: Path, say: Say, held: int | None = None) -> None:
        self.directory = emptied(directory.absolute())
        self.log = self.directory / "log"
        self._say = say
        self._held = held
        self._kept: Kept | None = None
        self._closed = False
        self._turn = threading.Lock()

    @property
    @abstractmethod
    def port(self) -> int:
        """Where clients connect."""

    @property
    @abstractmethod
    def version(self) -> str:
        """The server's version, empty if unknown."""

    @abstractmethod
    def _program(self) -> Program:
        """What to run."""

    @abstractmethod
    def _is_ready(self) -> bool:
        """Whether clients can use it."""

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs; it also leads its process group."""
        return self._kept.pid if self._kept and self._kept.running else None

    def start(self) -> None:
        """Start it and return when clients can use it; nothing happens if it runs. Raises `ServerFailed`."""
        if self.pid:
            return
        if has_listener(self.port):  # its answers would be taken for ours
            raise ServerFailed(f"Somebody else listens on {self.name}'s port {self.port} by now.")
        self._say(f"Starting {self.name} {self.version} on port {self.port} …")
        began = time.monotonic()
        kept = self._spawn()
        while not self._is_ready():
            if not kept.running:
                kept.kill()
                raise ServerFailed(f"{self.name} ended while starting. {self._last_words()}")
            if time.monotonic() - began > self.patience.total_seconds():
                self.kill()
                raise ServerFailed(f"{self.name} was not ready after {self.patience}. {self._last_words()}")
            time.sleep(0.05)
        self._say(f"{self.name} is ready ({time.monotonic() - began:.1f} s).")

    def stop(self) -> None:
        """Stop it in its own way and return when it is gone; its data stay for the next start."""
        if self._kept:
            self._kept.stop()

    def kill(self) -> None:
        """SIGKILL it with everything below it; its data stay for the next start."""
        if self._kept:
            self._kept.kill()

    def restart(self) -> None:
        """Stop it and start it again, same port and data."""
        self.stop()
        self.start()

    def close(self) -> None:
        """End it for good. Its data are of no more use, so it is not given time to save them."""
        with self._turn:
            self._closed = True
        self.kill()

    def _spawn(self) -> Kept:
        with self._turn:
            if self._closed:
                raise ServerFailed(f"{self.name} is not wanted any more.")
            self.kill()  # whatever is left of one that ended by itself
            self._kept = Kept(self._program())
            return self._kept

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return f"The end of {self.log}:\n" + "\n".join(lines[-20:])
