"""What no server does by itself: every queue emptied by a hand, the whole machine gone and back."""

import time
from functools import partial

import pika
from pika.exceptions import ChannelClosedByBroker

from forewarn.contracts.names import DEAD_QUEUE, INTAKE_DEAD_QUEUE, INTAKE_QUEUE, QUEUES
from tests.chaos.air import unanswered_for_good
from tests.chaos.faults.death import arm, comes_back
from tests.chaos.faults.fault import IN_THE_AIR, Fault
from tests.chaos.scene import Scene, again

SWEEP = {"FOREWARN_SWEEP_SECONDS": "6"}
"""Instead of ten minutes: most batches are swept while they are being sent, which must be harmless."""
OURS = [queue for queue in QUEUES if queue not in (INTAKE_QUEUE, INTAKE_DEAD_QUEUE, DEAD_QUEUE)]


def sweep_soon(scene: Scene) -> None:
    planner = scene.house.workers["planner"]
    planner.stop()
    planner.start(**{**planner.extra, **SWEEP})
    planner.wait_ready()


def purge(scene: Scene) -> None:
    """Whatever the workers told each other and nobody has taken yet is gone; what is theirs stands in rows.

    What is lost again and again is sent again ever later: after 3, 9, 21, then 45 times what its lane needs by then.
    """
    scene.patience = 3
    for _ in scene.strikes():
        _empty(scene)


def purge_and_die(scene: Scene) -> None:
    """The clock takes on what is owed, and dies over it."""
    scene.at(0.3)
    _empty(scene)
    comes_back(scene, scene.house.workers["planner"])


def _empty(scene: Scene) -> None:
    """Each dispatch ends in its own way meanwhile, so that what it held stands on the queues."""
    for worker in scene.dispatchers:
        worker.stop()
    with pika.BlockingConnection(pika.URLParameters(scene.house.servers.urls.rabbitmq_worker)) as broker:
        scene.notes["purged"] = scene.notes.get("purged", 0) + sum(_purged(broker, queue) for queue in OURS)
    for worker in scene.dispatchers:
        again(worker)
        worker.wait_ready()


def reboot(scene: Scene) -> None:
    """Workers and servers at once; what was written stays."""
    scene.at(0.4)
    servers = scene.house.servers
    for part in (*scene.house.workers.values(), servers.rabbitmq, servers.redis, servers.postgres):
        part.kill()
    time.sleep(scene.rng.uniform(0.5, 2.0))
    for server in (servers.redis, servers.postgres, servers.rabbitmq):
        server.start()
    scene.may_be_doubled |= unanswered_for_good(scene)
    for worker in scene.house.workers.values():
        again(worker)
    for worker in scene.house.workers.values():
        worker.wait_ready()


def _purged(broker: pika.BlockingConnection, queue: str) -> int:
    channel = broker.channel()
    try:
        return int(channel.queue_purge(queue).method.message_count)
    except ChannelClosedByBroker as fault:
        if fault.reply_code == 404:  # nobody has needed it yet
            return 0
        raise


def _dies_at(point: str) -> Fault:
    return Fault(f"queues purged, death at {point}", purge_and_die, prepare=partial(arm, "planner", point, SWEEP))


LOSSES = (
    Fault("queues purged", purge, prepare=sweep_soon),
    _dies_at("debt.claimed"),
    _dies_at("debt.published"),
    Fault("the machine reboots", reboot, IN_THE_AIR),
)
