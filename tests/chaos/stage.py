"""The stage: two dispatches and a crowd at rest in an empty house, and the incident that sets it going."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import orjson

from forewarn.dev.generate.directory import Directory, directory
from forewarn.dev.generate.files import WAYS, Format, header
from forewarn.dev.generate.people import people
from forewarn.dev.house import House
from tests.chaos.form import DISPATCHERS, Form
from tests.chaos.scene import Scene
from tests.chaos.trickle import Trickle

WEBHOOK = "webhook"
"""The worker of that channel, in houses that have one."""
INCIDENT = {"impact": "down", "severity": "critical", "cause": "A switch failed."}


@contextmanager
def staged(house: House, form: Form, seed: int) -> Iterator[Scene]:
    """Two dispatches and a crowd in an empty house, at rest; the second dispatch goes at the end."""
    made = directory(form.people, seed)
    trickle = Trickle(house, INCIDENT | {"components": [made.catalog.touching(1.0)]}, made.catalog.products[-5:])
    scene = Scene(house, form, Random(seed), trickle)
    scene.behave()
    first = house.workers["dispatch"]
    first.stop()
    first.start(**form.dispatch)
    hired = [house.hire(f"dispatch {n}") for n in range(2, DISPATCHERS + 1)]
    for worker in hired:
        worker.start(**form.dispatch)
    try:
        _import(house, made)
        for worker in house.workers.values():
            worker.wait_ready()
        yield scene
    finally:
        for n in range(2, DISPATCHERS + 1):
            house.workers.pop(f"dispatch {n}").kill()


def _import(house: House, made: Directory) -> None:
    """The generated company, and nobody sleeps: whoever is planned is told in the run."""
    awake = (row._replace(quiet_from="", quiet_to="") for row in people(made))
    rows = awake if WEBHOOK in house.workers else (row._replace(webhook="") for row in awake)
    csv = header(Format.CSV) + b"".join(WAYS[Format.CSV](row) for row in rows)
    for what, body in (("catalog", "---\n".join(made.catalog.documents()).encode()), ("people?format=csv", csv)):
        headers = {"Authorization": f"Bearer {house.tokens['oleg']}"}
        url = f"{house.door_url}/v1/directory/{what}"
        answer = house.http.request("PUT", url, body=body, headers=headers, timeout=120)
        if answer.status != 200 or orjson.loads(answer.data)["faulty"]:
            raise RuntimeError(f"the import of {what} failed: {answer.status} {answer.data[:500]!r}")


def incident(scene: Scene) -> None:
    """Dana reports what touches everybody; from now on it goes out, and events go on coming."""
    scene.began = time.time()
    scene.trickle.start()
