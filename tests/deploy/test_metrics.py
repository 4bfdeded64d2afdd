"""Metrics: each explained where operators read, named as Prometheus' conventions have it."""

from pathlib import Path

import pytest
from prometheus_client.metrics import MetricWrapperBase

from tests.deploy.declared import declared, name_of

PAGE = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text()
LABELS = PAGE.partition("\n## Labels\n")[2]

UNITS = ("_seconds", "_ratio", "_per_second")

each_metric = pytest.mark.parametrize("metric", tuple(declared()), ids=name_of)


@each_metric
def test_a_metric_is_explained_once_in_its_own_words(metric: MetricWrapperBase) -> None:
    labels = ", ".join(f"`{label}`" for label in metric._labelnames) or "–"

    assert PAGE.count(f"| `{name_of(metric)}` | {metric._type} | {labels} | {metric._documentation} |") == 1


@each_metric
def test_the_values_of_a_metrics_labels_are_listed(metric: MetricWrapperBase) -> None:
    assert [label for label in metric._labelnames if f"`{label}`" not in LABELS] == []


@each_metric
def test_a_metric_bears_our_name_and_its_unit(metric: MetricWrapperBase) -> None:
    assert metric._name.startswith("forewarn_")
    if metric._type == "histogram":
        assert metric._name.endswith("_seconds")
    if "econds" in metric._name:
        assert metric._name.endswith(UNITS)
