"""What a benchmark leaves behind."""

from pathlib import Path

import orjson
import pytest

from benchmarks.results import record


@pytest.mark.parametrize(("ratio", "met"), [(11.9, False), (12.0, True)])
def test_a_result_is_one_line_and_says_whether_its_goal_is_met(tmp_path: Path, ratio: float, met: bool) -> None:
    results = tmp_path / "out" / "results.jsonl"

    said = [
        record(results, bench="whole", n=10, seconds=2, per_second=5, ratios={"plain": ratio}, goal={"plain": 12})
        for _ in range(2)
    ]

    first, second = map(orjson.loads, results.read_bytes().splitlines())
    assert said == [met, met]
    assert first == second
    assert list(first) == ["bench", "n", "seconds", "per_second", "ratios", "goal", "met"]
    assert first["met"] is met


def test_a_result_without_a_goal_meets_it(tmp_path: Path) -> None:
    assert record(tmp_path / "results.jsonl", bench="plain", n=10, seconds=2, per_second=5)
