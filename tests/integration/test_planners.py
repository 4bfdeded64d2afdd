"""Two planners at once: what both find is planned once, and nobody falls between them."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from forewarn.delivery import tally
from forewarn.dev.servers.place import free_ports
from forewarn.dev.workers import Worker
from tests.support.home import Home, an_event
from tests.support.laws import accepted_once, planned_once

PEOPLE, UNSUBSCRIBED = 2_200, 1_100
ACCOUNTS = ("nordwind", "kranich", "tilda")


@pytest.fixture
def second_planner(home: Home, tmp_path: Path) -> Iterator[Worker]:
    (desk,) = free_ports(1)
    worker = Worker("planner", {**home.house.environment, "FOREWARN_DESK_PORT": str(desk)}, tmp_path / "planner.log")
    worker.start()
    worker.wait_ready()
    yield worker
    worker.kill()


@pytest.mark.slow
def test_two_planners_plan_everybody_once(home: Home, second_planner: Worker) -> None:
    home.import_demo()
    lines = [f"g{n},customer,{ACCOUNTS[n % 3]},Reader {n},reader{n}@crowd.example\n" for n in range(PEOPLE)]
    people = "id,role,accounts,name,email\n" + "".join(lines)
    status, report = home.request("PUT", "/v1/directory/people?format=csv", people.encode())
    assert status == 200 and report["added"] == PEOPLE, report
    home.run(
        "insert into suppression (subscriber_id, channel, reason)"
        " select subscriber_id, 'email', 'unsubscribed' from address where address like %s limit %s",
        "reader%", UNSUBSCRIBED,
    )  # fmt: skip

    home.post(an_event())
    home.sandbox.wait_for(100, 30)
    home.told({"about": "INC-1", "status": "identified", "cause": "A full disk."})

    letters = tally(home.accounted(90))
    everybody, told = PEOPLE + 12, PEOPLE + 12 - UNSUBSCRIBED
    assert planned_once(home) == letters.planned == 2 * everybody
    assert letters.suppressed == 2 * UNSUBSCRIBED
    assert letters.accepted == letters.planned - letters.suppressed
    mails = accepted_once(home)
    assert len(mails) == letters.accepted
    assert Counter(Counter(mail.recipients[0] for mail in mails).values()) == {2: told}
    assert second_planner.running
