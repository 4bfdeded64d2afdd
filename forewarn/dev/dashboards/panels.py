"""Panels of Grafana as values, and the JSON that Grafana (10 or newer) imports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

DATASOURCE = {"type": "prometheus", "uid": "$datasource"}

WIDTH = 24
"""Grafana's columns."""

GREEN, YELLOW, RED = "green", "yellow", "red"

NAN = "nan"
"""Among a panel's words: what to say where there is no number, which is as it should be."""


@dataclass(frozen=True, slots=True)
class Query:
    """One query and the legend of its series: `{{label}}` is filled in."""

    expr: str
    legend: str = ""
    instant: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel. `unit` is Grafana's name of it; `steps` are (from this value on, colour), the first from None."""

    title: str
    description: str
    unit: str
    queries: Sequence[Query]
    kind: str = "timeseries"
    width: int = 8
    height: int = 8
    steps: Sequence[tuple[float | None, str]] = ((None, GREEN),)
    stacked: bool = False
    named: bool = False
    """Of a stat: the legend stands beside the value though there is only one."""
    below_zero: bool = False
    """Of a line: less than nothing is shown, too."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Texts to show in place of values."""
    matrix: tuple[str, str] | None = None
    """Of a table: labels whose values are the rows and the columns."""


@dataclass(frozen=True, slots=True)
class Row:
    """Panels below one heading."""

    title: str
    panels: Sequence[Panel]


def dashboard(uid: str, title: str, description: str, rows: Sequence[Row]) -> dict[str, Any]:
    """The whole board; panels flow from left to right below their heading."""
    panels: list[dict[str, Any]] = []
    y = 0
    for row in rows:
        panels.append(_heading(row, len(panels) + 1, y))
        x, y, tallest = 0, y + 1, 0
        for panel in row.panels:
            if x + panel.width > WIDTH:
                x, y, tallest = 0, y + tallest, 0
            panels.append(_panel(panel, len(panels) + 1, x, y))
            x, tallest = x + panel.width, max(tallest, panel.height)
        y += tallest
    return {
        "uid": uid,
        "title": title,
        "description": description,
        "tags": ["forewarn"],
        "editable": True,
        "graphTooltip": 1,
        "refresh": "5s",
        "schemaVersion": 38,
        "time": {"from": "now-30m", "to": "now"},
        "timezone": "browser",
        "templating": {"list": [_datasource()]},
        "annotations": {"list": []},
        "panels": panels,
    }


def _datasource() -> dict[str, Any]:
    return {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus", "hide": 0}


def _heading(row: Row, id: int, y: int) -> dict[str, Any]:
    place = {"x": 0, "y": y, "w": WIDTH, "h": 1}
    return {"id": id, "type": "row", "title": row.title, "collapsed": False, "gridPos": place, "panels": []}


def _panel(panel: Panel, id: int, x: int, y: int) -> dict[str, Any]:
    return {
        "id": id,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.description,
        "datasource": DATASOURCE,
        "gridPos": {"x": x, "y": y, "w": panel.width, "h": panel.height},
        "fieldConfig": {"defaults": _defaults(panel), "overrides": []},
        "options": _options(panel),
        "targets": [_target(query, panel, ref) for query, ref in zip(panel.queries, "ABCDEF", strict=False)],
        "transformations": _transformations(panel),
    }


def _defaults(panel: Panel) -> dict[str, Any]:
    defaults: dict[str, Any] = {
        "unit": panel.unit,
        "thresholds": {"mode": "absolute", "steps": [{"value": at, "color": color} for at, color in panel.steps]},
        "mappings": [_mapping(value, text) for value, text in panel.words.items()],
    }
    if panel.kind == "timeseries":
        stacking = {"mode": "normal" if panel.stacked else "none", "group": "A"}
        filled = 25 if panel.stacked else 5
        defaults["custom"] = {"lineWidth": 1, "fillOpacity": filled, "showPoints": "auto", "stacking": stacking}
        defaults |= {} if panel.below_zero else {"min": 0}
    return defaults


def _mapping(value: str, text: str) -> dict[str, Any]:
    if value == NAN:
        return {"type": "special", "options": {"match": NAN, "result": {"text": text, "color": GREEN}}}
    return {"type": "value", "options": {value: {"text": text}}}


def _options(panel: Panel) -> dict[str, Any]:
    match panel.kind:
        case "timeseries":
            legend = {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []}
            return {"legend": legend, "tooltip": {"mode": "multi", "sort": "desc"}}
        case "table":
            return {"showHeader": True, "cellHeight": "sm"}
        case _:
            reduced = {"calcs": ["lastNotNull"], "fields": "", "values": False}
            text = "value_and_name" if panel.named else "auto"
            return {"reduceOptions": reduced, "colorMode": "background", "graphMode": "none", "textMode": text}


def _target(query: Query, panel: Panel, ref: str) -> dict[str, Any]:
    shape = "table" if panel.kind == "table" else "time_series"
    instant = query.instant or panel.kind == "table"
    return {
        "refId": ref,
        "datasource": DATASOURCE,
        "expr": query.expr,
        "legendFormat": query.legend or "__auto",
        "format": shape,
        "instant": instant,
        "range": not instant,
    }


def _transformations(panel: Panel) -> list[dict[str, Any]]:
    if panel.matrix is None:
        return []
    row, column = panel.matrix
    options = {"rowField": row, "columnField": column, "valueField": "Value", "emptyValue": "null"}
    return [{"id": "groupingToMatrix", "options": options}]
