"""deploy/compose.yaml: what it starts is what the tests start; no engine is needed to see that."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_settings import BaseSettings

from forewarn.contracts.policy import load_policy
from forewarn.dev.servers.rabbitmq_users import definitions
from forewarn.dev.servers.redis import Redis
from forewarn.dev.workers import arguments
from services.dispatch.settings import DispatchSettings
from services.ingest.settings import IngestSettings
from services.planner.settings import PlannerSettings
from tests.deploy.composed import DEPLOY, WORKERS, composed, example, variables

COMPOSE = composed()
PROMETHEUS: dict[str, Any] = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
SETTINGS: dict[str, type[BaseSettings]] = {
    "ingest": IngestSettings,
    "planner": PlannerSettings,
    "dispatch": DispatchSettings,
    "webhook": DispatchSettings,
}

each_worker = pytest.mark.parametrize("name", WORKERS)


def test_the_example_has_every_variable_and_no_other() -> None:
    assert variables() | {"FOREWARN_DELIVERY", "FOREWARN_SMTP_PORT"} == set(example())


@pytest.mark.parametrize("image", [s["image"] for s in SERVICES.values()] + re.findall(r"(?m)^FROM (\S+)", DOCKERFILE))
def test_every_image_has_a_whole_version(image: str) -> None:
    assert re.fullmatch(r"[\w/]+:v?\d+\.\d+(\.\d+)?(-[\w-]+)?", image)


def test_every_file_that_is_mounted_or_copied_stands() -> None:
    mounts = [mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", ())]
    files = [DEPLOY / mount for mount in mounts if mount.startswith(".")]
    files += [DEPLOY.parent / source for source in re.findall(r"^COPY (\S+)", DOCKERFILE, re.MULTILINE)]

    assert files and [str(file) for file in files if not file.exists()] == []
    assert {mount for mount in mounts if not mount.startswith(".")} == set(COMPOSE["volumes"])


@each_worker
def test_a_worker_is_started_as_the_house_starts_it(name: str) -> None:
    _, *entry = json.loads(re.findall(r"^ENTRYPOINT (.*)$", DOCKERFILE, re.MULTILINE)[0])

    assert entry + SERVICES[name]["command"] == arguments(WORKERS[name])


@each_worker
def test_a_workers_environment_is_one_that_it_takes_whole(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given, kind = SERVICES[name]["environment"], SETTINGS[name]
    for variable, value in given.items():
        monkeypatch.setenv(variable, value)

    settings = kind()

    known = {f"FOREWARN_{field.upper()}" for field in kind.model_fields}
    assert set(given) - known == set()
    assert settings.model_fields_set >= {variable.removeprefix("FOREWARN_").lower() for variable in given}


def test_rabbitmq_has_the_users_and_permissions_of_the_house() -> None:
    said = json.loads(COMPOSE["configs"]["definitions"]["content"])
    ours: Any = definitions(dict.fromkeys(("worker", "door", "monitoring", "admin"), "secret"))

    assert said["permissions"] == ours["permissions"]
    assert [(u["name"], u["tags"]) for u in said["users"]] == [(u["name"], u["tags"]) for u in ours["users"]]
    assert len({user["password"] for user in said["users"]}) == 4


def test_redis_keeps_its_data_as_in_the_house(tmp_path: Path) -> None:
    _, *here = Redis(tmp_path / "redis", lambda line: None)._program().command
    places = ("--port", "--bind", "--dir")
    options = [pair for pair in zip(here[::2], here[1::2], strict=True) if pair[0] not in places]

    assert SERVICES["redis"]["command"] == ["redis-server", *(word for pair in options for word in pair)]


def test_prometheus_reads_every_worker_where_it_serves() -> None:
    (job,) = PROMETHEUS["scrape_configs"]
    read = {target: of["labels"]["service"] for of in job["static_configs"] for target in of["targets"]}
    (every,), (named,) = job["dns_sd_configs"], job["relabel_configs"]
    read |= {f"{name}:{every['port']}": named["replacement"] for name in every["names"]}

    served = {f"{name}:{SERVICES[name]['environment']['FOREWARN_HEALTH_PORT']}": kind for name, kind in WORKERS.items()}
    assert read == served


def test_grafana_finds_its_datasource_and_every_board() -> None:
    provisioning = DEPLOY / "grafana" / "provisioning"
    (source,) = yaml.safe_load((provisioning / "datasources" / "prometheus.yaml").read_text())["datasources"]
    (provider,) = yaml.safe_load((provisioning / "dashboards" / "forewarn.yaml").read_text())["providers"]
    mounted = dict(mount.split(":")[:2] for mount in SERVICES["grafana"]["volumes"])

    assert (source["type"], source["url"], source["isDefault"]) == ("prometheus", "http://prometheus:9090", True)
    assert source["jsonData"]["timeInterval"] == "5s" == scrape_interval()
    boards = {path.name for path in (DEPLOY / "grafana").glob("*.json")}
    assert boards == {"delivery.json", "promises.json"}
    assert {name: mounted[f"./grafana/{name}"] for name in boards} == {
        name: f"{provider['options']['path']}/{name}" for name in boards
    }
    assert mounted["./grafana/provisioning"] == "/etc/grafana/provisioning"


def scrape_interval() -> str:
    said: str = PROMETHEUS["global"]["scrape_interval"]
    return said


def test_prometheus_finds_each_of_several_dispatches_by_its_own_address() -> None:
    (job,) = PROMETHEUS["scrape_configs"]
    static = {target.partition(":")[0] for of in job["static_configs"] for target in of["targets"]}

    assert {WORKERS[name] for name in static} == {"ingest", "planner"}
    assert {name for name, kind in WORKERS.items() if kind == "dispatch"} == set(job["dns_sd_configs"][0]["names"])


def test_an_alert_goes_to_an_alertmanager_that_is_there_and_can_read_its_file() -> None:
    ((address,),) = (of["targets"] for each in PROMETHEUS["alerting"]["alertmanagers"] for of in each["static_configs"])
    mounted = dict(mount.split(":")[:2] for mount in SERVICES["alertmanager"]["volumes"])
    done = subprocess.run(["amtool", "check-config", DEPLOY / "alertmanager.yml"], capture_output=True, text=True)

    assert address == "alertmanager:9093"
    assert mounted["./alertmanager.yml"] == "/etc/alertmanager/alertmanager.yml"
    assert done.returncode == 0 and "SUCCESS" in done.stdout, done.stdout + done.stderr


def test_the_database_is_ready_only_when_it_listens_to_others() -> None:
    assert SERVICES["postgres"]["healthcheck"]["test"][:4] == ["CMD", "pg_isready", "-h", "127.0.0.1"]
    assert SERVICES["migrate"]["restart"].startswith("on-failure")


def test_what_is_waited_for_says_when_it_is_ready() -> None:
    for service in SERVICES.values():
        waited = service.get("depends_on", {})
        for name, how in waited.items() if isinstance(waited, dict) else ():
            assert how["condition"] == "service_completed_successfully" or "test" in SERVICES[name]["healthcheck"]


def test_ports_are_open_on_this_machine_only() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]

    assert ports and all(port.startswith("127.0.0.1:") for port in ports)


def test_its_policy_can_be_used() -> None:
    assert load_policy(DEPLOY / "policy.yaml").guests
