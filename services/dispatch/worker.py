"""The dispatch worker: the only place where dispatch is wired together."""

import os
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from forewarn.contracts.messages import Batch, BatchSettled
from forewarn.contracts.names import SEND, SETTLE, SETTLE_QUEUE, dispatch_queue
from forewarn.contracts.policy import Policy, load_policy
from forewarn.notice import Channel
from forewarn.runtime.broker import QuorumBroker, message
from forewarn.runtime.health import Health
from forewarn.runtime.killpoint import arm
from forewarn.runtime.ladder import HandOn, Ladder
from forewarn.runtime.logs import logger, start_logs
from forewarn.runtime.policy import usable_policy
from forewarn.runtime.process import run_until_told
from forewarn.runtime.redis import connect, connect_async
from forewarn.runtime.settings import read_settings
from services.dispatch.actors import register, register_pages
from services.dispatch.admission import Admission
from services.dispatch.bell import Bell
from services.dispatch.border import Border
from services.dispatch.lanes import Lanes
from services.dispatch.loop import Loop
from services.dispatch.marks import RedisMarks
from services.dispatch.metrics import SEND_SECONDS, channel_at_zero
from services.dispatch.noted import note
from services.dispatch.outcome import Outcome, Sent
from services.dispatch.permits import RedisPermits
from services.dispatch.ports import Provider
from services.dispatch.providers import open_provider
from services.dispatch.reach import open_reach
from services.dispatch.ringing import Ringing
from services.dispatch.send import Sender
from services.dispatch.settings import DispatchSettings, usable_provider

log = logger(__name__)

REDIS_SPARE, REDIS_A_BATCH = 16, 4
"""Connections: a batch at work asks for at most so much at once (its lease, a begin, an end, its marks)."""


class Worker:
    """Sends the batches of one channel; that of email pages communicators too (docs/decisions/0018-apprise.md)."""

    def __init__(self, settings: DispatchSettings) -> None:
        self._settings = settings
        policy = load_policy(settings.policy_file)
        self._loop = Loop()
        self._sender, self._marks, self._permits, self._provider = self._loop.run(self._wire(settings, policy))
        self._broker = QuorumBroker(settings.rabbitmq_url.get_secret_value(), HandOn())
        self._ladder = threading.local()
        register(self._broker, settings.channel, self._send, self._settle, self._hand_on, self._free, note)
        self._readers: list[Lanes | Ringing] = [Lanes(self._broker, settings.channel, settings.threads)]
        if settings.channel is Channel.EMAIL:
            register_pages(self._broker, a_bell(settings, policy).ring)
            self._readers.append(Ringing(self._broker))
        self._health = Health(settings.host, settings.health_port, self._alive, self._ready)

    async def _wire(
        self, settings: DispatchSettings, policy: Policy
    ) -> tuple[Sender, RedisMarks, RedisPermits, Provider]:
        client = connect_async(
            settings.redis_url.get_secret_value(), REDIS_SPARE + REDIS_A_BATCH * 2 * settings.threads
        )
        marks, permits = RedisMarks(client), RedisPermits(client)
        provider = await open_provider(settings, _now)
        admission = Admission(
            provider,
            permits,
            policy.delivery.per_second(settings.channel),
            connections=provider.calls_at_once * settings.threads,
        )
        border = Border(settings.delivery, frozenset(policy.guests))
        attempts = policy.delivery.max_attempts
        sender = Sender(marks, provider, admission, attempts, _now, lambda: uuid4().hex, border, random.random)
        return sender, marks, permits, provider

    def start(self) -> None:
        arm(self._settings.kill_at)
        channel_at_zero(self._settings.channel)
        for reader in self._readers:
            reader.start()
        log.info(
            "started", channel=str(self._settings.channel), mode=str(self._settings.delivery), health=self._health.port
        )

    def stop(self) -> None:
        self._sender.close()
        self._permits.close()
        with ThreadPoolExecutor(len(self._readers)) as pool:
            list(pool.map(lambda reader: reader.stop(self._settings.shutdown_seconds), self._readers))
        self._broker.close()
        self._loop.run(self._provider.close())
        self._loop.stop()
        self._health.close()

    def _send(self, batch: Batch) -> Outcome:
        timed = nullcontext() if batch.test else SEND_SECONDS.labels(batch.channel, batch.lane).time()
        with timed:
            return self._loop.run(self._sender.send(batch))

    def _settle(self, settled: BatchSettled) -> None:
        self._broker.enqueue(message(SETTLE_QUEUE, SETTLE, **settled.model_dump(mode="json")))

    def _hand_on(self, batch: Batch, wait: timedelta) -> None:
        if not hasattr(self._ladder, "own"):
            self._ladder.own = Ladder(self._broker)
        again = message(dispatch_queue(batch.channel, batch.lane), SEND, batch=batch.model_dump(mode="json"))
        self._ladder.own.hand_on(again, wait)

    def _free(self, batch: Batch, sent: Sent) -> None:
        turn = sent.rest.turn if sent.rest else batch.turn
        self._loop.run(self._marks.free(batch, sent.token, turn))

    def _alive(self) -> bool:
        return self._loop.turns and all(reader.alive for reader in self._readers)

    def _ready(self) -> bool:
        return all(reader.ready for reader in self._readers)


def a_bell(settings: DispatchSettings, policy: Policy) -> Bell:
    """Raises Unusable when the policy names a way to a communicator that cannot be called."""
    reach = open_reach(policy.communication.reach, os.environ, settings.delivery)
    return Bell(connect(settings.redis_url.get_secret_value()), reach, _now)


def _now() -> datetime:
    return datetime.now(UTC)


def start() -> None:
    """Run until SIGTERM."""
    start_logs("dispatch")
    with usable_policy(), usable_provider():
        worker = Worker(read_settings(DispatchSettings))
    worker.start()
    run_until_told(worker.stop)


if __name__ == "__main__":
    start()
