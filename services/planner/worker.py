"""The planner's worker: the only place where the planner is wired together."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import dramatiq
from dramatiq.errors import ConnectionClosed
from pika.exceptions import AMQPError

from forewarn.contracts.names import DEAD_QUEUE, EVENTS_EXCHANGE, PLAN_QUEUE, SETTLE_QUEUE, expand_queue
from forewarn.contracts.policy import BadPolicy, load_policy
from forewarn.notice import Channel, Lane
from forewarn.runtime import redis
from forewarn.runtime.broker import QuorumBroker, actors_alive, actors_ready
from forewarn.runtime.health import Health
from forewarn.runtime.http import Server, guard
from forewarn.runtime.killpoint import arm
from forewarn.runtime.ladder import HandOn
from forewarn.runtime.logs import logger, start_logs
from forewarn.runtime.policy import usable_policy
from forewarn.runtime.postgres import UNREACHABLE, Database
from forewarn.runtime.process import run_until_told
from forewarn.runtime.publisher import Publisher
from forewarn.runtime.reader import Delivery, Reader
from forewarn.runtime.settings import read_settings
from services.planner.actors import register
from services.planner.book import Shelf
from services.planner.calmed import Calmed
from services.planner.clock import Clock, Hands
from services.planner.compose import BadTexts, Composer
from services.planner.control import Control
from services.planner.dead import declare_dead, read_dead
from services.planner.depths import Depths
from services.planner.desk import Desk, desk_app
from services.planner.metrics import DEAD_LETTERS, DEBTS, SNAPSHOT_AT
from services.planner.outcomes import RecordedOutcomes
from services.planner.outgoing import Outgoing
from services.planner.owed import Debts
from services.planner.pager import Pager
from services.planner.pages import Pages
from services.planner.plan import Planner
from services.planner.ports import Moved
from services.planner.preview import Previews
from services.planner.settings import PlannerSettings
from services.planner.shown import DEAD_ACTORS
from services.planner.stops import Stops
from services.planner.uncalled import channel_at_zero
from services.planner.unplanned import Unplanned
from services.planner.watch import Watch
from services.planner.wheel import Wheel
from services.planner.windows import FrozenWindows

log = logger(__name__)

AWAY = (*UNREACHABLE, *redis.AWAY, AMQPError, ConnectionClosed)


class Worker:
    """Actors, clock and desk in one process."""

    def __init__(self, settings: PlannerSettings) -> None:
        self._settings = settings
        policy = load_policy(settings.policy_file)
        composer = Composer(settings.texts_dir)
        if policy.default_locale not in composer.locales:
            complete = ", ".join(sorted(composer.locales))
            raise BadPolicy(f"default_locale: {policy.default_locale!r} has no complete texts; there are: {complete}")
        url = settings.rabbitmq_url.get_secret_value()
        self._database = Database(
            settings.database_url.get_secret_value(),
            "forewarn_planner",
            settings.delivery,
            settings.database_pool,
            trusted_seconds=0.5,
        )
        self._broker = QuorumBroker(url, HandOn())
        self._events = Publisher(url, EVENTS_EXCHANGE)
        self._outgoing = Outgoing(self._broker, self._events)
        marks = redis.connect(settings.redis_url.get_secret_value())
        control = Control(self._database, marks)
        self._pager = Pager(self._database, marks, policy.communication, settings.debt_seconds)
        windows = FrozenWindows(self._database, policy, settings.sweep)
        self._stops = Stops(self._database, control, policy, windows, settings.pull_seconds)
        self._planner = Planner(Shelf(self._database, settings.delivery, policy, settings.debt), composer, policy)
        calmed = Calmed(self._database, policy.episodes)
        unplanned = Unplanned(self._database, settings.debt_seconds, settings.debt_longest_seconds)
        self._debts = Debts(self._database, settings, policy, control, self._stops, calmed, unplanned)
        hands = Hands(
            plan=self._outgoing.plan,
            due=self._outgoing.due,
            body=self._outgoing.body,
            bodies=self._outgoing.bodies,
            advance=self._advance,
            moved=self._moved,
            pull=self._pull,
            settle=self._outgoing.calm,
            page=self._page,
        )
        self._clock = Clock(control.refresh, self._debts, hands, settings.tick_seconds, AWAY, noted)
        register(self._broker, self._planner, windows, RecordedOutcomes(self._database), hands)
        self._dead = Reader(url, DEAD_QUEUE, declare_dead, self.bury, AWAY)
        self._watch = Watch(self._database, Depths(url), AWAY)
        pages, require = Pages(self._database, settings.delivery, policy), guard(self._database)
        wheel = Wheel(self._database, settings.delivery, control.refresh, self._advance, AWAY)
        previews = Previews(self._database, settings.delivery, policy, composer)
        app = desk_app(Desk(pages, wheel, previews, require, control.age_seconds))
        self._server = Server(app, settings.host, settings.desk_port)
        self._actors = dramatiq.Worker(self._broker, queues=QUEUES, worker_threads=settings.threads)
        self._health = Health(settings.host, settings.health_port, self._alive, self._ready)

    def start(self) -> None:
        arm(self._settings.kill_at)
        for channel in Channel:
            channel_at_zero(channel)
        self._database.open()
        self._events.start()
        self._clock.snapshot()  # a database older than Redis must be paused before anything of it is published
        self._clock.start()
        self._watch.start()
        self._actors.start()
        self._dead.start()
        self._server.start()
        log.info("started", desk=self._server.port, health=self._health.port)

    def stop(self) -> None:
        self._server.stop()
        self._clock.stop()
        self._watch.stop()
        self._actors.stop(timeout=self._settings.shutdown_seconds * 1000)
        self._outgoing.stop()
        self._dead.stop()
        self._events.stop()
        self._broker.close()
        self._database.close()
        self._health.close()

    def bury(self, delivery: Delivery) -> None:
        """Read a dead letter: a batch gets its last word, all else is a debt in a row already."""
        actor, batch_id, turn = read_dead(delivery.body)
        if batch_id is not None:
            settled = self._debts.bury(batch_id, turn)
            if settled is not None:
                self._advance(settled.outage_id)
        DEAD_LETTERS.labels(actor if actor in DEAD_ACTORS else "other").inc()
        log.error("dead_letter", actor=actor)

    def _advance(self, outage_id: int) -> None:
        self._moved(self._planner.plan(outage_id))

    def _moved(self, moved: Moved) -> None:
        if moved.stopped:
            self._clock.snapshot()  # a stop counts at once
        for due in moved.due:
            self._outgoing.due(due)
        self._outgoing.openings(moved.openings)

    def _pull(self, notice_id: str, channel: str) -> None:
        outage_id = self._stops.pull(notice_id, channel)
        if outage_id is not None:
            self._advance(outage_id)

    def _page(self) -> None:
        self._outgoing.pages(self._pager.due())

    def _alive(self) -> bool:
        loops = self._clock.alive and self._watch.alive and self._dead.heartbeat.alive
        return loops and actors_alive(self._actors) and self._events.running and self._server.running

    def _ready(self) -> bool:
        return self._dead.ready and actors_ready(self._actors) and self._server.ready


QUEUES = {PLAN_QUEUE, SETTLE_QUEUE, *(expand_queue(lane) for lane in Lane)}


def noted(what: str, count: int) -> None:
    """The clock's work as metrics."""
    if what == "snapshot":
        SNAPSHOT_AT.set_to_current_time()
    else:
        DEBTS.labels(what).inc(count)


@contextmanager
def usable_texts() -> Iterator[None]:
    """Turn BadTexts into a line on stderr and exit code 2, as a faulty policy is."""
    try:
        yield
    except BadTexts as bad:
        sys.stderr.write(f"The texts cannot be used: {bad}\n")
        raise SystemExit(2) from None


def start() -> None:
    """Run until SIGTERM."""
    start_logs("planner")
    with usable_policy(), usable_texts():
        worker = Worker(read_settings(PlannerSettings))
    worker.start()
    run_until_told(worker.stop)


if __name__ == "__main__":
    start()
