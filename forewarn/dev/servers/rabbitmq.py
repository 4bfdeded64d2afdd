"""A private RabbitMQ with one user for each part that this system's users play."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from forewarn.dev.servers.kept import Program
from forewarn.dev.servers.place import answers, free_ports
from forewarn.dev.servers.private import PrivateServer, Say, ServerFailed
from forewarn.dev.servers.rabbitmq_users import PERMISSIONS, definitions

NO_BUSY_WAITING = "+sbwt none +sbwtdcpu none +sbwtdio none"

SETTINGS = """\
listeners.tcp.1 = 127.0.0.1:{amqp}
management.tcp.ip = 127.0.0.1
management.tcp.port = {management}
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = {prometheus}
disk_free_limit.absolute = 50MB
load_definitions = {directory}/definitions.json
"""


class RabbitMQ(PrivateServer):
    """RabbitMQ on free loopback ports, with its management and its own epmd."""

    name: ClassVar[str] = "RabbitMQ"

    def __init__(self, directory: Path, say: Say, held: int | None = None) -> None:
        super().__init__(directory, say, held)
        names = ("amqp", "management", "prometheus", "distribution", "epmd")
        self._ports = dict(zip(names, free_ports(len(names)), strict=True))
        self._passwords = {user: secrets.token_urlsafe(16) for user in PERMISSIONS}
        self._binary = binary()
        self._prepare()

    @property
    def port(self) -> int:
        return self._ports["amqp"]

    @property
    def version(self) -> str:
        found = re.search(r"rabbitmq_server-([\d.]+)", str(Path(self._binary).resolve()))
        return found[1] if found else ""

    def url(self, user: str) -> str:
        """Where the given user (one of `PERMISSIONS`) connects."""
        return f"amqp://{user}:{self._passwords[user]}@127.0.0.1:{self.port}/%2F"

    @property
    def management_url(self) -> str:
        return f"http://admin:{self._passwords['admin']}@127.0.0.1:{self._ports['management']}"

    @property
    def metrics_url(self) -> str:
        return f"http://127.0.0.1:{self._ports['prometheus']}/metrics"

    def _prepare(self) -> None:
        for name in ("home", "data"):
            (self.directory / name).mkdir(mode=0o700)
        settings = SETTINGS.format(directory=self.directory, **self._ports)
        (self.directory / "rabbitmq.conf").write_text(settings)
        (self.directory / "enabled_plugins").write_text("[rabbitmq_management,rabbitmq_prometheus].\n")
        (self.directory / "definitions.json").write_text(json.dumps(definitions(self._passwords)))

    def _program(self) -> Program:
        return Program(
            [self._binary],
            _cleaned() | self._environment(),
            self.log,
            grace=timedelta(seconds=30),
            held=self._held,
        )

    def _environment(self) -> dict[str, str]:
        here = str(self.directory)
        return {
            "HOME": f"{here}/home",  # the Erlang cookie is made there
            "RABBITMQ_NODENAME": f"forewarn-{self.port}@localhost",
            "RABBITMQ_DIST_PORT": str(self._ports["distribution"]),
            "ERL_EPMD_PORT": str(self._ports["epmd"]),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_MNESIA_BASE": f"{here}/data",
            "RABBITMQ_LOG_BASE": here,
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{here}/enabled_plugins",
            "RABBITMQ_CONFIG_FILE": f"{here}/rabbitmq.conf",
            "RABBITMQ_CONF_ENV_FILE": f"{here}/none",  # else the machine's own in /etc overrides all this
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": NO_BUSY_WAITING,
            "RUNNING_UNDER_SYSTEMD": "1",  # no shell in between: the process is Erlang itself
        }

    def _is_ready(self) -> bool:
        protocol_header, method_frame = b"AMQP\x00\x00\x09\x01", b"\x01"
        return answers(self.port, protocol_header, method_frame)


def binary() -> str:
    """Find the server's program, or raise `ServerFailed`.

    Debian's own /usr/sbin/rabbitmq-server serves the system's instance only: it changes the user.
    """
    packaged = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
    found = str(packaged) if packaged.exists() else shutil.which("rabbitmq-server")
    if not found:
        raise ServerFailed("There is no RabbitMQ here (Debian: apt-get install rabbitmq-server).")
    return found


def _cleaned() -> dict[str, str]:
    """Our environment without what would steer RabbitMQ or Erlang."""
    steering = ("RABBITMQ_", "ERL_", "NOTIFY_SOCKET")
    return {name: value for name, value in os.environ.items() if not name.startswith(steering)}
