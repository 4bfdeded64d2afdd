"""Laws of lanes: an outage overtakes a running million, and the million goes on after it."""

import time
from collections.abc import Iterator
from pathlib import Path

import pika
import psycopg
import pytest

from benchmarks.costs import peak_mb
from forewarn.contracts.names import dispatch_queue
from forewarn.dev.house import House, furnished
from forewarn.dev.servers import private_servers
from forewarn.notice import Channel, Lane
from tests.support.home import Home, an_event, until
from tests.support.laws import accepted_once, planned_once

PER_SECOND = 250
CROWD, ROUNDS, OUTAGE = 20_000, 50, 1_000

COMPONENT = """
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {{name: {0}}}
spec: {{type: service, lifecycle: production, owner: "group:default/{0}-team", public_name: {0}}}
"""
ACCOUNT = """
apiVersion: forewarn/v1
kind: Account
metadata: {{name: {0}}}
spec: {{name: {0}, tier: free, country: DE, uses: [{1}]}}
"""
CATALOG = "---".join(
    [COMPONENT.format("news"), COMPONENT.format("pay"), ACCOUNT.format("crowd", "news"), ACCOUNT.format("few", "pay")]
)

ALL_IS_BULK = """
create function for_bulk() returns trigger language plpgsql as $$ begin new.lane := 'bulk'; return new; end $$;
create trigger for_bulk before insert on notice for each row execute function for_bulk();
"""
"""No occasion is bulk yet: these first notices stand for reminders."""


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[Home]:
    """A house of its own with two dispatchers on one cap, and nobody of either side's colleagues."""

    def unsaid(line: str) -> None: ...

    policy = {"delivery": {"email_per_second": PER_SECOND}}
    with (
        private_servers(tmp_path / "servers", unsaid, durable=False) as servers,
        furnished(servers, tmp_path / "house", unsaid, policy, email_provider="ses") as house,
    ):
        house.hire("dispatch 2").start()
        house.workers["dispatch 2"].wait_ready()
        yield Home(house)


def waiting(house: House, lane: Lane) -> int:
    """Batches that nobody has taken from the lane's queue yet."""
    connection = pika.BlockingConnection(pika.URLParameters(house.servers.urls.rabbitmq_worker))
    try:
        queue = dispatch_queue(Channel.EMAIL, lane)
        return int(connection.channel().queue_declare(queue, passive=True).method.message_count)
    finally:
        connection.close()


def told(home: Home, lane: Lane) -> int:
    """How many the ledger has as accepted."""
    letters = home.rows("select coalesce(string_agg(outcomes, ''), '') as all from batch where lane = %s", lane)
    return str(letters[0]["all"]).count("a")


def rate(home: Home, seconds: float = 8) -> float:
    """How many the provider takes in a second."""
    before, began = home.sandbox.count()["accepted"], time.monotonic()
    time.sleep(seconds)
    return (home.sandbox.count()["accepted"] - before) / (time.monotonic() - began)


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(400)
def test_an_outage_overtakes_a_million_that_drain_under_the_same_cap(busy: Home) -> None:
    """Real people, notices and batches: twenty thousand customers, each with fifty mails to come."""
    people = [f"c{n},customer,crowd,Reader {n},c{n}@crowd.example\n" for n in range(CROWD)]
    people += [f"f{n},customer,few,Reader {n},f{n}@few.example\n" for n in range(OUTAGE)]
    for path, body in (("catalog", CATALOG), ("people?format=csv", "id,role,accounts,name,email\n" + "".join(people))):
        status, report = busy.request("PUT", f"/v1/directory/{path}", body.encode())
        assert status == 200 and not report["faulty"], report["faults"]
    with psycopg.connect(busy.house.database_url) as connection:
        connection.execute(ALL_IS_BULK)
    for _ in range(ROUNDS):
        assert busy.post({"components": ["news"], "impact": "down", "severity": "minor"})[0] == 202
    until(lambda: waiting(busy.house, Lane.BULK) > 0.95 * CROWD * ROUNDS / 500, 120, "a million on the bulk queue")
    with psycopg.connect(busy.house.database_url) as connection:
        connection.execute("drop trigger for_bulk on notice")
    bulk_before = rate(busy)

    began = time.monotonic()
    assert busy.post({"components": ["pay"], "impact": "down", "severity": "critical"})[0] == 202
    until(lambda: told(busy, Lane.URGENT) == OUTAGE, 60, "everybody of the outage is told")
    seconds, backlog = time.monotonic() - began, waiting(busy.house, Lane.BULK)
    bulk_after = rate(busy)

    memory = max(peak_mb(busy.house.workers[name].pid or 0) for name in ("dispatch", "dispatch 2"))
    said = f"{seconds:.2f} s for {OUTAGE}; bulk {bulk_before:.0f}/s before, {bulk_after:.0f}/s after; {backlog} wait"
    said += f"; {memory:.0f} MB"
    print(f"\n{said}")  # noqa: T201
    assert backlog > 0.9 * CROWD * ROUNDS / 500, said
    assert 0.9 * PER_SECOND < bulk_before < 1.2 * PER_SECOND, said
    assert seconds <= OUTAGE / PER_SECOND + 2, said
    assert 0.9 * PER_SECOND < bulk_after < 1.2 * PER_SECOND, said
    assert memory < 150, said


@pytest.mark.slow
def test_a_dispatch_that_waits_for_permits_ends_at_once_and_loses_and_doubles_nobody(
    home: Home, tmp_path: Path
) -> None:
    slow = tmp_path / "policy.yaml"
    slow.write_text("delivery: {email_per_second: 20}\n")
    home.crowd(300)
    home.restart("dispatch", FOREWARN_POLICY_FILE=str(slow))
    home.post(an_event())
    home.sandbox.wait_for(30, 20)

    began = time.monotonic()
    home.house.workers["dispatch"].stop()

    assert time.monotonic() - began < 4, "what was left of the batch, 13 s of the cap, is handed on"
    assert home.sandbox.count()["accepted"] < 250
    home.comes_back("dispatch")
    home.accounted()
    assert len(accepted_once(home)) == planned_once(home)
