"""Whom the planner ends without a call is counted once, by channel and reason; tests of people are left out."""

from collections.abc import Iterator

import pytest
from prometheus_client import REGISTRY

from forewarn.delivery import LETTERS, Reason
from forewarn.runtime.postgres import Database
from services.planner.outcomes import RecordedOutcomes
from services.planner.uncalled import channel_at_zero, ended_at_freezing
from tests.services.planner.people import people
from tests.services.planner.test_stops import OF_THE_STOP, Air, air
from tests.support.aloft import Aloft

__all__ = ["air"]


def counted() -> dict[str, float]:
    """So far, by reason."""
    reasons = {str(reason or "none"): state for state, reason in LETTERS.values()}
    labels = {reason: {"channel": "email", "state": str(state), "reason": reason} for reason, state in reasons.items()}
    found = {r: REGISTRY.get_sample_value("forewarn_uncalled_recipients_total", of) for r, of in labels.items()}
    return {reason: value for reason, value in found.items() if value is not None}


@pytest.fixture
def before() -> dict[str, float]:
    channel_at_zero("email")
    return counted()


def more(before: dict[str, float]) -> dict[str, float]:
    return {reason: value - before[reason] for reason, value in counted().items() if value != before[reason]}


@pytest.fixture
def planner(database: str) -> Iterator[Database]:
    here = Database(database, "forewarn_planner", "sandbox", 2)
    here.open()
    yield here
    here.close()


def test_whoever_a_stop_leaves_untold_is_counted_once(air: Air, before: dict[str, float]) -> None:
    batch = air.flight("aP..S.")
    air.stopped()

    air.stops.pull(*OF_THE_STOP)
    air.run("update stop set pulled_at = null")
    air.stops.pull(*OF_THE_STOP)

    assert air.outcomes(batch.batch_id) == "aPPPSP"
    assert more(before) == {Reason.SUPERSEDED: 3}


def test_of_a_stopped_test_nobody_is_counted(air: Air, before: dict[str, float]) -> None:
    air.flight("..")
    air.run("update notice set test = true")
    air.stopped()

    air.stops.pull(*OF_THE_STOP)

    assert more(before) == {}


def test_whoever_was_buried_is_counted_once(database: str, planner: Database, before: dict[str, float]) -> None:
    aloft = Aloft(database)
    people = aloft.released(4)
    batch = aloft.batch(aloft.window(), people, "a...")

    for _ in range(2):
        RecordedOutcomes(planner).lay_over(batch, "aDuD", None, None)

    assert more(before) == {Reason.DEAD: 2}


def test_whoever_has_a_letter_when_they_are_frozen_is_counted(
    database: str, planner: Database, before: dict[str, float]
) -> None:
    aloft = Aloft(database)
    people = aloft.released(6)
    window = aloft.window()
    aloft.batch(window, people[:3], ".SB")
    aloft.batch(window, people[3:], "..S")

    with planner.begin() as connection:
        ended = ended_at_freezing(connection, window)

    assert ended == {"email": "SBS"}
    assert more(before) == {}, "counted once it holds"


def test_freezing_counts_whom_it_ends(database: str, before: dict[str, float]) -> None:
    with people(database) as record:
        record.person("hanna")
        record.run("insert into suppression select id, 'email', 'unsubscribed' from subscriber")
        record.tell("first")

    assert more(before) == {Reason.UNSUBSCRIBED: 1}
