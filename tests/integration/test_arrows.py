"""Die at every arrow: whatever ends a worker, everybody is planned once, told once and accounted for."""

import orjson
import pytest
import redis

from forewarn.contracts.names import PLAN_QUEUE, SETTLE_QUEUE, dispatch_queue, expand_queue, lease_key, rung
from forewarn.notice import Channel, Lane
from tests.support.home import Home, an_event
from tests.support.laws import accepted_once, planned_once
from tests.support.queues import empty

URGENT = dispatch_queue(Channel.EMAIL, Lane.URGENT)
QUEUES = [PLAN_QUEUE, expand_queue(Lane.URGENT), URGENT, rung(2), rung(5), SETTLE_QUEUE]

ARROWS = [
    ("ingest", "intake.committed"),
]

THE_OTHERS = [
    ("planner", "expand.committed"),
    ("planner", "plan.committed"),
    ("dispatch", "send.called"),
    ("ingest", "intake.published"),
    ("planner", "plan.published"),
    ("planner", "expand.published"),
    ("planner", "settle.committed"),
    ("dispatch", "send.published"),
]

DEATHS = [
    *(pytest.param(*arrow, id=arrow[1]) for arrow in ARROWS),
    *(pytest.param(*arrow, id=arrow[1], marks=pytest.mark.slow) for arrow in THE_OTHERS),
]


@pytest.mark.parametrize(("service", "point"), DEATHS)
def test_a_death_there_loses_nobody_and_doubles_nobody(home: Home, service: str, point: str) -> None:
    home.import_demo()
    worker = home.house.workers[service]
    worker.kill()

    worker.start(FOREWARN_KILL_AT=point, FOREWARN_THREADS="1")  # one: at its death no call is in the air elsewhere
    home.publish(orjson.dumps(an_event(source="monitoring", key="cards")), message_id="cards-1")
    home.dies(service, 30)
    worker.kill()  # nothing of it is left
    if point == "send.published":
        ten_seconds_pass(home)  # after "send.called" they pass indeed
    worker.start()

    home.sandbox.wait_for(12, 45)
    letters = home.accounted()
    empty(home, *QUEUES)  # what came again after the death has found that all is done
    assert letters == "a" * 12
    assert planned_once(home) == 12
    assert len({mail.recipients[0] for mail in accepted_once(home)}) == 12


def ten_seconds_pass(home: Home) -> None:
    """Every lease lapses."""
    with redis.Redis.from_url(home.house.servers.urls.redis) as client:
        client.delete(*[lease_key(row["id"]) for row in home.rows("select id from batch")])
