"""Workers that die, are told to stop, or stand still."""

import os
import signal
import time

from forewarn.dev.workers import Worker
from tests.chaos.air import unanswered_for_good
from tests.chaos.faults.fault import IN_THE_AIR, Fault
from tests.chaos.form import CALL
from tests.chaos.scene import Scene, TooLate, again

STANDS_STILL_SECONDS = 14
"""Longer than a lease (10 s), so that somebody else takes over in the middle of a batch."""
GRACE_SECONDS = 19
"""What is left after that ends by SIGKILL (forewarn/dev/workers.py)."""
SLOW_MS = 3_000
"""So long that the calls at once stay below every cap, and nobody ever waits for a permit."""
ONE_CALL_SECONDS = SLOW_MS / 1000 + 6
"""To end the call that is in the air and hand on the rest of its batch, which has some calls more."""


def kill_ingest(scene: Scene) -> None:
    for _ in scene.strikes():
        _kill(scene, scene.house.workers["ingest"])


def kill_planner(scene: Scene) -> None:
    """The first time while it plans and freezes, then while outcomes come in."""
    time.sleep(scene.rng.uniform(0.05, 0.8))
    _kill(scene, scene.house.workers["planner"])
    for _ in scene.strikes():
        _kill(scene, scene.house.workers["planner"])


def kill_dispatch(scene: Scene) -> None:
    """Each of them at each strike, one after the other."""
    for _ in scene.strikes():
        for worker in scene.rng.sample(scene.dispatchers, len(scene.dispatchers)):
            worker.kill()
            scene.may_be_doubled |= unanswered_for_good(scene)
            again(worker)
            worker.wait_ready()


def kill_everybody(scene: Scene) -> None:
    """All workers at once, as a machine's reboot ends them, but for the servers."""
    for _ in scene.strikes():
        for worker in scene.house.workers.values():
            worker.kill()
        scene.may_be_doubled |= unanswered_for_good(scene)
        for worker in scene.house.workers.values():
            again(worker)
        for worker in scene.house.workers.values():
            worker.wait_ready()


def drain(scene: Scene) -> None:
    """SIGTERM to each dispatch at each strike: it ends what it has begun, and nobody is told twice."""
    for _ in scene.strikes():
        _drain_all(scene, GRACE_SECONDS)


def slow(scene: Scene) -> None:
    """Each call takes three seconds, half of them before it is written down."""
    scene.behave(latency_ms=SLOW_MS / 2, lag_ms=SLOW_MS / 2)


def drain_slow(scene: Scene) -> None:
    """SIGTERM when the first call of each batch is in the air: none begins another one."""
    scene.until(lambda: scene.accepted >= CALL, scene.form.patience_seconds, "the first call")
    _drain_all(scene, ONE_CALL_SECONDS)


def _drain_all(scene: Scene, within: float) -> None:
    """SIGTERM to one dispatch after the other. Raises TooLate for one that takes more than so many seconds."""
    for worker in scene.dispatchers:
        began = time.monotonic()
        worker.stop()
        took = time.monotonic() - began
        again(worker)
        worker.wait_ready()
        scene.notes["longest_drain_seconds"] = max(round(took, 1), scene.notes.get("longest_drain_seconds", 0.0))
        if took > within:
            raise TooLate(f"a dispatch took {took:.1f} s to drain, where {within:.0f} are enough")


def take_over(scene: Scene) -> None:
    """One dispatch stands still and its connections fall: another takes its batches over, then the first wakes up."""
    scene.at(0.3)
    still = scene.rng.choice(scene.dispatchers)
    assert still.pid is not None
    os.kill(still.pid, signal.SIGSTOP)
    try:
        scene.may_be_doubled |= unanswered_for_good(scene)
        scene.cut_connections()
        time.sleep(STANDS_STILL_SECONDS)
    finally:
        os.kill(still.pid, signal.SIGCONT)


def _kill(scene: Scene, worker: Worker) -> None:
    worker.kill()
    time.sleep(scene.rng.uniform(0.0, 1.0))
    again(worker)
    worker.wait_ready()


WORKERS = (
    Fault("kill -9 ingest", kill_ingest),
    Fault("kill -9 planner", kill_planner),
    Fault("kill -9 each dispatch", kill_dispatch, IN_THE_AIR),
    Fault("kill -9 all workers", kill_everybody, IN_THE_AIR),
    Fault("SIGTERM each dispatch", drain),
    Fault("SIGTERM, the provider slow", drain_slow, prepare=slow),
    Fault("a second consumer takes over", take_over, "calls in the air when their caller stood still"),
)
