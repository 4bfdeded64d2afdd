"""A real Prometheus of a test's own, told what deploy/prometheus/prometheus.yml says; and promtool."""

import math
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import orjson
import urllib3
import yaml

from forewarn.dev.servers.kept import Program
from tests.support.program import LocalProgram, binary

DEPLOYED = Path(__file__).parents[2] / "deploy" / "prometheus"

Series = list[dict[str, Any]]


class Prometheus(LocalProgram):
    """Debian's Prometheus on a free loopback port, with the deployed rules, reading these targets.

    `targets`: addresses by the label `service`.
    """

    name: ClassVar[str] = "Prometheus"

    def __init__(self, directory: Path, targets: Mapping[str, list[str]], every: str = "1s") -> None:
        super().__init__(directory, binary("prometheus", package="prometheus"))
        self._http = urllib3.PoolManager(retries=False, timeout=10)
        self._configure(targets, every)

    def over(self, expr: str, start: float, end: float, step: float = 1.0) -> Series:
        """The series of a range query that have at least one number, between two moments (Unix, seconds)."""
        fields = {"query": expr, "start": str(start), "end": str(end), "step": str(step)}
        return [s for s in self._ask("query_range", fields) if any(math.isfinite(float(v)) for _, v in s["values"])]

    def now(self, expr: str) -> Series:
        """The series of an instant query that are a number."""
        return [s for s in self._ask("query", {"query": expr}) if math.isfinite(float(s["value"][1]))]

    def rules(self) -> list[dict[str, Any]]:
        """Every rule as Prometheus has loaded and evaluated it."""
        answer = self._get("rules", {})
        return [rule for group in answer["groups"] for rule in group["rules"]]

    def _ask(self, what: str, fields: Mapping[str, str]) -> Series:
        found: Series = self._get(what, fields)["result"]
        return found

    def _get(self, what: str, fields: Mapping[str, str]) -> dict[str, Any]:
        url = f"http://127.0.0.1:{self._port}/api/v1/{what}"
        answer = self._http.request("GET", url, fields=dict(fields))
        assert answer.status == 200, (fields, answer.data)
        data: dict[str, Any] = orjson.loads(answer.data)["data"]
        return data

    def _configure(self, targets: Mapping[str, list[str]], every: str) -> None:
        said = yaml.safe_load((DEPLOYED / "prometheus.yml").read_text())
        said["global"] = {"scrape_interval": every, "evaluation_interval": every}
        said["rule_files"] = [str(DEPLOYED / name) for name in said["rule_files"]]
        (job,) = said["scrape_configs"]
        del said["alerting"], job["dns_sd_configs"]
        job["static_configs"] = [
            {"targets": addresses, "labels": {"service": service}} for service, addresses in targets.items()
        ]
        (self.directory / "prometheus.yml").write_text(yaml.safe_dump(said))

    def _program(self) -> Program:
        options = {
            "config.file": self.directory / "prometheus.yml",
            "storage.tsdb.path": self.directory / "data",
            "web.listen-address": f"127.0.0.1:{self._port}",
        }
        return Program([self.binary, *(f"--{name}={value}" for name, value in options.items())], os.environ, self.log)


def promtool(*words: str | Path, within: Path = DEPLOYED) -> str:
    """What promtool says; AssertionError with it when it finds a fault."""
    command = [binary("promtool", package="prometheus"), *map(str, words)]
    done = subprocess.run(command, cwd=within, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
