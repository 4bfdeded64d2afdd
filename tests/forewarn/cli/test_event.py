"""Events as they are."""

import io
import sys
from pathlib import Path

import pytest

from .conftest import Run
from .house import House
from .views import carried_out

SENT = "POST /v1/events"


def test_an_event_is_sent_byte_for_byte(house: House, run: Run, tmp_path: Path) -> None:
    body = b'{ "event_id": "a/b",  "components": ["api"] }\n'
    (tmp_path / "event.json").write_bytes(body)
    house.says(SENT, (202, {"event_id": "a/b"}))
    house.says("GET /v1/events/a%2Fb", carried_out(event_id="a/b"))

    ran = run("event", "send", "event.json")

    assert house.asked(SENT)[0].body == body
    assert ran.out == "INC-7 opened (revision 1).\n"


def test_a_cloud_event_goes_out_as_one(house: House, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    said = io.TextIOWrapper(io.BytesIO(b'{"specversion": "1.0", "id": "c1"}'))
    monkeypatch.setattr(sys, "stdin", said)
    house.says(SENT, (202, {"event_id": "c1"}))
    house.says("GET /v1/events/c1", carried_out(event_id="c1"))

    run("event", "send", "-")

    assert house.asked(SENT)[0].headers["Content-Type"] == "application/cloudevents+json"


def test_an_event_without_an_id_is_never_sent_twice(house: House, run: Run, tmp_path: Path) -> None:
    (tmp_path / "event.json").write_bytes(b'{"components": ["api"]}')
    house.says(SENT, None)

    ran = run("event", "send", "event.json")

    assert len(house.asked(SENT)) == 1
    assert (ran.code, "hung up before it answered" in ran.err) == (3, True)


def test_an_event_that_is_not_one_is_answered_with_where_it_is_kept(house: House, run: Run, tmp_path: Path) -> None:
    (tmp_path / "event.json").write_bytes(b"not json")
    house.says(SENT, (422, {"failed_id": "f1", "reason": "not JSON: line 1"}))

    ran = run("event", "send", "event.json", "--json")

    assert (ran.code, ran.json["error"]["kind"]) == (1, "not_carried_out")
    assert "forewarn failed show f1" in ran.json["error"]["message"]


def test_a_missing_file_is_wrong_usage(house: House, run: Run) -> None:
    ran = run("event", "send", "nowhere.json")

    assert (ran.code, ran.err) == (2, "forewarn: nowhere.json: No such file or directory\n")
