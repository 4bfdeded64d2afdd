"""Cut a stream of lines into YAML documents, so that a broken one spoils no other."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, ClassVar

import yaml

from forewarn.contracts.api import Fault
from services.ingest.directory.entries import Entry, lines_of

MOST_IN_A_DOCUMENT = 1024 * 1024  # characters
MOST_DEPTH = 50  # libyaml's composer recurses in C: 200,000 open brackets end the process
_NULL = "tag:yaml.org,2002:null"
_PLAIN = (_NULL, "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map", None)


class _Loader(yaml.CSafeLoader):
    """Every scalar but null is its own text: country NO is not false, version 1.10 is not 1.1.

    Other tags are faults. Merge keys (<<) are plain keys: merging can grow a document without bounds.
    """

    yaml_implicit_resolvers: ClassVar = {  # type: ignore[misc]
        first: [(tag, pattern) for tag, pattern in resolvers if tag == _NULL]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }
    yaml_constructors: ClassVar = {tag: yaml.CSafeLoader.yaml_constructors[tag] for tag in _PLAIN}


@dataclass(slots=True)
class _Sheet:
    """The lines of one document as they come."""

    start: int
    lines: list[str] = field(default_factory=list)
    size: int = 0
    fault: Fault | None = None

    def add(self, line: Entry[str] | Fault) -> None:
        if isinstance(line, Fault):
            self.fault = self.fault or line
        elif self.size + len(line.value) > MOST_IN_A_DOCUMENT:
            self.fault = self.fault or Fault(line=self.start, reason=f"longer than {MOST_IN_A_DOCUMENT} characters")
        else:
            self.lines.append("" if line.value.startswith("%") else line.value)  # a directive of the next one
            self.size += len(line.value) + 1


def documents_in(stream: BinaryIO) -> Iterator[Entry[Any] | Fault]:
    """What each document holds, empty ones left out, with the line where it begins."""
    sheet = _Sheet(1)
    for line in lines_of(stream):
        if isinstance(line, Entry) and (line.value == "---" or line.value.startswith(("--- ", "---\t"))):
            yield from _read(sheet)
            sheet = _Sheet(line.line)
        sheet.add(line)
    yield from _read(sheet)


def _read(sheet: _Sheet) -> Iterator[Entry[Any] | Fault]:
    if sheet.fault:
        yield sheet.fault
        return
    text = "\n".join(sheet.lines)
    try:
        if _depth(text) > MOST_DEPTH:
            yield Fault(line=sheet.start, reason=f"nested deeper than {MOST_DEPTH}")
            return
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is not None and (data := loader.construct_document(node)) is not None:
            yield Entry(sheet.start + node.start_mark.line, data)
    except yaml.MarkedYAMLError as fault:
        here = fault.problem_mark.line if fault.problem_mark else 0
        yield Fault(line=sheet.start + here, reason=f"not YAML: {fault.problem or fault.context}")
    except yaml.YAMLError as fault:  # a character that no YAML may hold
        yield Fault(line=sheet.start, reason=f"not YAML: {' '.join(str(fault).split())}")


def _depth(text: str) -> int:
    depth = deepest = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            deepest = max(deepest, depth)
            if depth > MOST_DEPTH:
                break
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return deepest
