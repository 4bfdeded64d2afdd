"""What holds for every verb: troubles, exit codes, --json, help."""

import subprocess
import sys
import time
from typing import Any
from unittest.mock import ANY

import orjson
import pytest

from forewarn.cli import main as cli
from forewarn.contracts.api import EventFailed

from .conftest import Run
from .house import House, in_json
from .views import a_delivery, a_failed, a_log_entry, a_preview, a_row, a_sending, a_status, an_outage

READS: dict[tuple[str, ...], tuple[str, Any]] = {
    ("status",): ("GET /v1/status", a_status()),
    ("incident", "list"): ("GET /v1/outages", [a_row()]),
    ("incident", "show", "INC-7"): ("GET /v1/outages/INC-7", an_outage()),
    ("incident", "show", "INC-7", "--log"): ("GET /v1/outages/INC-7/log", [a_log_entry()]),
    ("maintenance", "list"): ("GET /v1/outages", [a_row(name="MNT-3", kind="maintenance")]),
    ("maintenance", "show", "MNT-3", "--log"): ("GET /v1/outages/MNT-3/log", [a_log_entry()]),
    ("preview", "INC-7"): ("GET /v1/outages/INC-7/preview", a_preview()),
    ("sending", "show"): ("GET /v1/sending", a_sending()),
    ("deliveries", "INC-7"): ("GET /v1/outages/INC-7/deliveries", [a_delivery()]),
    ("failed", "list"): ("GET /v1/failed", [a_failed()]),
    ("failed", "show", "e1"): ("GET /v1/failed/e1", a_failed()),
}


@pytest.mark.parametrize("verb", READS)
def test_json_prints_one_document_and_nothing_else(house: House, run: Run, verb: tuple[str, ...]) -> None:
    call, answer = READS[verb]
    house.says(call, answer)

    ran = run(*verb, "--json")

    own = {"findings": ANY} if verb[0] == "preview" else {}  # the command's own word, beside what the desk said
    assert ran.json == (own | said if isinstance(said := orjson.loads(in_json(answer)), dict) else said)
    assert (ran.err, ran.code) == ("", 0)


@pytest.mark.parametrize(
    ("status", "answer", "words"),
    [
        (401, {"reason": "no such token"}, "FOREWARN_TOKEN"),
        (403, {"reason": "a reader may not send"}, "a reader may not send"),
        (413, {"reason": "more than 1 MB"}, "smaller parts"),
        (422, EventFailed(failed_id="f1", reason="impact: bad"), "forewarn failed show f1"),
        (503, {"reason": "the broker is away"}, "Try again shortly"),
        (500, b"<html>", "HTTP 500"),
        (200, b"<html>", "does not speak as Forewarn does"),
    ],
)
def test_a_refusal_is_one_line_with_what_where_and_what_to_do(
    house: House, run: Run, status: int, answer: Any, words: str
) -> None:
    house.says("GET /v1/status", (status, answer))

    plain, document = run("status"), run("status", "--json")

    assert plain.err.startswith(f"forewarn: the desk at {house.url}: ") and plain.err.count("\n") == 1
    assert words in plain.err
    assert (plain.code, plain.out, document.err) == (1, "", "")
    assert words in document.json["error"]["message"] and document.json["error"]["status"] == status


def test_a_wrong_token_says_what_to_do(house: House, run: Run) -> None:
    house.says("GET /v1/status", (401, b""))

    ran = run("status")

    assert ran.err == (
        f"forewarn: the desk at {house.url}: the token is not known. "
        "Set FOREWARN_TOKEN to a valid token: `make up` prints one\n"
    )


def test_an_unreachable_desk_ends_with_3(house: House, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOREWARN_DESK_URL", "http://127.0.0.1:9")

    ran = run("status")

    assert ran.code == 3
    assert ran.err.startswith("forewarn: the desk at http://127.0.0.1:9: cannot be reached. Is it up?")


def test_missing_settings_and_wrong_usage_end_with_2(run: Run, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    usage, document = run("incident", "open", "--impact", "awful"), run("nonsense", "--json")
    monkeypatch.delenv("FOREWARN_TOKEN")

    assert (usage.code, document.code, run("status").code) == (2, 2, 2)
    assert document.json["error"]["kind"] == "usage"


def test_help_explains_the_words_before_the_commands(run: Run) -> None:
    ran = run("--help")

    assert ran.code == 0
    assert 0 < ran.out.index("incident ") < ran.out.index("next update") < ran.out.index("Commands:")
    assert max(map(len, ran.out.splitlines())) <= 80


def test_the_help_leads_through_an_incident_in_one_line_each(run: Run) -> None:
    out = run("--help").out

    for verb in ("open", "update", "correct", "resolve"):
        assert f"  forewarn incident {verb} " in out
    for word in ("correction ", "pause "):
        assert f"\n    {word}" in out


def test_every_verb_has_a_line_and_an_example(run: Run) -> None:
    verbs = [("status",), ("why",), ("deliveries",), ("directory", "import"), ("event", "send"), ("event", "show")]
    verbs += [("failed", verb) for verb in ("list", "show", "replay")]
    acts = ("open", "update", "correct", "withdraw", "release", "dismiss", "take", "resolve", "show", "list")
    verbs += [("incident", verb) for verb in (*acts, "hand-over", "merge", "split")]
    planned = ("plan", "confirm", "delay", "extend", "cancel", "start", "progress", "complete", "update", "hand-over")
    verbs += [("maintenance", verb) for verb in (*planned, *acts[2:7], "show", "list")] + [("announce",)]
    verbs += [("preview",), ("drill",), ("notice", "cancel")]
    verbs += [("sending", verb) for verb in ("pause", "resume", "show")]

    for verb in verbs:
        out = run(*verb, "--help").out
        assert f"Example:\n    forewarn {' '.join(verb)}" in out
        assert max(map(len, out.splitlines())) <= 80


def test_help_comes_at_once() -> None:
    """0.1 s on the machine it was written on; the bound leaves room for a busy one."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", cli.__name__, "--help"], check=True, capture_output=True)

    assert time.perf_counter() - began < 1.5


def test_help_imports_neither_the_client_nor_the_tables() -> None:
    heavy = (
        "import sys, forewarn.cli.main as m; m.main(['--help']); assert not {'pydantic', 'urllib3'} & set(sys.modules)"
    )

    subprocess.run([sys.executable, "-c", heavy], check=True, capture_output=True)
