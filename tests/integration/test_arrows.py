"""Die at every arrow: whatever ends a worker, everybody is planned once, told once and accounted for."""

import orjson
import pytest

from tests.support.home import Home, an_event
from tests.support.laws import accepted_once, planned_once

ARROWS = [
    ("ingest", "intake.committed"),
    ("ingest", "intake.published"),
    ("planner", "plan.committed"),
    ("planner", "plan.published"),
    ("planner", "expand.committed"),
    ("planner", "expand.published"),
    ("planner", "settle.committed"),
    ("dispatch", "send.called"),
    ("dispatch", "send.published"),
]


@pytest.mark.parametrize("service, point", ARROWS, ids=[point for _, point in ARROWS])
def test_a_death_there_loses_nobody_and_doubles_nobody(home: Home, service: str, point: str) -> None:
    home.import_demo()
    worker = home.house.workers[service]
    worker.kill()

    worker.start(FOREWARN_KILL_AT=point)  # it finds its work while it starts: nobody waits until it is ready
    home.publish(orjson.dumps(an_event(source="monitoring", key="cards")), message_id="cards-1")
    home.dies(service)
    worker.start()

    home.sandbox.wait_for(12, 30)
    letters = home.accounted()
    assert letters == "a" * 12
    assert planned_once(home) == 12
    assert len({mail.recipients[0] for mail in accepted_once(home)}) == 12
