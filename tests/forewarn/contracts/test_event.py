"""Event v1: the examples, and what is refused."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from forewarn.component import Impact
from forewarn.contracts.event import BadEvent, Event, parse_event
from forewarn.outage import Kind, Status

EXAMPLES = sorted((Path(__file__).parents[3] / "schemas" / "examples").glob("*.json"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_each_example_is_an_event_with_nothing_in_it_that_is_not_read(example: Path) -> None:
    raw = orjson.loads(example.read_bytes())
    stated = raw.get("data", raw)

    event = parse_event(example.read_bytes())

    assert set(stated) <= set(Event.model_fields)
    assert event.event_id
    assert event.model_fields_set >= set(stated)


def test_the_examples_show_every_kind_and_the_envelope() -> None:
    events = {path.stem: parse_event(path.read_bytes()) for path in EXAMPLES}

    assert {event.kind for event in events.values()} == set(Kind)
    assert events["cloudevent"].source == "synthetics"
    assert events["cloudevent"].occurred_at == datetime(2026, 11, 22, 13, 2, 9, tzinfo=UTC)
    assert events["person-resolves"].status is Status.RESOLVED
    assert events["machine-reports"].sequence == 418211
    assert events["maintenance"].impacts() == {"payouts": Impact.DEGRADED, "dashboard": Impact.MOMENTARY}


@pytest.mark.parametrize("blank", ["", " ", "\n", "\u2028", "\u00a0"])
def test_what_is_blank_is_refused(blank: str) -> None:
    for field in ("key", "source", "symptoms"):
        assert f"{field}:" in fault_of({field: blank})


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\ue000", "\ue001", "\u202e", "\r"])
def test_no_text_holds_a_character_that_does_something(character: str) -> None:
    assert f"U+{ord(character):04X}" in fault_of({"symptoms": f"a{character}b"})


def test_lines_are_one_line_and_prose_may_be_more() -> None:
    assert "one line" in fault_of({"key": "a\nb"})
    assert parse_event(orjson.dumps({"symptoms": "a\nb"})).symptoms == "a\nb"


def test_a_moment_without_an_offset_is_refused() -> None:
    assert "occurred_at:" in fault_of({"occurred_at": "2026-11-22T13:00:00"})


@pytest.mark.parametrize("moment", ["1969-12-31T23:59:59Z", "2201-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"])
def test_a_moment_out_of_all_proportion_is_refused(moment: str) -> None:
    assert "between 1970 and 2200" in fault_of({"occurred_at": moment})


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//acme.example", 'https://a.example/"onload="', "mailto:a@b"])
def test_a_link_is_http(link: str) -> None:
    assert "reader_action.link:" in fault_of({"reader_action": {"what": "Log in again.", "link": link}})


def test_many_faults_are_counted_not_all_shown() -> None:
    assert fault_of({"components": [""] * 100}).endswith(" more")


def test_what_is_no_object_is_called_what_it_is() -> None:
    assert "list" in fault_of([])
    assert fault_of(b"{").startswith("not JSON")


def fault_of(event: Any) -> str:
    with pytest.raises(BadEvent) as fault:
        parse_event(event if isinstance(event, bytes) else orjson.dumps(event))
    return str(fault.value)
