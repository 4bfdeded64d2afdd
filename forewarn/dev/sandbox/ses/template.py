"""Templates given inside a request: plain substitution and nothing else, as SES does with those."""

import re
from collections.abc import Mapping
from typing import Any

import orjson

_NAME = r"\s*([A-Za-z_][A-Za-z0-9_.-]*)\s*"
_TAG = re.compile(rf"(?<!\{{)(?:\{{\{{\{{{_NAME}\}}\}}\}}|\{{\{{{_NAME}\}}\}}(?!\}}))")
"""Two or three braces; with one more on one side Handlebars reads something else."""


def tags(text: str) -> frozenset[str]:
    """The names that a template asks for."""
    return frozenset(three or two for three, two in _TAG.findall(text))


def faulty(text: str) -> bool:
    """Whether something opens that is no plain tag: a rendering failure, or a block that the model lacks."""
    return "{{" in _TAG.sub("\0", text)


def rendered(text: str, data: Mapping[str, Any]) -> str:
    """The text with each tag replaced as it is, nothing escaped; a tag without a value stays, to be seen."""
    return _TAG.sub(lambda tag: str(data.get(tag[1] or tag[2], tag[0])), text)


def values(common: Mapping[str, Any], own: str | None) -> dict[str, Any]:
    """An entry's data over the call's default data. Raises ValueError for what is no JSON object."""
    template = common.get("DefaultContent", {}).get("Template", {})
    found: dict[str, Any] = {}
    for text in (template.get("TemplateData"), own):
        given = orjson.loads(text) if text else {}
        if not isinstance(given, dict):
            raise ValueError("template data must be a JSON object")
        found |= given
    return found
