"""Texts, checked before anybody reads them."""

import io
import sys
from pathlib import Path

import pytest

from forewarn.cli.text import Linted

from .conftest import Run

GOOD = b"""{"components": ["card-payments"], "symptoms": "Some of you cannot pay by card.",
"next_update_at": "2026-11-22T14:32:00+01:00", "communicator": "dana"}"""
BAD = b"""{"components": ["card-payments"], "symptoms": "Card-payments will be back soon!", "communicator": "dana",
"next_update_at": "2026-11-22T14:32:00+01:00"}"""
WHOLE = "You cannot log in.\n\nWe write again by 15:00.\n\n— Dana, Acme\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the user stands; no server is named."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FOREWARN_URL", raising=False)
    return tmp_path


def test_a_good_event_ends_with_0_and_no_server(run: Run, here: Path) -> None:
    (here / "event.json").write_bytes(GOOD)

    ran, document = run("text", "check", "event.json"), run("text", "check", "event.json", "--json")

    assert (ran.code, ran.out, ran.err) == (0, "event.json: nothing found\n", "")
    assert (document.code, document.json) == (0, {"file": "event.json", "locale": "en", "findings": []})


def test_findings_end_with_1_each_with_place_code_and_what_to_do(run: Run, here: Path) -> None:
    (here / "event.json").write_bytes(BAD)

    ran, document = run("text", "check", "event.json"), run("text", "check", "event.json", "--json")

    assert (ran.code, document.code, ran.err, document.err) == (1, 1, "", "")
    found = Linted.model_validate(document.json).findings
    assert [(each.place, each.code, each.severity) for each in found] == [
        ("symptoms", "vague-time", "better"),
        ("symptoms", "component-key", "better"),
        ("symptoms", "exclamation-mark", "better"),
    ]
    for each in found:
        assert f"symptoms  {each.code}" in ran.out
    assert '"soon" is no time that readers can plan by.' in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


def test_stdin_is_read(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BAD)))

    assert run("text", "check", "-").code == 1


def test_only_what_opens_an_outage_is_asked_for_what_is_missing(run: Run, here: Path) -> None:
    (here / "opens.json").write_text('{"cause": "A disk is full."}')
    (here / "updates.json").write_text('{"about": "INC-7", "cause": "A disk is full."}')
    (here / "acts.json").write_text('{"about": "INC-7", "act": "withdraw", "note": "It was a false alarm."}')

    opens = run("text", "check", "opens.json", "--json")

    assert [each["code"] for each in opens.json["findings"]] == ["no-owner", "no-symptom", "no-next-update"]
    assert [run("text", "check", name).code for name in ("updates.json", "acts.json")] == [0, 0]


def test_a_whole_text_is_judged_as_readers_get_it(run: Run, here: Path) -> None:
    (here / "mail.txt").write_text(WHOLE, encoding="utf-8")

    ran = run("text", "check", "mail.txt", "--whole", "--json")

    found = [(each["place"], each["code"]) for each in ran.json["findings"]]
    assert (ran.code, found) == (1, [("text", "no-apology"), ("line 3", "time-without-zone")])


def test_the_kind_of_a_whole_text_can_be_said(run: Run, here: Path) -> None:
    (here / "mail.txt").write_text("You can pay in one step now.\n\n— Dana, Acme\n", encoding="utf-8")

    said = run("text", "check", "mail.txt", "--whole", "--kind", "announcement")
    event = run("text", "check", "mail.txt", "--kind", "announcement")

    assert (said.code, event.code) == (0, 2)
    assert "--kind is for --whole" in event.err


def test_the_language_is_told_by_the_words_or_by_the_user(run: Run, here: Path) -> None:
    (here / "event.json").write_text('{"about": "INC-7", "note": "Das Portal ist bald wieder da."}')

    told, given = run("text", "check", "event.json", "--json"), run("text", "check", "event.json", "--locale", "en")

    assert (told.json["locale"], [each["code"] for each in told.json["findings"]]) == ("de", ["vague-time"])
    assert given.code == 0


def test_a_word_that_readers_know_can_be_allowed(run: Run, here: Path) -> None:
    (here / "event.json").write_text('{"about": "INC-7", "note": "The KYC check is slow."}')

    assert run("text", "check", "event.json").code == 1
    assert run("text", "check", "event.json", "--allow", "KYC").code == 0


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "not JSON"),
        (b"[]", "an event is a JSON object"),
        (b'{"next_update_at": "soon"}', "next_update_at"),
        (None, "No such file"),
    ],
)
def test_bad_input_ends_with_2_and_says_why(run: Run, here: Path, body: bytes | None, words: str) -> None:
    if body is not None:
        (here / "event.json").write_bytes(body)

    ran, document = run("text", "check", "event.json"), run("text", "check", "event.json", "--json")

    assert (ran.code, ran.out, document.code, document.json["error"]["kind"]) == (2, "", 2, "usage")
    assert ran.err.startswith("forewarn: event.json: ") and words in ran.err


@pytest.mark.parametrize(("body", "words"), [(b"\xff\xfe", "no text in UTF-8"), (b" \n", "is empty")])
def test_what_is_no_text_is_bad_input(run: Run, here: Path, body: bytes, words: str) -> None:
    (here / "mail.txt").write_bytes(body)

    ran = run("text", "check", "mail.txt", "--whole")

    assert (ran.code, words in ran.err) == (2, True)


def test_what_a_text_holds_cannot_steer_the_terminal(run: Run, here: Path) -> None:
    (here / "mail.txt").write_text('File "pay\x1b[31m.py", line 7', encoding="utf-8")

    ran = run("text", "check", "mail.txt", "--whole")

    assert ("stack-trace" in ran.out, "\x1b" in ran.out) == (True, False)


def test_the_verb_has_a_line_and_an_example(run: Run) -> None:
    out = run("text", "check", "--help").out

    assert "Example:\n    forewarn text check" in out
    assert max(map(len, out.splitlines())) <= 80
