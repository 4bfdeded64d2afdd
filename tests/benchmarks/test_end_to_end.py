"""The benchmark runs, tells everybody once, and leaves its results; how fast is a matter of the machine."""

import subprocess
import sys
from pathlib import Path

import orjson
import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.alone
def test_the_whole_way_is_measured_beside_a_message_a_recipient(tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    options = ["--n", "2000", "--plain-n", "500", "--results", str(results)]

    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.end_to_end", *options], cwd=ROOT, capture_output=True, text=True
    )

    by_name = {line["bench"]: line for line in map(orjson.loads, results.read_bytes().splitlines())}
    assert list(by_name) == ["one_message_each", "one_message_each_with_confirms", "end_to_end"], done.stderr
    whole = by_name["end_to_end"]
    assert whole["faults"] == []
    assert set(whole["ratios"]) == set(whole["goal"]) == set(by_name) - {"end_to_end"}
    assert done.returncode == (0 if whole["met"] else 1)
