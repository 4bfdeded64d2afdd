"""Death at every arrow: a worker ends itself at a named point, the first time or some time later."""

from functools import partial

from tests.chaos.air import unanswered_for_good
from tests.chaos.faults.death import arm, dies
from tests.chaos.faults.fault import IN_THE_AIR, NOBODY, Fault
from tests.chaos.scene import Scene, again

POINTS = {
    "intake.committed": ("ingest", 3),
    "intake.published": ("ingest", 3),
    "plan.committed": ("planner", 3),
    "plan.published": ("planner", 3),
    "expand.committed": ("planner", 3),
    "expand.published": ("planner", 3),
    "settle.committed": ("planner", 9),
    "send.begun": ("dispatch", 20),
    "send.answered": ("dispatch", 20),
    "send.called": ("dispatch", 4),
    "send.published": ("dispatch", 4),
}
"""Whose they are, and up to which passing the seed may choose."""


def prepare(point: str, scene: Scene) -> None:
    service, most = POINTS[point]
    passing = scene.notes["passing"] = scene.rng.randint(1, most)
    arm(service, f"{point}@{passing}", {}, scene)


def strike(point: str, scene: Scene) -> None:
    service, _ = POINTS[point]
    worker = scene.house.workers[service]
    dies(scene, worker)
    if service == "dispatch":
        scene.may_be_doubled |= unanswered_for_good(scene)
    again(worker)
    worker.wait_ready()


ARROWS = tuple(
    Fault(
        f"death at {point}",
        partial(strike, point),
        IN_THE_AIR if service == "dispatch" else NOBODY,
        prepare=partial(prepare, point),
    )
    for point, (service, _) in POINTS.items()
)
