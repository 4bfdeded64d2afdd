"""The boards: as Python has them, complete, and asking only for what workers show."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from forewarn.dev.dashboards.__main__ import DIRECTORY, dashboards
from tests.deploy.declared import all_series

BOARDS = {name: json.loads(text) for name, text in dashboards().items()}
PANELS = [panel for board in BOARDS.values() for panel in board["panels"] if panel["type"] != "row"]
QUERIES = [target["expr"] for panel in PANELS for target in panel["targets"]]

OF_THE_LIBRARY = {"process_resident_memory_bytes", "process_cpu_seconds_total", "up"}


@pytest.mark.parametrize("name", BOARDS)
def test_what_is_committed_is_what_python_makes(name: str) -> None:
    assert (DIRECTORY / name).read_text() == dashboards()[name], "make dashboards"


def test_nothing_else_lies_beside_them() -> None:
    assert {path.name for path in DIRECTORY.glob("*.json")} == set(BOARDS)


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_every_panel_says_what_it_shows_and_in_what_unit(panel: dict[str, Any]) -> None:
    assert len(panel["description"]) > 20 and panel["description"].endswith((".", "`."))
    assert panel["fieldConfig"]["defaults"]["unit"] in {"none", "s", "ops", "percentunit", "bytes"}
    assert panel["targets"] and all(target["expr"] for target in panel["targets"])
    assert panel["datasource"] == {"type": "prometheus", "uid": "$datasource"}
    assert all(target["datasource"] == panel["datasource"] for target in panel["targets"])


def test_no_window_is_hard_coded() -> None:
    windows = {window for query in QUERIES for window in re.findall(r"\[([^\]]*)\]", query)}

    assert windows == {"$__rate_interval"}


def test_only_the_board_itself_has_a_fixed_uid() -> None:
    boards = BOARDS.values()

    assert {uid for board in boards for uid in uids(board["panels"])} == {"$datasource"}
    assert all([v["type"] for v in board["templating"]["list"]] == ["datasource"] for board in boards)


def uids(part: Any) -> Iterator[str]:
    """Every uid anywhere below."""
    if isinstance(part, dict):
        yield from (value for key, value in part.items() if key == "uid")
        for value in part.values():
            yield from uids(value)
    elif isinstance(part, list):
        for value in part:
            yield from uids(value)


def test_panels_have_ids_and_places_of_their_own() -> None:
    for board in BOARDS.values():
        ids = [panel["id"] for panel in board["panels"]]
        cells = [cell for panel in board["panels"] for cell in cells_of(**panel["gridPos"])]

        assert len(set(ids)) == len(ids)
        assert len(set(cells)) == len(cells)
        assert all(x < 24 for x, _ in cells)


def cells_of(x: int, y: int, w: int, h: int) -> list[tuple[int, int]]:
    return [(column, row) for column in range(x, x + w) for row in range(y, y + h)]


def test_every_metric_that_is_asked_for_is_declared() -> None:
    """By name; that each query brings data is the law of test_dashboards_live.py."""
    asked = {name for query in QUERIES for name in re.findall(r"\b(?:forewarn|process)_\w+|\bup\b", query)}

    assert asked - all_series() == OF_THE_LIBRARY


def test_told_and_untold_come_first() -> None:
    titles = [panel["title"] for panel in BOARDS["delivery.json"]["panels"]]

    assert titles[:2] == ["Who has been told, and who has not", "Incidents nobody was told of"]


def test_what_is_due_next_comes_first_on_the_board_of_promises() -> None:
    panels = BOARDS["promises.json"]["panels"]

    assert [panel["title"] for panel in panels[:2]] == ["What is due next", "Next promise is due in"]
    assert panels[1]["options"]["textMode"] == "value_and_name", "the channel and side, though there is only one"
    assert panels[1]["gridPos"] == {"x": 0, "y": 1, "w": 8, "h": 6}


def test_what_is_late_is_shown_below_zero() -> None:
    (line,) = [p for p in PANELS if p["title"] == "Until each next promise is due"]

    assert "min" not in line["fieldConfig"]["defaults"]
