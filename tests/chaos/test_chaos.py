"""Every fault in its quickest form: nobody lost, nobody doubled beyond the bound, everybody accounted for.

The long form, under a cap for a minute and more, is `make chaos`.
"""

import os

import pytest

from tests.chaos.faults import FAULTS
from tests.chaos.form import QUICK
from tests.chaos.run import run
from tests.conftest import GIVEN
from tests.support.home import Home

ALWAYS = {"kill -9 each dispatch"}
"""In every run of the tests; the others with `make test-slow`."""

RUNS = [pytest.param(name, marks=[] if name in ALWAYS else pytest.mark.slow) for name in FAULTS]


@pytest.mark.timeout(300)
@pytest.mark.skipif(any(os.environ.get(name) for name in GIVEN), reason="servers that are given are not ours to kill")
@pytest.mark.parametrize("name", RUNS)
def test_the_promises_hold_under(name: str, home: Home) -> None:
    result = run(home.house, FAULTS[name], QUICK, seed=1)

    assert result.broken == ()
    assert result.evidence.accounted == 1.0
    assert result.evidence.planned >= QUICK.people
