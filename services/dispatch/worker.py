"""The dispatch worker: the only place where dispatch is wired together."""

import asyncio
import threading
from collections import Counter
from collections.abc import Coroutine
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

import dramatiq
import uvloop

from forewarn.contracts.messages import Batch, BatchSettled
from forewarn.contracts.names import SEND, SETTLE, SETTLE_QUEUE, dispatch_queue
from forewarn.contracts.policy import Policy, load_policy
from forewarn.delivery import LETTERS
from forewarn.notice import Lane
from forewarn.runtime.broker import QuorumBroker, actors_alive, actors_ready, message
from forewarn.runtime.health import Health, Heartbeat
from forewarn.runtime.killpoint import arm
from forewarn.runtime.ladder import HandOn, Ladder
from forewarn.runtime.logs import logger, start_logs
from forewarn.runtime.policy import usable_policy
from forewarn.runtime.process import run_until_told
from forewarn.runtime.redis import connect_async
from forewarn.runtime.settings import read_settings
from services.dispatch.actors import register
from services.dispatch.border import Border
from services.dispatch.marks import RedisMarks
from services.dispatch.metrics import BATCHES, RECIPIENTS, SEND_SECONDS, TEST_RECIPIENTS
from services.dispatch.outcome import Outcome, Sent
from services.dispatch.ports import Provider
from services.dispatch.providers import open_provider
from services.dispatch.send import Sender
from services.dispatch.settings import DispatchSettings, usable_provider

log = logger(__name__)

T = TypeVar("T")


class Loop:
    """One event loop on a thread of its own; actors hand coroutines to it and wait."""

    def __init__(self) -> None:
        self._loop = uvloop.new_event_loop()
        self._heartbeat = Heartbeat()
        self._thread = threading.Thread(target=self._loop.run_forever, name="loop", daemon=True)
        self._thread.start()
        self._loop.call_soon_threadsafe(self._beat)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    @property
    def turns(self) -> bool:
        """Whether the loop goes round: neither ended nor stuck in a call that blocks."""
        return self._thread.is_alive() and self._heartbeat.alive

    def _beat(self) -> None:
        self._heartbeat.beat()
        self._loop.call_later(1, self._beat)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)


class Worker:
    """Sends the batches of one channel."""

    def __init__(self, settings: DispatchSettings) -> None:
        self._settings = settings
        policy = load_policy(settings.policy_file)
        self._loop = Loop()
        self._sender, self._marks, self._provider = self._loop.run(self._wire(settings, policy))
        self._broker = QuorumBroker(settings.rabbitmq_url.get_secret_value(), HandOn())
        self._ladder = threading.local()
        register(self._broker, settings.channel, self._send, self._settle, self._hand_on, self._free, note)
        queues = {dispatch_queue(settings.channel, lane) for lane in Lane}
        self._actors = dramatiq.Worker(self._broker, queues=queues, worker_threads=settings.threads)
        self._health = Health(settings.host, settings.health_port, self._alive, self._ready)

    async def _wire(self, settings: DispatchSettings, policy: Policy) -> tuple[Sender, RedisMarks, Provider]:
        marks = RedisMarks(connect_async(settings.redis_url.get_secret_value()))
        provider = await open_provider(settings, _now)
        border = Border(settings.delivery, frozenset(policy.guests))
        sender = Sender(marks, provider, policy.delivery.max_attempts, _now, lambda: uuid4().hex, border)
        return sender, marks, provider

    def start(self) -> None:
        arm(self._settings.kill_at)
        self._actors.start()
        log.info(
            "started", channel=str(self._settings.channel), mode=str(self._settings.delivery), health=self._health.port
        )

    def stop(self) -> None:
        self._actors.stop(timeout=self._settings.shutdown_seconds * 1000)
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
        return self._loop.turns and actors_alive(self._actors)

    def _ready(self) -> bool:
        return actors_ready(self._actors)


def note(batch: Batch, outcome: Outcome) -> None:
    """Count and log what became of a batch message."""
    result, left, reason = type(outcome).__name__.lower(), 0, None
    BATCHES.labels(batch.channel, result).inc()
    if isinstance(outcome, Sent):
        _count(batch, outcome.settled.letters)
        left = len(outcome.rest.recipients) if outcome.rest else 0
        if outcome.raised is not None:
            log.error("call_raised", batch=batch.batch_id, notice=batch.notice_id, exc_info=outcome.raised)
    else:
        reason = str(outcome.reason)
    log.info(
        "batch_worked_on",
        batch=batch.batch_id,
        notice=batch.notice_id,
        outage=batch.outage,
        lane=str(batch.lane),
        turn=batch.turn,
        result=result,
        reason=reason,
        recipients=len(batch.recipients),
        left=left,
    )


def _count(batch: Batch, letters: str) -> None:
    for letter, times in Counter(letters[recipient.position] for recipient in batch.recipients).items():
        if letter not in LETTERS:
            continue
        state, reason = LETTERS[letter]
        if batch.test:
            TEST_RECIPIENTS.labels(batch.channel, state).inc(times)
        else:
            RECIPIENTS.labels(batch.channel, state, reason or "none").inc(times)


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
