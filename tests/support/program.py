"""A program of Debian's on a free loopback port, which a test starts for itself."""

import re
import shutil
import subprocess
from pathlib import Path

from forewarn.dev.servers.place import answers, free_ports
from forewarn.dev.servers.private import PrivateServer, ServerFailed


class LocalProgram(PrivateServer):
    """What Prometheus and its Alertmanager have in common: a port, a version, and readiness over HTTP."""

    def __init__(self, directory: Path, binary: str) -> None:
        super().__init__(directory, lambda line: None)
        self.binary, self._port = binary, free_ports(1)[0]

    @property
    def port(self) -> int:
        return self._port

    @property
    def version(self) -> str:
        told = subprocess.run([self.binary, "--version"], capture_output=True, text=True, check=True)
        found = re.search(r"version ([\d.]+)", told.stdout + told.stderr)
        return found[1] if found else ""

    def _is_ready(self) -> bool:
        return answers(self._port, b"GET /-/ready HTTP/1.0\r\n\r\n", b"HTTP/1.0 200")


def binary(*names: str, package: str) -> str:
    """The first of these programs that is here. Raises `ServerFailed` with Debian's package."""
    for name in names:
        if found := shutil.which(name):
            return found
    raise ServerFailed(f"There is no {names[0]} here (Debian: apt-get install {package}).")
