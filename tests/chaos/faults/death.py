"""Death at a named point: a worker that is armed ends itself there, and comes back without it."""

from collections.abc import Mapping

from forewarn.dev.workers import Worker
from tests.chaos.scene import Scene, again


def arm(name: str, point: str, settings: Mapping[str, str], scene: Scene) -> None:
    """Start the worker again with the point (`name@n` for its n-th passing) and these settings."""
    worker = scene.house.workers[name]
    worker.stop()
    worker.start(**{**worker.extra, **settings, "FOREWARN_KILL_AT": point})
    worker.wait_ready()


def dies(scene: Scene, worker: Worker) -> None:
    """Wait for its death. Raises TooLate."""
    scene.until(lambda: not worker.running, scene.form.patience_seconds, f"the death of {worker.service}")
    worker.kill()  # nothing of it is left


def comes_back(scene: Scene, worker: Worker) -> None:
    """Wait for its death and start it again."""
    dies(scene, worker)
    again(worker)
    worker.wait_ready()
