"""A fault: its name, what it does to a scene, and by which words of DELIVERY §7 somebody may be told twice."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.chaos.scene import Scene

NOBODY = "nobody"
IN_THE_AIR = "calls in the air when their caller died"


def nothing(scene: Scene) -> None:
    """Most faults need no preparation."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`strike` begins when the incident is out and returns when the fault is over; what it learns is in the scene.

    `prepare` runs before the incident.
    """

    name: str
    strike: Callable[[Scene], None]
    may_be_doubled: str = NOBODY
    prepare: Callable[[Scene], None] = nothing
