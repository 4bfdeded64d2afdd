"""A communicator has the command's help and nothing else, and tells people in one line each."""

import re
import shlex

import orjson
import pytest

from tests.support.home import Home


def lines_of_the_help(home: Home) -> list[list[str]]:
    """What the help shows as an incident from start to end, about a component that there is."""
    shown = re.findall(r"^ +forewarn (incident .+)$", home.cli("--help", token="dana"), re.MULTILINE)
    return [shlex.split(line.replace("--component api", "--component card-payments")) for line in shown]


@pytest.mark.slow
def test_the_lines_of_the_help_open_update_correct_and_resolve_an_incident(home: Home) -> None:
    home.import_demo()
    lines = lines_of_the_help(home)

    for line in lines:
        about = [word.replace("INC-7", "INC-1") for word in line]
        home.cli(*about, "--yes", token="dana")
        home.accounted()

    assert [line[1] for line in lines] == ["open", "update", "correct", "resolve"]
    told = [notice["occasion"] for notice in home.notices("outside")]
    assert told == ["first", "update", "correction", "resolved"]
    assert len(home.mails("hanna.vogel@nordwind.example")) == 4


@pytest.mark.slow
def test_every_human_act_is_in_the_log_with_what_they_had_seen(home: Home) -> None:
    home.import_demo()
    home.cli("incident", "open", "--component", "card-payments", "--impact", "down", "--yes", token="dana")
    home.accounted()
    home.cli("incident", "take", "INC-1", token="oleg")
    home.cli("incident", "update", "INC-1", "--cause", "A full disk.", "--yes", token="dana")
    home.cli("sending", "pause", "--incident", "INC-1", "--reason", "Wrong words.", token="oleg")

    log = orjson.loads(home.cli("incident", "show", "INC-1", "--log", "--json", token="rita"))

    entries = log["log"] if isinstance(log, dict) else log
    seen = [(entry["act"], entry["author"], entry["from_revision"]) for entry in entries]
    assert [each[:2] for each in seen] == [("report", "dana"), ("take", "oleg"), ("report", "dana"), ("pause", "oleg")]
    assert [each[2] for each in seen][:3] == [None, 1, 2]


@pytest.mark.slow
def test_a_question_answered_with_no_or_nothing_tells_nobody(home: Home) -> None:
    home.import_demo()

    home.cli("incident", "open", "--component", "card-payments", token="dana", check=False)
    shown = home.cli("incident", "open", "--component", "card-payments", "--dry-run", "--json", token="dana")

    assert orjson.loads(shown)
    assert home.rows("select count(*) as n from outage")[0]["n"] == 0
    assert home.readers() == []
