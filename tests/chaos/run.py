"""One run: the scene is set, the incident goes out, the fault strikes, all is put right, and the evidence is read."""

import time
from dataclasses import asdict, dataclass
from typing import Any

from forewarn.dev.house import House
from tests.chaos.evidence import Evidence, compared
from tests.chaos.faults import Fault
from tests.chaos.form import Form
from tests.chaos.heard import taken_without_an_answer
from tests.chaos.scene import Scene, TooLate
from tests.chaos.stage import incident, staged

SETTLED_SECONDS = 1.0
"""What is still under way when everybody is accounted for would be seen as a double."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one run; `broken` is empty when every promise held."""

    fault: str
    form: str
    seed: int
    may_be_doubled: str
    evidence: Evidence
    broken: tuple[str, ...]
    notes: dict[str, Any]
    whole_seconds: float

    @property
    def line(self) -> dict[str, Any]:
        """As one JSON object."""
        return asdict(self) | {"accounted": self.evidence.accounted, "kept": not self.broken, "at": int(time.time())}


def run(house: House, fault: Fault, form: Form, seed: int) -> Result:
    """Run the fault in an empty house. Raises nothing for a broken promise: the result tells."""
    entered = time.monotonic()
    with staged(house, form, seed) as scene:
        fault.prepare(scene)
        incident(scene)
        broken = [*_tried(scene, fault), *_come_to_rest(scene)]
        evidence = _read(scene)
        sweeps = scene.rows("select coalesce(max(sweep_no), 0) as most from batch")[0]["most"]
        notes = scene.notes | {"sweeps": sweeps}
    whole = round(time.monotonic() - entered, 1)
    broken = [*evidence.broken, *broken]
    return Result(fault.name, form.name, seed, fault.may_be_doubled, evidence, tuple(broken), notes, whole)


def _tried(scene: Scene, fault: Fault) -> list[str]:
    """Strike, and put everything right again, come what may."""
    try:
        fault.strike(scene)
    except TooLate as late:
        return [str(late)]
    finally:
        scene.behave()
        scene.all_up()
    return []


def _come_to_rest(scene: Scene) -> list[str]:
    try:
        scene.trickle.stop()
        scene.heard()
        scene.accounted()
    except (TooLate, TimeoutError) as late:
        return [str(late)]
    time.sleep(SETTLED_SECONDS)
    return []


def _read(scene: Scene) -> Evidence:
    sandbox = scene.house.sandbox
    unanswered = (taken_without_an_answer(sandbox.record, between) for between in scene.unanswered)
    return compared(
        scene.house.database_url,
        list(sandbox.acceptances()),
        scene.began,
        scene.may_be_doubled.union(*unanswered),
        scene.repeats_allowed,
        scene.trickle.confirmed,
        scene.silent,
        scene.may_end,
    )
