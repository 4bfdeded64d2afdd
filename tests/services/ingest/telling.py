"""Telling a running house as a monitoring system does, and waiting until it has listened."""

from typing import Any
from uuid import uuid4

import orjson
import pika

from tests.services.ingest.monitoring import publish
from tests.support.home import Home


def a_machine_s(**changes: Any) -> bytes:
    """A bare event that opens an incident."""
    event = {"source": "probes", "key": "checkout", "components": ["card-payments"], "status": "investigating"}
    return orjson.dumps(event | changes)


def monitoring_url(home: Home) -> str:
    return home.house.servers.urls.rabbitmq_monitoring


def tell(home: Home, body: bytes, **properties: Any) -> None:
    """Publish as a monitoring system does, and wait until intake has done with it."""
    publish(monitoring_url(home), [(body, pika.BasicProperties(**properties))])
    fence(home)


def tell_as_the_clock(home: Home, body: bytes) -> None:
    """Publish as the planner's clock does, by the user that workers have at the broker."""
    url = home.house.servers.urls.rabbitmq_worker
    user = pika.URLParameters(url).credentials.username
    publish(url, [(body, pika.BasicProperties(user_id=user, headers={"role": "clock"}))])
    fence(home)


def fence(home: Home) -> None:
    """Wait until all that was published before has been worked off: intake keeps the order."""
    _, answer = home.post({"key": uuid4().hex, "status": "resolved"}, token="monitoring")
    assert home.done(answer["event_id"])["verdict"] == "repeat"


def verdicts(home: Home) -> list[str]:
    """What became of the probes' events, in order."""
    return [
        row["verdict"] for row in home.rows("select verdict from event where source = 'probes' order by received_at")
    ]


def failed(home: Home) -> list[dict[str, Any]]:
    return home.rows("select id, reason, body from failed")


def record(home: Home) -> object:
    """All that the probes' events have brought about."""
    tables = ("outage where source", "signal where source", "event where source", "revision where 'probes'")
    return [home.rows(f"select * from {table} = 'probes' order by 1, 2") for table in tables]
