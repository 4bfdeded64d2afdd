"""Events that go on coming while the house burns: two a second, each sent until somebody has taken it."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial

import orjson
import pika
import urllib3
from pika.exceptions import AMQPError

from forewarn.contracts.names import EVENTS_EXCHANGE
from forewarn.dev.house import House

EVERY_SECONDS = 0.5
INCIDENTS, SAID_AGAIN = 8, 4
"""Each of so many incidents is reported so many times, the last one without end: once there is something to tell."""
TAKEN = 202

Send = Callable[[str, Mapping[str, object]], bool]


class Trickle:
    """By turns over HTTP and by AMQP, under an id of their own; `confirmed` are those that somebody vouched for."""

    def __init__(self, house: House, first: Mapping[str, object], components: Sequence[str]) -> None:
        """The first event is a person's."""
        self._house, self._first, self._components = house, first, components
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._run, name="trickle", daemon=True)
        self.confirmed: list[str] = []

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """No new ones; the one being sent is sent until it is taken."""
        self._enough.set()
        self._thread.join(120)
        if self._thread.is_alive():
            raise TimeoutError("an event was not taken by anybody for two minutes")

    def _run(self) -> None:
        self._sent(partial(self._over_http, token="dana"), "incident", self._first)
        n = 0
        while not self._enough.wait(EVERY_SECONDS):
            name, key = f"drop-{n}", min(n // SAID_AGAIN, INCIDENTS - 1)
            event = _event(f"leak-{key}", self._components[key % len(self._components)])
            send = self._over_http if n % 2 else self._by_amqp
            self._sent(send, name, event)
            n += 1

    def _sent(self, send: Send, name: str, event: Mapping[str, object]) -> None:
        """Send until it is taken."""
        while not send(name, event):
            time.sleep(0.2)
        self.confirmed.append(name)

    def _over_http(self, name: str, event: Mapping[str, object], token: str = "monitoring") -> bool:
        """Whether the door has it. Sent again under the same id it is the same event."""
        body = orjson.dumps({**event, "event_id": name})
        with suppress(urllib3.exceptions.HTTPError):
            return self._house.request("POST", "/v1/events", body, token)[0] == TAKEN
        return False

    def _by_amqp(self, name: str, event: Mapping[str, object]) -> bool:
        """Whether the broker confirmed it."""
        try:
            connection = pika.BlockingConnection(pika.URLParameters(self._house.servers.urls.rabbitmq_monitoring))
            with connection, connection.channel() as channel:
                channel.confirm_delivery()
                properties = pika.BasicProperties(message_id=name)
                channel.basic_publish(EVENTS_EXCHANGE, "", orjson.dumps(event), properties)
            return True
        except (AMQPError, OSError):
            return False


def _event(key: str, component: str) -> dict[str, object]:
    return {
        "source": "monitoring",
        "key": key,
        "components": [component],
        "impact": "degraded",
        "severity": "major",
    }
