"""Results: one JSON object a line in benchmarks/out/results.jsonl, and a readable line on stdout."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

RESULTS = Path(__file__).parent / "out" / "results.jsonl"


def met(ratios: Mapping[str, float], goal: Mapping[str, float]) -> bool:
    """Whether every ratio that has a goal reaches it."""
    return all(ratios[name] >= least for name, least in goal.items())


def record(
    to: Path = RESULTS,
    /,
    *,
    bench: str,
    n: int,
    seconds: float,
    per_second: float,
    ratios: Mapping[str, float] | None = None,
    goal: Mapping[str, float] | None = None,
    **more: Any,
) -> bool:
    """Append the result and show it; whether its goal is met. `more` stands in the object besides."""
    ratios, goal = dict(ratios or {}), dict(goal or {})
    reached = met(ratios, goal)
    rounded = {name: round(ratio, 2) for name, ratio in ratios.items()}
    entry = {
        "bench": bench,
        "n": n,
        "seconds": round(seconds, 3),
        "per_second": round(per_second, 1),
        "ratios": rounded,
        "goal": goal,
        "met": reached,
        **more,
    }
    to.parent.mkdir(parents=True, exist_ok=True)
    with to.open("ab") as lines:
        lines.write(orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.write(_told(bench, n, seconds, per_second, rounded, goal))
    return reached


def _told(
    bench: str, n: int, seconds: float, per_second: float, ratios: Mapping[str, float], goal: Mapping[str, float]
) -> str:
    lines = [f"{bench}: {n:,} in {seconds:.2f} s, {per_second:,.0f} a second\n"]
    for name, ratio in ratios.items():
        least = goal.get(name)
        judged = "" if least is None else f", goal {least:g}: {'met' if ratio >= least else 'NOT MET'}"
        lines.append(f"  {ratio:.1f} times {name}{judged}\n")
    return "".join(lines)
