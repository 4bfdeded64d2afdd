"""A house to speak with, and the command as a person runs it."""

import io
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest

from forewarn.cli import client
from forewarn.cli.main import main

from .house import House, open_house
from .views import a_preview


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return orjson.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[House]:
    """A house that the environment points to, whose desk can say what an event would tell."""
    with open_house() as opened:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("FOREWARN_URL", opened.url)
        monkeypatch.setenv("FOREWARN_TOKEN", "fw_right")
        monkeypatch.delenv("FOREWARN_DESK_URL", raising=False)
        monkeypatch.setattr(client, "BREATH_SECONDS", 0.0)
        opened.says("POST /v1/preview", a_preview())
        yield opened


class Terminal(io.StringIO):
    """What a person types; at the end they press Ctrl-D."""

    def isatty(self) -> bool:
        return True


Types = Callable[[str], None]


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Types:
    """A person at a terminal who types this."""
    return lambda text: monkeypatch.setattr(sys, "stdin", Terminal(text))


@pytest.fixture(autouse=True)
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as here:
        here.setenv("TZ", "Europe/Berlin")
        here.setenv("COLUMNS", "80")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def _run(*arguments: str) -> Ran:
        code = main(list(arguments))
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return _run
