"""Previews: nothing is sent."""

from pathlib import Path

from .conftest import Run
from .house import House
from .views import a_preview, a_preview_notice, a_text

STANDS = "GET /v1/outages/INC-7/preview"


def test_an_incident_as_it_stands_shows_texts_audience_and_times(house: House, run: Run) -> None:
    held = a_preview_notice(when="after 3 min unless dismissed", now=False)
    house.says(STANDS, a_preview(verdict=None, notices=[held]))

    out = run("preview", "inc-7").out

    for words in ("Some of you cannot pay by card.", "Einige von Ihnen", "Say that we are looking into it."):
        assert words in out
    for words in (
        "unsubscribed",
        "support",
        "de",
        "18,112",
        "after 3 min unless dismissed",
        "Nobody outside is told now",
    ):
        assert words in out
    assert max(map(len, out.splitlines())) <= 80


def test_an_event_is_previewed_bare_also_out_of_an_envelope(house: House, run: Run, tmp_path: Path) -> None:
    envelope = '{"specversion": "1.0", "id": "c1", "source": "s", "type": "t", "data": {"components": ["api"]}}'
    (tmp_path / "event.json").write_text(envelope, encoding="utf-8")

    ran = run("preview", "event.json", "--json")

    assert house.asked("POST /v1/preview")[0].json == {"components": ["api"], "event_id": "c1", "source": "s"}
    assert (ran.json["people"], ran.err) == (812_441, "")
    assert house.asked("POST /v1/events") == []


def test_what_is_neither_an_event_nor_a_name_is_wrong_usage(house: House, run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text('{"impact": "awful"}', encoding="utf-8")

    bad, nowhere = run("preview", "bad.json"), run("preview", "INC7")

    assert (bad.code, nowhere.code, house.heard) == (2, 2, [])
    assert "bad.json: impact:" in bad.err and "No such file" in nowhere.err


def test_nothing_to_tell_is_said_plainly(house: House, run: Run) -> None:
    house.says(STANDS, a_preview(verdict=None, notices=[], groups=[], texts=[a_text(people=0)], people=0))

    out = run("preview", "INC-7").out

    assert "No notice is to be told." in out and "as it would read now" in out
