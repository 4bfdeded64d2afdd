"""deploy/compose.yaml as compose reads it: variables filled in from example.env."""

import re
from pathlib import Path
from typing import Any

import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"

VARIABLE = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<word>[^}]*))?\})")

TEXT = (DEPLOY / "compose.yaml").read_text()

WORKERS = {"ingest": "ingest", "planner": "planner", "dispatch": "dispatch", "webhook": "dispatch"}
"""Workers by their names in compose, with their service."""


def example() -> dict[str, str]:
    """The lines of example.env."""
    lines = (DEPLOY / "example.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def composed() -> dict[str, Any]:
    """The file with every variable filled in; KeyError names one that example.env does not have."""
    said: dict[str, Any] = _filled(yaml.safe_load(TEXT), example())
    return said


def variables() -> set[str]:
    """Those without a default."""
    return {found["name"] for found in VARIABLE.finditer(TEXT) if found["name"] and found["kind"] != "-"}


def _filled(part: Any, values: dict[str, str]) -> Any:
    if isinstance(part, str):
        return VARIABLE.sub(lambda found: _value(found, values), part)
    if isinstance(part, dict):
        return {key: _filled(value, values) for key, value in part.items()}
    return [_filled(value, values) for value in part] if isinstance(part, list) else part


def _value(found: re.Match[str], values: dict[str, str]) -> str:
    if found["dollar"]:
        return "$"
    if found["kind"] == "-":
        return values.get(found["name"]) or found["word"]
    return values[found["name"]]
