"""A kill point ends its process as a power cut would, at the passing that was asked for and at no other."""

import os
import signal
import subprocess
import sys

import pytest

PASSES = """
from forewarn.runtime.killpoint import arm, killpoint
arm({armed!r})
for n in range(1, 5):
    killpoint("there")
    print(n, flush=True)
"""


@pytest.mark.parametrize(
    ("armed", "passed"), [("there", ""), ("there@1", ""), ("there@3", "12"), ("there@9", "1234"), ("elsewhere", "1234")]
)
def test_it_dies_at_the_passing_that_was_asked_for(armed: str, passed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PASSES.format(armed=armed)],
        env=dict(os.environ), capture_output=True, text=True, timeout=30,
    )  # fmt: skip

    assert "".join(done.stdout.split()) == passed
    assert done.returncode == (0 if passed == "1234" else -signal.SIGKILL)
