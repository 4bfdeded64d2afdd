"""The rules: promtool finds them sound, each is tested firing and silent, and leads to an entry of the runbook."""

import re
from typing import Any

import pytest
import yaml
from prometheus_client import Gauge

from services.planner import metrics
from tests.deploy.declared import all_series, name_of
from tests.deploy.runbook import entries
from tests.support.prometheus import DEPLOYED, promtool

GROUPS = yaml.safe_load((DEPLOYED / "forewarn.rules.yaml").read_text())["groups"]
ALL: list[dict[str, Any]] = [rule for group in GROUPS for rule in group["rules"]]
RULES = [rule for rule in ALL if "alert" in rule]
RECORDED = {rule["record"] for rule in ALL if "record" in rule}
TESTS = yaml.safe_load((DEPLOYED / "forewarn.rules.test.yaml").read_text())["tests"]
CASES = [case for test in TESTS for case in test["alert_rule_test"]]

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])


def test_promtool_finds_configuration_and_rules_sound() -> None:
    assert "SUCCESS" in promtool("check", "config", "prometheus.yml")
    assert f"SUCCESS: {len(ALL)} rules found" in promtool("check", "rules", "forewarn.rules.yaml")


@pytest.mark.slow
def test_the_rules_fire_and_are_silent_as_they_should() -> None:
    assert "SUCCESS" in promtool("test", "rules", "forewarn.rules.test.yaml")


@each_rule
def test_a_rule_is_tested_firing_and_silent(rule: dict[str, Any]) -> None:
    expected = [bool(case["exp_alerts"]) for case in CASES if case["alertname"] == rule["alert"]]
    labels = sum(len(test["input_series"]) for test in TESTS if concerns(test, rule["alert"]))

    assert True in expected
    assert False in expected or labels > 1, "some series of its test must leave it silent"


def concerns(test: dict[str, Any], alert: str) -> bool:
    return any(case["alertname"] == alert for case in test["alert_rule_test"])


@each_rule
def test_an_alert_says_how_bad_it_is_and_where_to_read_on(rule: dict[str, Any]) -> None:
    said = rule["annotations"]

    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert set(said) == {"summary", "description", "runbook_url"}
    assert said["runbook_url"] == f"docs/runbook.md#{rule['alert'].lower()}"
    assert entries()[rule["alert"]], "its entry has commands"


def test_the_runbook_has_an_entry_for_each_alert_and_for_no_other() -> None:
    assert set(entries()) == {rule["alert"] for rule in RULES}


def test_every_metric_of_a_rule_is_declared() -> None:
    asked = {name for rule in ALL for name in re.findall(r"\bforewarn[_:]\w+", rule["expr"])}

    assert asked and asked - all_series() == RECORDED


OF_THE_RECORD = {name_of(gauge) for gauge in vars(metrics).values() if isinstance(gauge, Gauge)} - {
    *("forewarn_watch_timestamp_seconds", "forewarn_queues_timestamp_seconds", "forewarn_queue_messages"),
    "forewarn_snapshot_timestamp_seconds",
}


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.get("alert") or rule["record"])
def test_what_a_planner_knew_long_ago_is_asked_by_no_rule(rule: dict[str, Any]) -> None:
    asked = [name for name in re.findall(r"\bforewarn_\w+", rule["expr"]) if name in OF_THE_RECORD]

    assert rule["expr"].count("forewarn:watch_fresh") == len(asked)
