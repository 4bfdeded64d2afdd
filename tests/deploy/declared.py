"""Every metric that the code declares."""

from collections.abc import Iterator
from importlib import import_module

from prometheus_client.metrics import MetricWrapperBase

MODULES = (
    *("services.ingest.metrics", "services.planner.metrics", "services.planner.uncalled", "services.dispatch.metrics"),
    *("forewarn.runtime.http", "forewarn.runtime.postgres"),
)

PARTS = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_count", "_sum")}


def declared() -> Iterator[MetricWrapperBase]:
    for module in MODULES:
        yield from (of for of in vars(import_module(module)).values() if isinstance(of, MetricWrapperBase))


def kind_of(metric: MetricWrapperBase) -> str:
    return str(metric._type)


def name_of(metric: MetricWrapperBase) -> str:
    return f"{metric._name}_total" if kind_of(metric) == "counter" else str(metric._name)


def all_series() -> set[str]:
    """The names of all series of all metrics."""
    return {f"{metric._name}{part}" for metric in declared() for part in PARTS[kind_of(metric)]}
