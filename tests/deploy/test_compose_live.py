"""The workers of deploy/compose.yaml, with its environment, on servers that stand here: they tell whom they may."""

from collections.abc import Iterator
from pathlib import Path

import pika
import pytest
import urllib3

from forewarn.dev.servers.rabbitmq import RabbitMQ
from forewarn.dev.workers import Worker
from tests.deploy.composed import DEPLOY, WORKERS, composed
from tests.support.home import Home, an_event

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

ADDRESSES = (
    *("FOREWARN_RABBITMQ_URL", "FOREWARN_DOOR_RABBITMQ_URL", "FOREWARN_DATABASE_URL", "FOREWARN_REDIS_URL"),
    *("FOREWARN_SMTP_HOST", "FOREWARN_SMTP_PORT", "FOREWARN_DOOR_PORT", "FOREWARN_DESK_PORT"),
)
"""What differs here: where things are."""

KEPT = ("PATH", "HOME", "PYTHONPATH")


@pytest.fixture
def here(home: Home, tmp_path: Path) -> Iterator[Home]:
    """The house with compose's workers in place of its own."""
    for worker in home.house.workers.values():
        worker.stop()
    own = home.house.environment
    workers = []
    for name, service in WORKERS.items():
        said = composed()["services"][name]["environment"]
        moved = {key: own[key] for key in ADDRESSES if key in said}
        policy = {"FOREWARN_POLICY_FILE": str(DEPLOY / "policy.yaml")}
        kept = {key: own[key] for key in KEPT if key in own}
        workers.append(Worker(service, {**kept, **said, **moved, **policy}, tmp_path / f"{name}.log"))
    try:
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.wait_ready()
        yield home
    finally:
        for worker in workers:
            worker.kill()


def test_the_composed_workers_tell_the_guests_of_their_policy(here: Home) -> None:
    here.import_demo()
    dana = b"id,role,accounts,name,email\ndana,customer,nordwind,Dana Roth,dana@norhaven.example\n"
    status, report = here.request("PUT", "/v1/directory/people?format=csv", dana)
    assert status == 200 and report["added"] == 1, report

    here.told(an_event())

    assert here.readers() == ["dana@norhaven.example"]
    assert {row["mode"] for row in here.rows("select distinct mode from notice")} == {"guests"}


def test_rabbitmq_takes_the_composed_users_with_their_passwords(tmp_path: Path) -> None:
    rabbitmq = RabbitMQ(tmp_path / "rabbitmq", lambda line: None)
    try:
        rabbitmq.start()
        url, content = rabbitmq.management_url, composed()["configs"]["definitions"]["content"]
        answer = urllib3.request(
            "POST", f"{url}/api/definitions", body=content.encode(), headers=admin(url), timeout=20
        )
        assert answer.status == 204, answer.data

        said = composed()["services"]["ingest"]["environment"]["FOREWARN_DOOR_RABBITMQ_URL"]
        door = said.replace("@rabbitmq:5672", f"@127.0.0.1:{rabbitmq.port}")
        with pika.BlockingConnection(pika.URLParameters(door)) as connection:
            channel = connection.channel()
            channel.exchange_declare("forewarn.events", "fanout", durable=True)
            with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="ACCESS_REFUSED"):
                channel.queue_declare("forewarn.plan.v1")
    finally:
        rabbitmq.close()


def admin(url: str) -> dict[str, str]:
    """Headers of the administrator in this URL."""
    user = urllib3.util.parse_url(url).auth
    return {**urllib3.make_headers(basic_auth=user), "Content-Type": "application/json"}
