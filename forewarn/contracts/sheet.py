"""A sheet: a YAML file as data, the place of each key and value, and every fault in it as YAML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from forewarn.content import clean

Way = tuple[str | int, ...]
"""The names and positions that lead to a value."""
Place = tuple[int, int]
"""Line and column, from 1."""

_TAG = "tag:yaml.org,2002:"
_COLLECTIONS = (f"{_TAG}map", f"{_TAG}seq")
_MISREAD = (yaml.YAMLError, ValueError, KeyError, AttributeError)
"""What PyYAML raises for a scalar that is not what its tag says, such as 2026-13-45."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file; without a line it is the file itself."""

    file: str
    line: int | None
    column: int | None
    path: str
    what: str

    def __str__(self) -> str:
        where = [self.file, self.line, self.column]
        return ": ".join(
            filter(None, (":".join(str(part) for part in where if part is not None), self.path, self.what))
        )


@dataclass(slots=True)
class Sheet:
    """What a file holds. Of what is at or below a way in `spoiled`, a fault tells already."""

    file: str
    data: Any = None
    keys: dict[Way, Place] = field(default_factory=dict)
    values: dict[Way, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    spoiled: set[Way] = field(default_factory=set)

    def fault(self, way: Way, what: str, at_key: bool = False) -> Fault:
        """The fault at its place, or at the place of what should hold it."""
        places: Mapping[Way, Place] = {**self.values, **self.keys} if at_key else self.values
        found = next((places[way[:n]] for n in range(len(way), -1, -1) if way[:n] in places), None)
        return self.fault_at(found, way, what)

    def fault_at(self, place: Place | None, way: Way, what: str) -> Fault:
        line, column = place or (None, None)
        return Fault(self.file, line, column, said(way), clean(what))

    def is_spoiled(self, way: Way) -> bool:
        return any(way[: len(spoiled)] == spoiled for spoiled in self.spoiled)


def said(way: Way) -> str:
    """The way as people write it: alerts.components.0.match."""
    path = ".".join(str(part) if str(part).strip() else repr(part) for part in way)
    return clean(" ".join(path.split()))[:200]


def read_sheet(path: Path) -> Sheet:
    """Read the one YAML document in the file. What is no YAML at all spoils the whole sheet."""
    sheet, text = Sheet(str(path)), ""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        sheet.data = _Reading(sheet, loader).value(node, (), frozenset()) if node is not None else None
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as fault:
        place, what = _why_no_yaml(fault, text)
        sheet.faults, sheet.spoiled = [sheet.fault_at(place, (), what)], {()}
    return sheet


def _why_no_yaml(fault: Exception, text: str) -> tuple[Place | None, str]:
    match fault:
        case OSError():
            return None, f"cannot be read: {fault.strerror}"
        case UnicodeDecodeError():
            return _place_after(fault.object[: fault.start].decode(errors="replace")), "not UTF-8 text"
        case yaml.MarkedYAMLError():
            mark = fault.problem_mark or fault.context_mark
            return _place(mark) if mark else None, f"not YAML: {fault.problem or fault.context}"
        case yaml.reader.ReaderError():
            return _place_after(text[: fault.position]), "not YAML: holds a character that YAML does not allow"
        case RecursionError():
            return None, "nested too deep"
        case _:
            return None, f"not YAML: {fault}"


class _Reading:
    """One walk through the nodes of a document; what is faulty is noted in the sheet and left out."""

    def __init__(self, sheet: Sheet, loader: yaml.SafeLoader) -> None:
        self._sheet, self._loader = sheet, loader

    def value(self, node: yaml.Node, way: Way, above: frozenset[int]) -> Any:
        self._sheet.values.setdefault(way, _place(node.start_mark))
        if id(node) in above:
            return self._spoil(way, "holds itself")
        if isinstance(node, yaml.CollectionNode) and node.tag not in _COLLECTIONS:
            return self._spoil(way, f"has the tag {node.tag}, which means nothing here")
        match node:
            case yaml.MappingNode():
                return self._mapping(node, way, above | {id(node)})
            case yaml.SequenceNode():
                return [self.value(item, (*way, n), above | {id(node)}) for n, item in enumerate(node.value)]
            case _:
                return self._scalar(node, way)

    def _mapping(self, node: yaml.MappingNode, way: Way, above: frozenset[int]) -> dict[str, Any]:
        read: dict[str, Any] = {}
        for key, value in node.value:
            place = _place(key.start_mark)
            wrong = _wrong_name(key)
            here = way if wrong else (*way, key.value)
            if not wrong and key.value in read:
                wrong = f"is said twice, first on line {self._sheet.keys[here][0]}"
            if wrong:
                self._sheet.faults.append(self._sheet.fault_at(place, here, wrong))
                continue
            self._sheet.keys[here] = place
            self._sheet.values[here] = max(place, _place(value.start_mark))  # an alias' value stands further up
            read[key.value] = self.value(value, here, above)
        return read

    def _scalar(self, node: yaml.Node, way: Way) -> Any:
        try:
            return self._loader.construct_object(node)
        except _MISREAD:
            kind = node.tag.removeprefix(_TAG)
            return self._spoil(way, f"cannot be read as {kind}; if it is text, put it in quotes")

    def _spoil(self, way: Way, what: str) -> None:
        self._sheet.spoiled.add(way)
        self._sheet.faults.append(self._sheet.fault(way, what))


def _wrong_name(key: yaml.Node) -> str:
    """Why a key cannot be the name of anything; empty when it can."""
    if not isinstance(key, yaml.ScalarNode):
        return "a name must be text"
    if key.tag == f"{_TAG}merge":
        return "merging with << is not possible here: write the settings out"
    return "" if key.tag == f"{_TAG}str" else f"the name `{key.value}` is not text: put it in quotes"


def _place(mark: yaml.Mark) -> Place:
    return mark.line + 1, mark.column + 1


def _place_after(before: str) -> Place:
    """Where the text after this begins."""
    return before.count("\n") + 1, len(before) - before.rfind("\n")
