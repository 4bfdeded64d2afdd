"""A private Redis: one file of appended writes, nothing evicted."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import ClassVar

from forewarn.dev.servers.kept import Program
from forewarn.dev.servers.place import answers, free_ports
from forewarn.dev.servers.private import PrivateServer, Say, ServerFailed


class Redis(PrivateServer):
    """Redis (or Valkey) on a free loopback port."""

    name: ClassVar[str] = "Redis"

    def __init__(self, directory: Path, say: Say, held: int | None = None) -> None:
        super().__init__(directory, say, held)
        self._port = free_ports(1)[0]
        self._binary = binary()

    @property
    def port(self) -> int:
        return self._port

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}/0"

    @property
    def version(self) -> str:
        told = subprocess.run([self._binary, "--version"], capture_output=True, text=True, check=True).stdout
        found = re.search(r"v=([\d.]+)", told)
        return found[1] if found else ""

    def _program(self) -> Program:
        options = {
            "port": self._port,
            "bind": "127.0.0.1",
            "dir": self.directory,
            "save": "",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
        }
        words = (word for name, value in options.items() for word in (f"--{name}", str(value)))
        return Program([self._binary, *words], os.environ, self.log, held=self._held)

    def _is_ready(self) -> bool:
        return answers(self._port, b"PING\r\n", b"+PONG")


def binary() -> str:
    """Find the server's program, or raise `ServerFailed`."""
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if not found:
        raise ServerFailed("There is no redis-server here (Debian: apt-get install redis-server).")
    return found
