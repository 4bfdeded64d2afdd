"""A dead letter has the last word on a batch only while no newer copy of its message lives."""

from collections.abc import Iterator

import pytest

from forewarn.contracts.names import marks_key, turn_key
from forewarn.dev.servers import Servers
from forewarn.runtime.postgres import Database
from forewarn.runtime.redis import connect
from services.planner.control import Control

BATCH = 990_001


@pytest.fixture
def control(servers: Servers, database: str) -> Iterator[Control]:
    client = connect(servers.urls.redis)
    yield Control(Database(database, "forewarn_planner", "sandbox", 2), client)
    client.delete(marks_key(BATCH), turn_key(BATCH))
    client.close()


def test_a_dead_letter_ends_what_is_open(control: Control, servers: Servers) -> None:
    connect(servers.urls.redis).set(marks_key(BATCH), "a.?!")

    assert control.bury(BATCH, 4, turn=0) == "aDuu"


def test_a_dead_letter_of_an_older_turn_ends_nothing(control: Control, servers: Servers) -> None:
    client = connect(servers.urls.redis)
    client.set(marks_key(BATCH), "a.")
    client.set(turn_key(BATCH), "1000")

    assert control.bury(BATCH, 2, turn=3) is None
    assert client.get(marks_key(BATCH)) == "a."
