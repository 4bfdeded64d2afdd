"""The commands of the runbook's alert entries do what they say, in a house where there is something to see."""

import shlex

import pytest

from tests.deploy.runbook import entries
from tests.support.home import Home, an_event

pytestmark = pytest.mark.slow

ASKS = ("incident update",)
"""Commands that show what they would tell, and ask; here nobody is there to answer."""


@pytest.fixture(scope="module")
def troubled(shared_home: Home) -> Home:
    """INC-1, told; an event about INC-2 that came before there was one, so that a replay is of use."""
    home = shared_home
    home.reset()
    home.import_demo()
    home.told(an_event())
    _, early = home.post({"about": "INC-2", "cause": "A full disk."})
    assert home.done(early["event_id"])["state"] == "failed"
    home.told(an_event())
    return home


@pytest.mark.parametrize("alert", entries())
def test_the_commands_of_an_entry_are_carried_out(troubled: Home, alert: str) -> None:
    if any(command.startswith("forewarn sending resume --reason") for command in entries()[alert]):
        troubled.on_sending("sending/pause")
    for command in entries()[alert]:
        program, *words = shlex.split(command.replace("INC-7", "INC-1"))
        assert program == "forewarn"
        if " ".join(words[:2]) in ASKS:
            words.append("--yes")

        assert troubled.cli(*words, token="oleg"), command
