"""A virtual host of a test's own on the real RabbitMQ, so that no worker of a house eats what a test puts there."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import dramatiq
import orjson
import pika
import urllib3
from pika.exceptions import NackError

from forewarn.dev.servers import Servers
from forewarn.runtime.broker import QuorumBroker, connect
from tests.support.home import until


@dataclass(frozen=True, slots=True)
class Host:
    """One virtual host: where its users connect, what its management says, what lies on its queues."""

    name: str
    urls: dict[str, str]
    management: str

    @property
    def url(self) -> str:
        return self.urls["worker"]

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """One call of the management API."""
        return ask(self.management, method, path, body)

    def queues(self) -> dict[str, dict[str, Any]]:
        """Arguments of every queue, by name."""
        return {queue["name"]: queue["arguments"] for queue in self.ask("GET", f"queues/{self.name}")}

    def get(self, queue: str) -> tuple[Any, Any, bytes] | None:
        """Take one message off the queue for good."""
        with self.channel() as channel:
            method, properties, body = channel.basic_get(queue, auto_ack=True)
            return None if method is None else (method, properties, body)

    def drain(self, queue: str) -> list[bytes]:
        """Take everything off the queue that is there now."""
        taken = []
        while (message := self.get(queue)) is not None:
            taken.append(message[2])
        return taken

    def put(self, queue: str, body: bytes, user_id: str | None = None) -> None:
        """Publish a bare body, confirmed; a quorum queue that has no leader yet refuses for a moment."""
        until(lambda: self._taken(queue, body, user_id), what=f"{queue} taking a message")

    def _taken(self, queue: str, body: bytes, user_id: str | None) -> bool:
        with self.channel() as channel:
            channel.confirm_delivery()
            properties = pika.BasicProperties(delivery_mode=2, user_id=user_id)
            try:
                channel.basic_publish("", queue, body, properties, mandatory=True)
            except NackError:
                return False
        return True

    @contextmanager
    def channel(self) -> Iterator[Any]:
        connection = connect(self.url)
        try:
            yield connection.channel()
        finally:
            if connection.is_open:
                connection.close()


def ask(management: str, method: str, path: str, body: object = None) -> Any:
    """One call of the management API at this URL."""
    where = urlsplit(management)
    answer = urllib3.request(
        method,
        f"http://{where.hostname}:{where.port}/api/{path}",
        body=orjson.dumps(body),
        headers=urllib3.make_headers(basic_auth=f"{where.username}:{where.password}")
        | {"Content-Type": "application/json"},
        timeout=10,
    )
    assert answer.status < 300, answer.data
    return orjson.loads(answer.data) if answer.data else None


@contextmanager
def virtual_host(servers: Servers) -> Iterator[Host]:
    """A new virtual host with our users on it, deleted at the end."""
    name = f"test-{uuid4().hex[:8]}"
    urls = servers.urls
    of_user = {
        "worker": urls.rabbitmq_worker,
        "door": urls.rabbitmq_door,
        "monitoring": urls.rabbitmq_monitoring,
    }
    there = {user: url.rpartition("/")[0] + f"/{name}" for user, url in of_user.items()}
    host = Host(name, there, urls.rabbitmq_management)
    host.ask("PUT", f"vhosts/{name}")
    for url in host.urls.values():
        user = urlsplit(url).username
        host.ask("PUT", f"permissions/{name}/{user}", {"configure": ".*", "write": ".*", "read": ".*"})
    try:
        yield host
    finally:
        host.ask("DELETE", f"vhosts/{name}")


def cut(connection: Any) -> None:
    """Lose a pika connection as a network does: neither side hears a word."""
    connection._impl._transport._sock.shutdown(socket.SHUT_RDWR)


@contextmanager
def working(broker: QuorumBroker, queue: str, threads: int = 1) -> Iterator[dramatiq.Worker]:
    """dramatiq's worker on the queue, stopped with the broker at the end."""
    worker = dramatiq.Worker(broker, queues={queue}, worker_threads=threads, worker_timeout=100)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop(timeout=5000)
        broker.close()
