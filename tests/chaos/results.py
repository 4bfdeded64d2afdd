"""Results: one JSON object a line in tests/chaos/out/results.jsonl, and a table of them."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from tests.chaos.run import Result

RESULTS = Path(__file__).parent / "out" / "results.jsonl"

Line = dict[str, Any]

HEAD = ("fault", "runs", "planned", "accepted", "failed", "unknown", "lost", "doubled", "at most", "accounted", "last")


def record(result: Result, to: Path = RESULTS) -> None:
    """Append it, at once: whoever is stopped begins after it."""
    to.parent.mkdir(parents=True, exist_ok=True)
    with to.open("ab") as lines:
        lines.write(orjson.dumps(result.line, option=orjson.OPT_APPEND_NEWLINE))


def read(results: Path = RESULTS) -> list[Line]:
    """The newest of each fault, form and seed, in the order in which they were first run."""
    lines = results.read_bytes().splitlines() if results.exists() else []
    newest: dict[tuple[str, str, int], Line] = {}
    for line in map(orjson.loads, lines):
        newest[line["fault"], line["form"], line["seed"]] = line
    return list(newest.values())


def table(lines: Sequence[Line], faults: Iterable[str]) -> Iterator[str]:
    """A row for each fault that was run, sums over its runs, as Markdown; broken promises below."""
    yield f"| {' | '.join(HEAD)} |"
    yield "|---" + "|---:" * (len(HEAD) - 1) + "|"
    for fault in faults:
        runs = [line for line in lines if line["fault"] == fault]
        if runs:
            yield f"| {' | '.join((fault, *_row(runs)))} |"
    for line in lines:
        if line["broken"]:
            yield f"BROKEN: {line['fault']}, {line['form']}, seed {line['seed']}: {'; '.join(line['broken'])}"


def _row(runs: Sequence[Line]) -> Iterator[str]:
    def whole(name: str) -> int:
        return sum(int(run["evidence"][name]) for run in runs)

    def ended(state: str) -> int:
        return sum(int(run["evidence"]["states"][state]) for run in runs)

    planned = whole("planned")
    yield f"{len(runs)}"
    yield f"{planned:,}"
    for state in ("accepted", "failed", "unknown"):
        yield f"{ended(state):,}"
    yield f"{whole('lost'):,}"
    yield f"{whole('doubled'):,}"
    yield f"{whole('bound'):,}"
    yield f"{100 * (1 - whole('open') / planned):.4g} %" if planned else "0 %"
    yield f"{max(run['evidence']['seconds'] for run in runs):.0f} s"
