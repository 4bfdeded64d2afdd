"""What failed is kept with its bytes for a week, and with its reason for good."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from forewarn.runtime.postgres import Database
from services.ingest.door import Forgotten, failed_event
from services.ingest.forgetting import KEPT, forget
from services.ingest.sources import Heard
from services.ingest.store import Store
from tests.support.home import Home, until

BODY = b'{"components": "hanna.vogel@nordwind.example"'


@pytest.fixture
def ingest(database: str) -> Iterator[Database]:
    here = Database(database, "forewarn_ingest", "sandbox", 2)
    here.open()
    yield here
    here.close()


def fails(ingest: Database, event_id: str = "e1", body: bytes = BODY) -> None:
    heard = Heard(event_id, "event-v1", body, datetime.now(UTC), "people", "dana", "communicator")
    with Store(ingest)() as record:
        record.note_failed(heard, "not JSON")


def ages(url: str, age: timedelta) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("update failed set at = clock_timestamp() - %s", (age,))


def kept(ingest: Database) -> list[dict[str, object]]:
    with ingest.begin() as connection:
        return connection.execute(
            "select reason, body, tries, forgotten_at is not null as forgotten from failed"
        ).fetchall()


def test_before_a_week_is_over_a_failed_event_can_be_replayed(ingest: Database, database: str) -> None:
    fails(ingest)
    ages(database, timedelta(days=6, hours=23, minutes=45))

    assert forget(ingest) == 0
    replayed = failed_event(ingest, "e1")
    assert isinstance(replayed, Heard) and replayed.body == BODY


def test_after_a_week_its_reason_is_kept_and_its_bytes_are_gone(ingest: Database, database: str) -> None:
    fails(ingest)
    ages(database, KEPT)

    assert (forget(ingest), forget(ingest)) == (1, 0)
    assert kept(ingest) == [{"reason": "not JSON", "body": b"", "tries": 1, "forgotten": True}]
    assert isinstance(failed_event(ingest, "e1"), Forgotten)


def test_what_is_sent_again_after_it_was_forgotten_is_kept_anew_for_a_week(ingest: Database, database: str) -> None:
    fails(ingest)
    ages(database, KEPT)
    forget(ingest)

    fails(ingest, body=b"again")

    assert forget(ingest) == 0
    assert kept(ingest) == [{"reason": "not JSON", "body": b"again", "tries": 2, "forgotten": False}]


@pytest.mark.slow
def test_what_is_forgotten_is_shown_but_replayed_no_more(home: Home) -> None:
    home.request("POST", "/v1/events", b"hanna.vogel@nordwind.example", "dana")
    (failed,) = until(lambda: home.desk("/v1/failed"), what="the failed event")
    home.run("update failed set at = at - interval '7 days'")
    home.restart("ingest")

    status, answer = home.request("POST", f"/v1/failed/{failed['id']}/replay")

    assert (status, "seven days" in answer["reason"]) == (410, True)
    assert home.desk(f"/v1/failed/{failed['id']}")["body"] == ""
    assert home.desk("/v1/status")["failed_events"] == 0
