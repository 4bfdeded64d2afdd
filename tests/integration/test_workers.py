"""The three workers as processes: probed, told to stop, started before their broker, and silent about people."""

import csv
import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
import urllib3

from forewarn.contracts.names import (
    DEAD_QUEUE,
    INTAKE_DEAD_QUEUE,
    INTAKE_QUEUE,
    PAGE_QUEUE,
    PLAN_QUEUE,
    RUNGS_SECONDS,
    SETTLE_QUEUE,
    dispatch_queue,
    expand_queue,
    rung,
)
from forewarn.dev.house import ROOT
from forewarn.dev.servers import Servers
from forewarn.dev.servers.place import free_ports
from forewarn.dev.workers import Worker
from forewarn.notice import Channel, Lane
from forewarn.runtime.broker import DEAD_ARGUMENTS, arguments_of, quorum_arguments
from forewarn.runtime.ladder import rung_arguments
from tests.support.broker import ask, virtual_host
from tests.support.home import DEMO, Home, an_event, until

SERVICES = ("ingest", "planner", "dispatch")


def probe(worker: Worker, path: str) -> int:
    """The status that /livez or /readyz answers."""
    return urllib3.request("GET", f"http://127.0.0.1:{worker.health_port}{path}", timeout=5, retries=False).status


def lines(text: str) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("service", SERVICES)
def test_a_worker_answers_its_probes_and_tells_its_metrics(home: Home, service: str) -> None:
    worker = home.house.workers[service]

    assert [probe(worker, path) for path in ("/livez", "/readyz", "/healthz")] == [200, 200, 404]
    assert "# TYPE forewarn_" in worker.metrics()


def test_the_house_has_no_queue_but_those_of_the_design(home: Home, servers: Servers) -> None:
    dispatch = {dispatch_queue(Channel.EMAIL, lane) for lane in Lane}
    expand = {expand_queue(lane) for lane in Lane}
    designed: dict[str, Any] = {
        **{queue: arguments_of(queue) for queue in {PLAN_QUEUE, SETTLE_QUEUE, PAGE_QUEUE} | dispatch | expand},
        INTAKE_QUEUE: quorum_arguments(INTAKE_DEAD_QUEUE),
        INTAKE_DEAD_QUEUE: DEAD_ARGUMENTS,
        DEAD_QUEUE: DEAD_ARGUMENTS,
    }
    rungs = {rung(seconds): rung_arguments(seconds) for seconds in RUNGS_SECONDS}  # they come with the first wait
    others = {queue: arguments_of(queue) for lane in Lane for queue in [dispatch_queue(Channel.WEBHOOK, lane)]}
    home.import_demo()
    home.told(an_event())

    queues = {
        queue["name"]: queue["arguments"]
        for queue in ask(servers.urls.rabbitmq_management, "GET", "queues/%2F")
        if not queue["name"].startswith("forewarn.tested.")
    }

    assert designed.items() <= queues.items()
    assert queues.items() <= (designed | rungs | others).items()
    assert not [name for name in queues if name.endswith((".DQ", ".XQ"))]


def test_a_told_incident_leaves_no_address_and_no_name_in_any_log(home: Home) -> None:
    with (DEMO / "people.csv").open() as file:
        names = {row["name"] for row in csv.DictReader(file)}
    home.import_demo()

    home.told(an_event(cause="Somebody wrote to hanna.vogel@nordwind.example."))

    for service, worker in home.house.workers.items():
        text = worker.log.read_text()
        assert lines(text), service
        assert "@" not in text
        assert not [name for name in names if name in text]


@pytest.mark.slow
def test_told_to_stop_every_worker_finishes_in_its_grace_without_an_error(home: Home) -> None:
    home.import_demo()
    home.told(an_event())
    before = {service: len(worker.log.read_text()) for service, worker in home.house.workers.items()}

    def stop(worker: Worker) -> float:
        began = time.monotonic()
        worker.stop()  # SIGTERM; SIGKILL after 20 s
        return time.monotonic() - began

    try:
        with ThreadPoolExecutor(3) as threads:
            took = list(threads.map(stop, home.house.workers.values()))
    finally:
        for worker in home.house.workers.values():
            worker.start()
        for worker in home.house.workers.values():
            worker.wait_ready()

    assert max(took) < 20, took
    for service, worker in home.house.workers.items():
        said = lines(worker.log.read_text()[before[service] :])
        events = [line["event"] for line in said]
        assert "stopping" in events, service
        ending = said[: events.index("stopped") + 1]
        assert [line for line in ending if line["level"] in ("error", "critical")] == []


@pytest.mark.slow
def test_workers_started_before_their_broker_wait_for_it_and_get_ready(
    servers: Servers, database: str, tmp_path: Path
) -> None:
    with ExitStack() as leaving:
        host = leaving.enter_context(virtual_host(servers))
        broker, door, desk = free_ports(3)
        real = urlsplit(host.url).port
        assert real is not None
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FOREWARN_")} | {
            "PYTHONPATH": str(ROOT),
            "FOREWARN_DATABASE_URL": database,
            "FOREWARN_REDIS_URL": servers.urls.redis.rpartition("/")[0] + "/1",
            "FOREWARN_RABBITMQ_URL": host.urls["worker"].replace(str(real), str(broker)),
            "FOREWARN_DOOR_RABBITMQ_URL": host.urls["door"].replace(str(real), str(broker)),
            "FOREWARN_DOOR_PORT": str(door),
            "FOREWARN_DESK_PORT": str(desk),
        }
        workers = [Worker(service, environment, tmp_path / f"{service}.log") for service in SERVICES]
        for worker in workers:
            leaving.callback(worker.kill)
            worker.start()

        for worker in workers:
            until(lambda worker=worker: answered(worker))  # type: ignore[misc]
        time.sleep(1)
        meanwhile = [(worker.running, probe(worker, "/livez"), probe(worker, "/readyz")) for worker in workers]
        leaving.enter_context(relay(broker, real))
        for worker in workers:
            worker.wait_ready()
        for worker in workers:
            worker.kill()

        assert meanwhile == [(True, 200, 503)] * 3


def answered(worker: Worker) -> bool:
    with suppress(urllib3.exceptions.HTTPError):
        return probe(worker, "/livez") == 200
    return False


@contextmanager
def relay(port: int, target: int) -> Iterator[None]:
    """Whoever connects to the one port speaks to the other: a broker that has come up."""
    lines: list[socket.socket] = []

    def pump(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while heard := source.recv(65536):
                sink.sendall(heard)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def answer(listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, far = listener.accept()[0], socket.create_connection(("127.0.0.1", target))
                lines.extend((near, far))
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=pump, args=ends, daemon=True).start()

    with closing(socket.create_server(("127.0.0.1", port))) as listener:
        thread = threading.Thread(target=answer, args=(listener,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)
            for line in lines:
                line.close()
