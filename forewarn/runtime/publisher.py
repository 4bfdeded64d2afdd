"""Publish raw bodies with a confirm, from any thread, over one connection that is kept alive."""

import queue
import threading
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pika
from pika.exceptions import AMQPError

from forewarn.runtime.broker import connect


class NotConfirmed(Exception):
    """The broker did not confirm the message: it may be lost, and the sender must be told so."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One raw message for an exchange."""

    body: bytes
    message_id: str
    headers: dict[str, Any]
    user: str
    confirmed: "Future[None]" = field(default_factory=Future)


class Publisher:
    """One thread owns the connection: it publishes what is handed to it and answers heartbeats between.

    `publish` returns a Future that is done once the broker has confirmed, or fails with NotConfirmed. At
    most `most_waiting` letters wait; more fail at once, so that a broker that is away is told quickly.
    """

    def __init__(self, url: str, exchange: str, most_waiting: int = 1000) -> None:
        self._url, self._exchange = url, exchange
        self._letters: queue.Queue[Letter | None] = queue.Queue(most_waiting)
        self._connection: pika.BlockingConnection | None = None
        self._channel: Any = None
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)
        self.user = pika.URLParameters(url).credentials.username

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Publish what waits, then close; ten seconds at most."""
        with suppress(queue.Full):
            self._letters.put(None, timeout=5)
        self._thread.join(10)

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def publish(self, body: bytes, message_id: str, headers: dict[str, Any]) -> "Future[None]":
        letter = Letter(body, message_id, headers, self.user)
        try:
            self._letters.put_nowait(letter)
        except queue.Full:
            letter.confirmed.set_exception(NotConfirmed("too many events wait for the broker"))
        return letter.confirmed

    def _run(self) -> None:
        while True:
            try:
                letter = self._letters.get(timeout=5)
            except queue.Empty:
                self._stay_alive()
                continue
            if letter is None:
                break
            self._send(letter)
        self._drop()

    def _send(self, letter: Letter) -> None:
        if not letter.confirmed.set_running_or_notify_cancel():
            return  # nobody waits any more: the sender has been told that it was not confirmed
        for last in (False, True):  # a connection found dead is replaced once
            try:
                self._publish(letter)
            except (AMQPError, OSError) as fault:
                self._drop()
                if last:
                    letter.confirmed.set_exception(NotConfirmed(type(fault).__name__))
            except Exception as fault:  # of this letter, not of the thread that serves all others
                self._drop()
                letter.confirmed.set_exception(NotConfirmed(type(fault).__name__))
                return
            else:
                letter.confirmed.set_result(None)
                return

    def _publish(self, letter: Letter) -> None:
        if self._channel is None:
            self._connection = connect(self._url)
            self._channel = self._connection.channel()
            self._channel.confirm_delivery()
        self._channel.basic_publish(
            self._exchange,
            "",
            letter.body,
            pika.BasicProperties(
                delivery_mode=2, message_id=letter.message_id, headers=letter.headers, user_id=letter.user
            ),
            mandatory=True,
        )

    def _stay_alive(self) -> None:
        if self._connection is None:
            return
        try:
            self._connection.process_data_events(0)
        except (AMQPError, OSError):
            self._drop()

    def _drop(self) -> None:
        connection, self._connection, self._channel = self._connection, None, None
        try:
            if connection is not None and connection.is_open:
                connection.close()
        except (AMQPError, OSError):
            pass  # it was lost: closing it is a courtesy
