"""Merge and split from the command line: what is said, what is asked, and what comes of it."""

from typing import Any
from unittest.mock import ANY

import pytest

from forewarn.contracts.event import parse_event

from .conftest import Run
from .house import House
from .views import an_outage, carried_out

SENT, STATE, PREVIEW = "POST /v1/events", "GET /v1/events/*", "POST /v1/preview"


@pytest.fixture
def desk(house: House) -> House:
    house.says(SENT, (202, {"event_id": "e1"}))
    house.says(STATE, carried_out(verdict="revised", revision=4))
    return house


def sent(house: House) -> Any:
    (only,) = house.asked(SENT)
    parse_event(only.body)
    return only.json


def test_a_merge_says_what_into_what_after_it_was_shown(desk: House, run: Run) -> None:
    ran = run("incident", "merge", "inc-8", "--into", "7", "--note", "It is one fire.", "--yes")

    said = {"act": "merge", "about": "INC-8", "into": "INC-7", "note": "It is one fire."}
    assert sent(desk) == {"event_id": ANY, **said, "from_revision": 3}
    assert [asked.json for asked in desk.asked(PREVIEW)] == [{"event_id": ANY, **said}]
    assert ran.out == "INC-7 took in INC-8 (revision 4).\n"


def test_a_split_says_what_leaves(desk: House, run: Run) -> None:
    desk.says(STATE, carried_out(outage="INC-9"))

    ran = run("incident", "split", "INC-7", "--component", "api,web", "--yes")

    assert sent(desk) == {
        "event_id": ANY,
        "act": "split",
        "about": "INC-7",
        "components": ["api", "web"],
        "from_revision": 3,
    }
    assert ran.out == "INC-9 split off from INC-7 (revision 1).\n"


def test_as_json_one_document_says_what_came_of_it(desk: House, run: Run) -> None:
    ran = run("incident", "merge", "8", "--into", "7", "--yes", "--json")

    assert (ran.json["act"], ran.json["outage"], ran.json["revision"]) == ("merge", "INC-7", 4)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("merge", "INC-8"), "--into"),
        (("merge", "INC-8", "--into", "MNT-3"), "MNT-3 is planned work"),
        (("merge", "MNT-3", "--into", "INC-7"), "MNT-3 is planned work"),
        (("split", "INC-7"), "what leaves?"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_asked(
    house: House, run: Run, arguments: tuple[str, ...], words: str
) -> None:
    ran = run("incident", *arguments, "--yes")

    assert (ran.code, words in ran.err) == (2, True)
    assert house.heard == []


def test_the_page_of_what_was_merged_names_what_it_is_part_of(house: House, run: Run) -> None:
    house.says("GET /v1/outages/INC-8", an_outage(name="INC-8", status="merged", merged_into="INC-7", open=False))

    out = run("incident", "show", "INC-8").out

    assert "merged into INC-7" in out
    assert "forewarn incident show INC-7" in out
