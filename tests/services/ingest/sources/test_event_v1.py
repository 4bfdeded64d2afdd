"""Event v1 in our words."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given

from forewarn.component import Impact
from forewarn.contracts.event import BadEvent
from forewarn.contracts.policy import Policy
from forewarn.outage import Act, Kind, Status
from forewarn.signal import Report
from services.ingest.sources import READERS, Heard, Rules, event_v1, read
from services.ingest.sources.heard import component_key
from tests.services.ingest.sources.bodies import A_GOOD_EVENT, ANY_BYTES, BAD_EVENTS
from tests.support.reports import NOON

RULES = Rules(Policy(), {"card-payments", "payouts"}.__contains__)


def test_a_machine_s_event_is_a_report_of_its_signal() -> None:
    report = read_one({"source": "prometheus-eu", "key": "checkout", "sequence": 7, "components": ["card-payments"]})

    assert (report.source, report.key, report.sequence) == ("prometheus-eu", "checkout", 7)
    assert (report.kind, report.act, report.person) == (Kind.INCIDENT, Act.REPORT, False)
    assert report.received_at == NOON


def test_a_bare_name_has_the_event_s_impact_else_degraded() -> None:
    own = {"component": "payouts", "impact": "down"}

    silent = read_one({"components": ["card-payments", own]})
    spoken = read_one({"components": ["card-payments", own], "impact": "momentary"})

    assert silent.facts.components == {"card-payments": Impact.DEGRADED, "payouts": Impact.DOWN}
    assert spoken.facts.components == {"card-payments": Impact.MOMENTARY, "payouts": Impact.DOWN}


@pytest.mark.parametrize(
    "name", ["card-payments", "Card-Payments", "component:default/card-payments", "default/card-payments"]
)
def test_a_component_may_be_named_as_the_catalog_names_it(name: str) -> None:
    assert component_key(name) == "card-payments"
    assert list(read_one({"components": [name]}).facts.components) == ["card-payments"]


def test_what_the_directory_does_not_know_is_kept_apart() -> None:
    report = read_one({"components": ["card-payments", "zeppelin", "abacus"]})

    assert list(report.facts.components) == ["card-payments"]
    assert report.facts.unknown_components == ("abacus", "zeppelin")


def test_moments_are_utc_inside() -> None:
    report = read_one({"occurred_at": "2026-11-22T13:00:00+01:00"})

    assert report.occurred_at == NOON
    assert report.occurred_at.tzinfo is UTC


def test_a_clock_that_runs_ahead_is_flagged() -> None:
    report = read_one({"occurred_at": "2026-11-22T12:05:01Z"})

    assert (report.occurred_at, report.clock_ahead) == (NOON, True)


def test_unknown_fields_are_ignored() -> None:
    assert read_one({"colour": "red"}).key == "checkout"


def test_a_cloudevent_gives_what_its_data_leaves_out() -> None:
    report = read_one(
        {
            "specversion": "1.0",
            "id": "a-7",
            "source": "pipeline",
            "type": "outage",
            "time": "2026-11-22T11:59:00Z",
            "data": {"key": "checkout", "status": "investigating"},
        },
        bare=True,
    )

    assert (report.source, report.key) == ("pipeline", "checkout")
    assert report.occurred_at == datetime(2026, 11, 22, 11, 59, tzinfo=UTC)
    assert report.facts.status is Status.INVESTIGATING


def test_a_cloudevent_s_data_wins_over_its_envelope() -> None:
    envelope = {"specversion": "1.0", "id": "a-7", "source": "pipeline", "type": "outage"}

    report = read_one(envelope | {"data": {"source": "prometheus-eu", "key": "checkout"}}, bare=True)

    assert report.source == "prometheus-eu"


@pytest.mark.parametrize("missing", ["id", "source", "type", "data"])
def test_a_cloudevent_names_what_it_lacks(missing: str) -> None:
    whole = {"specversion": "1.0", "id": "a-7", "source": "pipeline", "type": "outage", "data": {"key": "k"}}

    assert missing in fault_of({name: value for name, value in whole.items() if name != missing})


def test_behind_a_token_its_source_counts() -> None:
    report = read_one({"key": "checkout"}, bare=True, source="prometheus-eu")

    assert report.source == "prometheus-eu"


def test_a_token_speaks_for_no_other_source() -> None:
    fault = fault_of({"source": "grafana", "key": "checkout"}, source="prometheus-eu")

    assert "'prometheus-eu'" in fault and "'grafana'" in fault


def test_a_machine_without_a_source_or_a_key_is_told_what_to_write() -> None:
    assert fault_of({"key": "checkout"}).startswith("source: missing")
    assert fault_of({"source": "prometheus-eu"}).startswith("key: missing")


def test_an_act_says_what_was_seen_and_what_is_taken_back() -> None:
    notices = ["0123456789abcdef", "fedcba9876543210"]
    event = {"act": "correct", "about": "INC-7", "from_revision": 3, "notices": notices, "retract": ["cause"]}

    report = read_one(event, bare=True, source="people", person=True)

    assert (report.act, report.about, report.from_revision) == (Act.CORRECT, "INC-7", 3)
    assert (report.notices, report.retract) == (tuple(notices), ("cause",))


def test_only_what_was_heard_from_the_clock_is_the_clock_s() -> None:
    body = orjson.dumps({"event_id": "settle/INC-7/5", "act": "settle", "about": "INC-7", "from_revision": 5})
    heard = Heard("settle/INC-7/5", event_v1.FORMAT, body, NOON, "forewarn", role="clock")

    reports = [read(one, RULES, READERS)[0] for one in (heard, replace(heard, clock=True))]

    assert [report.clock for report in reports] == [False, True]
    assert {(report.source, report.key, report.person) for report in reports} == {("forewarn", "settle/INC-7/5", False)}


def test_an_event_is_no_alert() -> None:
    assert not read_one({"alert": True, "clock": True}).alert


def test_a_person_needs_no_key() -> None:
    mine = read_one({"event_id": "mine"}, bare=True, source="people", person=True)
    unnamed = read_one({}, bare=True, source="people", person=True)

    assert (mine.key, unnamed.key) == ("mine", "id-1")


def test_every_fault_is_named_at_once() -> None:
    fault = fault_of(A_GOOD_EVENT | {"status": "broken", "sequence": -1, "tasks": {"done": 0, "total": 0}})

    assert all(place in fault for place in ("status:", "sequence:", "tasks.total:"))


def test_a_window_ends_after_it_starts() -> None:
    window = {"start": "2026-11-22T13:00:00Z", "end": "2026-11-22T12:00:00Z"}

    assert "end after it starts" in fault_of(A_GOOD_EVENT | {"window": window})


def test_a_format_that_nobody_reads_is_named() -> None:
    with pytest.raises(BadEvent, match="'morse' is not known; known are: alertmanager-v4, event-v1"):
        read(heard(b"{}", format="morse"), RULES, READERS)


@given(ANY_BYTES)
def test_no_bytes_crash_the_reader(body: bytes) -> None:
    for person in (True, False):
        try:
            reports = event_v1.read(heard(body, source="people" if person else None, person=person), RULES)
        except BadEvent as fault:
            assert str(fault)
        else:
            assert len(reports) == 1


@given(BAD_EVENTS)
def test_a_good_event_gone_wrong_is_refused_with_a_printable_reason(body: bytes) -> None:
    try:
        (report,) = event_v1.read(heard(body), RULES)
    except BadEvent as fault:
        assert str(fault).isprintable()
    else:
        assert report.act is not Act.REPORT or report.about, "these are read, and refused later"


def heard(body: bytes, format: str = event_v1.FORMAT, source: str | None = None, person: bool = False) -> Heard:
    return Heard("id-1", format, body, NOON, source, person=person)


def read_one(event: Mapping[str, Any], bare: bool = False, source: str | None = None, person: bool = False) -> Report:
    whole = event if bare else {"source": "prometheus-eu", "key": "checkout"} | dict(event)
    (report,) = event_v1.read(heard(orjson.dumps(whole), source=source, person=person), RULES)
    return report


def fault_of(event: Mapping[str, Any], source: str | None = None) -> str:
    with pytest.raises(BadEvent) as fault:
        event_v1.read(heard(orjson.dumps(event), source=source), RULES)
    return str(fault.value)
