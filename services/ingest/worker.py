"""The ingest worker: the only place where ingest is wired together."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from dramatiq.errors import ConnectionClosed
from pika.exceptions import AMQPError

from forewarn.contracts.messages import OutageRevised
from forewarn.contracts.names import EVENTS_EXCHANGE, INTAKE_DEAD_QUEUE, INTAKE_QUEUE, PLAN, PLAN_QUEUE
from forewarn.contracts.policy import load_policy
from forewarn.runtime.broker import DEAD_ARGUMENTS, QuorumBroker, message, quorum_arguments
from forewarn.runtime.health import Health
from forewarn.runtime.http import Server, guard
from forewarn.runtime.killpoint import arm, killpoint
from forewarn.runtime.logs import logger, start_logs
from forewarn.runtime.policy import usable_policy
from forewarn.runtime.postgres import UNREACHABLE, Database
from forewarn.runtime.process import run_until_told
from forewarn.runtime.publisher import Publisher
from forewarn.runtime.reader import Delivery, Reader
from forewarn.runtime.settings import read_settings
from services.ingest.directory.routes import directory_routes
from services.ingest.directory.unsubscribe import unsubscribe_routes
from services.ingest.directory.webhook_secret import webhook_secret_routes
from services.ingest.dismissal import dismissal_routes
from services.ingest.door import Door, event_routes
from services.ingest.envelope import from_the_broker
from services.ingest.forgetting import forgetting
from services.ingest.intake import take
from services.ingest.metrics import EVENTS, INTAKE_LAG
from services.ingest.settings import IngestSettings
from services.ingest.sources import Heard
from services.ingest.store import Store

log = logger(__name__)

AWAY = (*UNREACHABLE, AMQPError, ConnectionClosed)


class Worker:
    """Door and intake in one process; `start` returns once both are on their way."""

    def __init__(self, settings: IngestSettings) -> None:
        self._settings = settings
        self._policy = load_policy(settings.policy_file)
        self._database = Database(
            settings.database_url.get_secret_value(),
            "forewarn_ingest",
            settings.delivery,
            settings.database_pool,
        )
        self._store = Store(self._database)
        self._broker = QuorumBroker(settings.rabbitmq_url.get_secret_value())
        self._publisher = Publisher(settings.door_rabbitmq_url.get_secret_value(), EVENTS_EXCHANGE)
        url = settings.rabbitmq_url.get_secret_value()
        self._reader = Reader(url, INTAKE_QUEUE, declare, self.take, AWAY)
        self._dead = Reader(url, INTAKE_DEAD_QUEUE, declare, self.bury, AWAY)
        self._forgetting = forgetting(self._database)
        self._server = Server(self._app(), settings.host, settings.door_port)
        self._health = Health(settings.host, settings.health_port, self._alive, self._ready)

    def start(self) -> None:
        arm(self._settings.kill_at)
        self._database.open()
        self._publisher.start()
        self._reader.start()
        self._dead.start()
        self._forgetting.start()
        self._server.start()
        log.info("started", door=self._server.port, health=self._health.port)

    def stop(self) -> None:
        self._server.stop()
        self._reader.stop()
        self._dead.stop()
        self._forgetting.stop()
        self._publisher.stop()
        self._broker.close()
        self._database.close()
        self._health.close()

    def take(self, delivery: Delivery) -> None:
        """Source, revise, commit, publish; the reader acks after."""
        heard = self._heard(delivery)
        taken = take(heard, self._store, self._policy)
        INTAKE_LAG.observe(max(0.0, (datetime.now(UTC) - heard.received_at).total_seconds()))
        killpoint("intake.committed")
        for outage_id in taken.outages:
            self._broker.enqueue(message(PLAN_QUEUE, PLAN, **OutageRevised(outage_id=outage_id).model_dump()))
        killpoint("intake.published")
        verdicts = taken.verdicts or ("failed",)
        for verdict in verdicts:
            EVENTS.labels(heard.format, verdict).inc()
        log.info("event_taken", event_id=heard.id, verdicts=list(verdicts), outages=list(taken.outages))

    def bury(self, delivery: Delivery) -> None:
        """An event that could not be carried out in a hundred tries is kept as failed."""
        heard = self._heard(delivery)
        with self._store() as record:
            if record.planned_by(heard.id) is None:
                record.note_failed(heard, "intake failed on it a hundred times; the log of ingest says how")
        EVENTS.labels(heard.format, "dead").inc()

    def _heard(self, delivery: Delivery) -> Heard:
        settings = self._settings
        return from_the_broker(delivery, settings.door_user, settings.worker_user, datetime.now(UTC))

    def _app(self) -> Any:
        settings = self._settings
        require = guard(self._database)
        door = Door(
            self._publisher.publish,
            self._policy,
            settings.body_cap_bytes,
            settings.confirm_seconds,
            now=lambda: datetime.now(UTC),
            new_id=lambda: uuid4().hex,
        )
        app = event_routes(door, self._database, require)
        app.include_router(dismissal_routes(self._database, require))
        app.include_router(directory_routes(self._database.begin, require))
        app.include_router(unsubscribe_routes(self._database.begin, self._policy.company.name))
        keys = [key.get_secret_value() for key in settings.webhook_keys]
        app.include_router(webhook_secret_routes(self._database.begin, require, keys))
        return app

    def _alive(self) -> bool:
        readers = self._reader.heartbeat.alive and self._dead.heartbeat.alive
        return readers and self._forgetting.alive and self._publisher.running and self._server.running

    def _ready(self) -> bool:
        return self._reader.ready and self._server.ready


def declare(channel: Any) -> None:
    """The exchange, the intake queue and its dead queue, as this version has them."""
    channel.exchange_declare(EVENTS_EXCHANGE, "fanout", durable=True)
    channel.queue_declare(INTAKE_DEAD_QUEUE, durable=True, arguments=DEAD_ARGUMENTS)
    channel.queue_declare(INTAKE_QUEUE, durable=True, arguments=quorum_arguments(INTAKE_DEAD_QUEUE))
    channel.queue_bind(INTAKE_QUEUE, EVENTS_EXCHANGE)


def start() -> None:
    """Run until SIGTERM."""
    start_logs("ingest")
    with usable_policy():
        worker = Worker(read_settings(IngestSettings))
    worker.start()
    run_until_told(worker.stop)


if __name__ == "__main__":
    start()
