"""`forewarn simulate` starts the simulation as a process of its own and ends as it does."""

import subprocess
import sys

import orjson


def test_it_prints_one_document_and_ends_with_0_while_the_laws_hold() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "forewarn.cli.main", "simulate", "--days", "3", "--seed", "4", "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    said = orjson.loads(ran.stdout)
    assert (said["days"], [one["seed"] for one in said["seeds"]], said["sum"]["breaches"]) == (3, [4], [])
