"""Alertmanager's and Grafana's webhooks in our words."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given

from forewarn.component import Impact
from forewarn.contracts.event import BadEvent
from forewarn.contracts.policy import Policy
from forewarn.outage import Severity, Status
from forewarn.signal import Report
from services.ingest.sources import Heard, Rules, alertmanager
from tests.services.ingest.sources.bodies import AN_ALERT, ANY_BYTES, BAD_WEBHOOKS

NOW = datetime(2026, 11, 22, 13, 3, tzinfo=UTC)
KNOWN = {"card-payments", "payouts"}


def test_a_webhook_of_alertmanager() -> None:
    firing, resolved = read(golden("alertmanager_v4"))

    assert firing.key == "9f1f8a3a5f1f0d6b"
    assert firing.source == resolved.source == "alertmanager"
    assert firing.alert and resolved.alert
    assert firing.group == resolved.group == '{}/{team="payments"}:{alertname="HighErrorRate", cluster="eu-1"}'
    assert firing.facts.status is Status.INVESTIGATING
    assert firing.facts.severity is Severity.CRITICAL
    assert firing.facts.components == {"card-payments": Impact.DOWN}
    assert firing.facts.symptoms == "Card payments fail in eu-1"
    assert firing.started_at == firing.occurred_at == datetime(2026, 11, 22, 13, 2, 28, 239266, tzinfo=UTC)
    assert resolved.facts.status is Status.RESOLVED
    assert resolved.facts.severity is Severity.MINOR
    assert resolved.facts.components == {"card-payments": Impact.DEGRADED}
    assert resolved.facts.symptoms == "10.2.4.17:8443 answers 7.1 % of requests with 5xx."
    assert resolved.started_at == datetime(2026, 11, 22, 12, 41, 13, 739266, tzinfo=UTC)
    assert resolved.occurred_at == datetime(2026, 11, 22, 12, 58, 43, 739266, tzinfo=UTC)


def test_firing_alerts_come_first_so_that_a_group_never_seems_over() -> None:
    assert [report.over for report in read(golden("alertmanager_v4"))] == [False, True]


def test_grafana_sends_a_superset() -> None:
    (report,) = read(golden("grafana"))

    assert report.key == "c6eadffa33fcdf37"
    assert report.facts.severity is Severity.MAJOR
    assert report.facts.components == {"payouts": Impact.DEGRADED}


@pytest.mark.parametrize(
    "label, severity, impact",
    [
        ("critical", Severity.CRITICAL, Impact.DOWN),
        ("page", Severity.CRITICAL, Impact.DOWN),
        ("error", Severity.MAJOR, Impact.DEGRADED),
        ("warning", Severity.MINOR, Impact.DEGRADED),
        ("info", Severity.NONE, Impact.NONE),
        ("purple", Severity.MAJOR, Impact.DEGRADED),
    ],
)
def test_severity_gives_the_impact(label: str, severity: Severity, impact: Impact) -> None:
    report = read_labels(component="card-payments", severity=label)

    assert (report.facts.severity, report.facts.components) == (severity, {"card-payments": impact})


def test_a_label_may_name_the_impact() -> None:
    assert read_labels(component="payouts", impact="momentary").facts.components == {"payouts": Impact.MOMENTARY}
    assert read_labels(component="payouts", impact="awful").facts.components == {"payouts": Impact.DEGRADED}


def test_the_first_label_that_names_a_known_component_counts() -> None:
    report = read_labels(component="mystery", service="payouts", job="card-payments")

    assert list(report.facts.components) == ["payouts"]
    assert report.facts.unknown_components == ()


def test_a_rule_wins_over_labels() -> None:
    rules = ({"match": {"alertname": "Down", "zone": "a"}, "component": "component:default/Payouts"},)

    both = read_labels(rules, alertname="Down", zone="a", component="card-payments")
    half = read_labels(rules, alertname="Down", zone="b", component="card-payments")

    assert list(both.facts.components) == ["payouts"]
    assert list(half.facts.components) == ["card-payments"]


def test_a_rule_that_names_an_unknown_component_is_shown_not_hidden() -> None:
    rules = ({"match": {"alertname": "Down"}, "component": "zeppelin"},)

    assert read_labels(rules, alertname="Down", component="payouts").facts.unknown_components == ("zeppelin",)


def test_an_alert_that_names_no_component_is_called_by_its_name() -> None:
    assert read_labels(alertname="DiskFull").facts.unknown_components == ("DiskFull",)
    assert read_labels(alertname="DiskFull", job="node").facts.unknown_components == ("node",)
    assert read_labels().facts.unknown_components == ("unnamed alert",)


def test_what_a_label_holds_can_pose_as_no_slot_and_no_header() -> None:
    report = read(webhook(annotations={"summary": "a\x00\ue000t0\ue001\u202eb"}))[0]

    assert report.facts.symptoms == "at0b"


def test_a_group_key_too_long_for_an_index_is_told_apart_all_the_same() -> None:
    one, same, other = (read(webhook(group="ä" * 600 + end))[0].group for end in "aab")

    assert one == same != other
    assert one is not None and len(one) < 100


def test_a_resolved_alert_needs_its_end() -> None:
    with pytest.raises(BadEvent, match="endsAt"):
        read(webhook(status="resolved", endsAt=None))


def test_the_end_of_a_firing_alert_says_nothing() -> None:
    assert not read(webhook(endsAt="whenever"))[0].over


@pytest.mark.parametrize(
    ("alertname", "status", "alive"),
    [("Down", "firing", True), ("Down", "resolved", False), ("Watchdog", "resolved", False)],
)
def test_only_what_fires_shows_that_its_source_lives(alertname: str, status: str, alive: bool) -> None:
    ended: dict[str, Any] = {"status": status, "endsAt": "2026-11-22T13:02:50Z", "labels": {"alertname": alertname}}

    (report,) = read(webhook(**ended))

    assert report.alive is alive


def test_a_watchdog_that_ended_is_of_no_group() -> None:
    (report,) = read(webhook(status="resolved", endsAt="2026-11-22T13:02:50Z", labels={"alertname": "Watchdog"}))

    assert report.group is None, "else its end would be one of the incident's signals"


@given(ANY_BYTES)
def test_no_bytes_crash_the_reader(body: bytes) -> None:
    refused(body)


@given(BAD_WEBHOOKS)
def test_a_good_webhook_gone_wrong_is_refused_with_a_printable_reason(body: bytes) -> None:
    assert refused(body)


def refused(body: bytes) -> bool:
    try:
        reports = read(body)
    except BadEvent as fault:
        assert str(fault) and str(fault).isprintable()
        return True
    assert reports
    return False


def golden(name: str) -> bytes:
    return (Path(__file__).parent / f"{name}.json").read_bytes()


def read(body: bytes, policy: Policy | None = None) -> tuple[Report, ...]:
    heard = Heard("id-1", alertmanager.FORMAT, body, NOW, "alertmanager")
    return alertmanager.read(heard, Rules(policy or Policy(), KNOWN.__contains__))


def webhook(group: str = "{}:{}", **changes: Any) -> bytes:
    return orjson.dumps({"version": "4", "groupKey": group, "alerts": [AN_ALERT | changes]})


def read_labels(rules: tuple[Any, ...] = (), /, **labels: str) -> Report:
    policy = Policy.model_validate({"alerts": {"components": rules}})
    return read(webhook(labels=labels), policy)[0]
