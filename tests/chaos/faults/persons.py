"""A person's hand on the wheel while workers die: a pause holds, and an end overtakes what goes out."""

import time
from functools import partial

import orjson

from forewarn.delivery import Reason
from tests.chaos.air import unanswered_for_good
from tests.chaos.faults.death import arm, comes_back
from tests.chaos.faults.fault import IN_THE_AIR, Fault
from tests.chaos.scene import Scene, again

PAUSE_SECONDS = 2.0
"""From a pause to the last call that begins (DELIVERY §4)."""
PAUSED_SECONDS = 5.0
UNTOLD = "select sum(length(outcomes) - length(replace(outcomes, '.', '')))::int as people from batch"


def pause(scene: Scene) -> None:
    """Everybody dies during a pause; nothing leaves until it is lifted."""
    scene.at(0.3)
    _ask(scene, "/v1/sending/pause", {"reason": "chaos"}, desk=True)
    silent_from = time.time() + PAUSE_SECONDS + scene.form.latency_ms / 1000
    _kill_all(scene)
    time.sleep(max(0.0, silent_from - time.time()) + PAUSED_SECONDS)
    scene.silent.append((silent_from, time.time()))
    _ask(scene, "/v1/sending/resume", {"reason": "chaos"}, desk=True)


def resolve(scene: Scene) -> None:
    """It is over while the first words go out: they are stopped, and whoever was told hears of the end."""
    _resolved(scene)
    time.sleep(scene.rng.uniform(0.0, 2.0))
    _kill_all(scene)


def resolve_and_die(scene: Scene) -> None:
    """The planner dies in the middle of ending what was stopped."""
    _resolved(scene)
    comes_back(scene, scene.house.workers["planner"])


def _resolved(scene: Scene) -> None:
    """Whoever has not been told by now may hear nothing more."""
    scene.at(0.35)
    scene.may_end[Reason.SUPERSEDED] = scene.rows(UNTOLD)[0]["people"]
    _ask(scene, "/v1/events", {"about": "INC-1", "status": "resolved"})


def _kill_all(scene: Scene) -> None:
    workers = [worker for name, worker in scene.house.workers.items() if name != "ingest"]
    for worker in workers:
        worker.kill()
    scene.may_be_doubled |= unanswered_for_good(scene)
    for worker in workers:
        again(worker)
    for worker in workers:
        worker.wait_ready()


def _ask(scene: Scene, path: str, body: dict[str, str], desk: bool = False) -> None:
    status, answer = scene.house.request("POST", path, orjson.dumps(body), "dana", desk=desk)
    if status not in (200, 202):
        raise RuntimeError(f"{path} said {status}: {answer}")


PERSONS = (
    Fault("paused, and workers killed", pause, IN_THE_AIR),
    Fault("resolved half-way, and workers killed", resolve, IN_THE_AIR),
    Fault("resolved half-way, death at pull.ended", resolve_and_die, prepare=partial(arm, "planner", "pull.ended", {})),
)
