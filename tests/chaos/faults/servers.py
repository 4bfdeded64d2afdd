"""Servers that die, with their data or without, and connections that fall."""

import shutil
import time

from tests.chaos.evidence import told_in_the_ledger
from tests.chaos.faults.fault import Fault
from tests.chaos.heard import told_by_the_provider
from tests.chaos.scene import Scene, again

NOT_SETTLED = "accepted and not settled when Redis was lost"
AWAY_SECONDS = (0.5, 3.0)


def kill_rabbitmq(scene: Scene) -> None:
    scene.at(0.3)
    _down_and_up(scene, scene.house.servers.rabbitmq)


def cut_connections(scene: Scene) -> None:
    for _ in scene.strikes():
        scene.cut_connections()


def kill_postgres(scene: Scene) -> None:
    scene.at(0.3)
    _down_and_up(scene, scene.house.servers.postgres)


def kill_redis(scene: Scene) -> None:
    """Its file of appended writes stays."""
    scene.at(0.3)
    _down_and_up(scene, scene.house.servers.redis)


def lose_redis(scene: Scene) -> None:
    """Killed, and its file is gone with it: whoever was accepted and not settled by then may be told again."""
    scene.at(0.4)
    _lose(scene)


def _lose(scene: Scene) -> None:
    server = scene.house.servers.redis
    server.kill()
    in_ledger = told_in_the_ledger(scene.house.database_url)
    shutil.rmtree(server.directory / "appendonlydir", ignore_errors=True)  # type: ignore[union-attr]
    time.sleep(scene.form.latency_ms / 1000 + 0.5)  # what was in the air ends; nothing begins without Redis
    scene.may_be_doubled |= told_by_the_provider(scene.house.sandbox.acceptances()) - in_ledger
    server.start()


def lose_redis_and_dispatch(scene: Scene) -> None:
    """Whoever knows what was answered dies with it."""
    scene.at(0.4)
    for worker in scene.dispatchers:
        worker.kill()
    _lose(scene)
    for worker in scene.dispatchers:
        again(worker)
        worker.wait_ready()


def _down_and_up(scene: Scene, server: object) -> None:
    server.kill()  # type: ignore[attr-defined]
    time.sleep(scene.rng.uniform(*AWAY_SECONDS))
    server.start()  # type: ignore[attr-defined]


SERVERS = (
    Fault("RabbitMQ killed", kill_rabbitmq),
    Fault("connections cut", cut_connections),
    Fault("PostgreSQL killed", kill_postgres),
    Fault("Redis killed, data kept", kill_redis),
    Fault("Redis killed, data lost", lose_redis, NOT_SETTLED),
    Fault("Redis lost, dispatches killed", lose_redis_and_dispatch, NOT_SETTLED),
)
