"""A real Alertmanager of a test's own, told what the README tells its users."""

import os
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import orjson
import urllib3
import yaml

from forewarn.dev.servers.kept import Program
from tests.support.program import LocalProgram, binary

README = Path(__file__).parents[2] / "README.md"

HASTE = {"group_wait": "100ms", "group_interval": "300ms", "repeat_interval": "1s"}
"""As the README has it, only sooner."""

NAMES = ("prometheus-alertmanager", "alertmanager")
NO_CLUSTER = ("--cluster.listen-address=",)


def documented() -> tuple[list[str], dict[str, Any]]:
    """The lines of the configuration that the README gives, and what they say."""
    (block,) = re.findall(r"^    route: .*\n^    receivers:\n(?:^    .*\n)*", README.read_text(), re.MULTILINE)
    configuration: dict[str, Any] = yaml.safe_load(block)
    return block.splitlines(), configuration


def clustered(*ports: int) -> tuple[str, ...]:
    """The options of one of a cluster: its own port first, then those of its peers."""
    own, *peers = (f"127.0.0.1:{port}" for port in ports)
    return (
        f"--cluster.listen-address={own}",
        f"--cluster.advertise-address={own}",
        *(f"--cluster.peer={peer}" for peer in peers),
        "--cluster.peer-timeout=1s",  # 15 s: how long the second waits for the first to have told it
        "--cluster.settle-timeout=2s",
    )


class Alertmanager(LocalProgram):
    """Debian's Alertmanager on a free loopback port, with the documented receiver."""

    name: ClassVar[str] = "Alertmanager"

    def __init__(self, directory: Path, url: str, token: str, cluster: Sequence[str] = NO_CLUSTER) -> None:
        super().__init__(directory, binary(*NAMES, package="prometheus-alertmanager"))
        self._cluster = cluster
        self._began: dict[str, datetime] = {}
        self._http = urllib3.PoolManager(retries=False, timeout=5)
        self._configure(url, token)

    def fire(self, labels: Mapping[str, str], lasts: timedelta = timedelta(minutes=5)) -> None:
        """Post a firing alert by its API, as Prometheus does: it ends by itself unless it is posted again."""
        self._post(labels, datetime.now(UTC) + lasts)

    def end(self, labels: Mapping[str, str]) -> None:
        """Post that it is over."""
        self._post(labels, datetime.now(UTC))

    def _post(self, labels: Mapping[str, str], ends: datetime) -> None:
        began = self._began.setdefault(labels["alertname"], datetime.now(UTC))  # unsaid, Alertmanager takes the end
        alert = {"labels": dict(labels), "startsAt": began.isoformat(), "endsAt": ends.isoformat()}
        url = f"http://127.0.0.1:{self._port}/api/v2/alerts"
        headers = {"Content-Type": "application/json"}
        answer = self._http.request("POST", url, body=orjson.dumps([alert]), headers=headers)
        assert answer.status == 200, answer.data

    def _configure(self, url: str, token: str) -> None:
        _, configuration = documented()
        configuration["route"] |= HASTE
        (hook,) = configuration["receivers"][0]["webhook_configs"]
        hook["url"] = url
        secret = self.directory / "token"
        secret.write_text(token)
        hook["http_config"]["authorization"]["credentials_file"] = str(secret)
        (self.directory / "alertmanager.yml").write_text(yaml.safe_dump(configuration))

    def _program(self) -> Program:
        options = {
            "config.file": self.directory / "alertmanager.yml",
            "storage.path": self.directory / "data",
            "web.listen-address": f"127.0.0.1:{self._port}",
            "web.external-url": f"http://127.0.0.1:{self._port}",
        }
        words = (f"--{name}={value}" for name, value in options.items())
        return Program([self.binary, *words, *self._cluster], os.environ, self.log)
