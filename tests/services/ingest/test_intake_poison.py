"""What breaks a server or a library on the way stops nothing else."""

from collections.abc import Iterator

import pika
import pytest

from tests.services.ingest.monitoring import RawHeaders, in_milliseconds, nested, publish
from tests.services.ingest.telling import a_machine_s, failed, monitoring_url, tell, verdicts
from tests.support.home import Home, an_alert, until


def test_a_header_that_python_cannot_hold_stops_nothing(home: Home) -> None:
    tables = (in_milliseconds(1_795_000_000_000), nested(3_000))
    publish(monitoring_url(home), [(a_machine_s(key=str(n)), RawHeaders(table)) for n, table in enumerate(tables)])

    tell(home, a_machine_s(key="next"))

    assert verdicts(home) == ["opened"] * 3


def test_a_group_key_too_long_for_an_index_is_taken(home: Home) -> None:
    home.import_demo()
    group = "".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(4_000))

    states = [home.done(home.alert(an_alert(fingerprint=key), group=group)[1]["event_id"]) for key in ("a1", "a2")]

    assert [state["outage"] for state in states] == ["INC-1", "INC-1"]


def test_a_reason_that_names_a_hostile_label_can_be_kept(home: Home) -> None:
    _, answer = home.alert(an_alert(labels={"\x00" + "x" * 5_000: 7}))

    state = home.done(answer["failed_id"])

    assert state["reason"].startswith("alerts.0.labels.xxx")
    assert len(state["reason"]) < 1_000


@pytest.mark.slow
def test_what_postgresql_refuses_a_hundred_times_is_kept_as_failed_and_the_next_is_taken(
    home: Home, poisoned: str
) -> None:
    publish(monitoring_url(home), [(a_machine_s(source=poisoned), pika.BasicProperties(message_id="poison"))])
    tell(home, a_machine_s(key="next"))

    (kept,) = until(lambda: failed(home), 30, "the dead letter")

    assert kept["id"] == "amqp/poison"
    assert "a hundred times" in kept["reason"]
    assert [row["source"] for row in home.rows("select source from outage")] == ["probes"]


@pytest.fixture
def poisoned(home: Home) -> Iterator[str]:
    """A source whose events PostgreSQL refuses, as a fault of ours would make it."""
    home.run("alter table event add constraint poison check (1 / (case source when 'poison' then 0 else 1 end) = 1)")
    yield "poison"
    home.run("alter table event drop constraint poison")
