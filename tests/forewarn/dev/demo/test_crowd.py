"""How far it is: a bar on a terminal, else a line a second."""

import io

import pytest
from rich.console import Console

from forewarn.dev.demo.crowd import MostOf


@pytest.fixture
def said() -> list[str]:
    return []


def test_without_a_terminal_a_line_says_it_at_most_once_a_second(said: list[str]) -> None:
    seconds = iter([0.0, 0.5, 1.1, 1.1, 1.6, 2.2, 2.2])

    with MostOf(said.append, Console(file=io.StringIO()), lambda: next(seconds)).bar() as bar:
        for done in (100, 2_000, 3_000, 4_000):
            bar("told", done, 5_000)

    assert said == ["  told: 2,000 of 5,000", "  told: 4,000 of 5,000"]


def test_on_a_terminal_there_is_a_bar_and_no_line(said: list[str]) -> None:
    screen = io.StringIO()

    with MostOf(said.append, Console(file=screen, force_terminal=True, width=80)).bar() as bar:
        bar("told", 4_999, 5_000)

    assert not said
    assert "told" in screen.getvalue() and "4,999 of 5,000" in screen.getvalue()
