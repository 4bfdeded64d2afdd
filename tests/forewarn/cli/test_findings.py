"""What the linter finds is shown before anybody is told; it refuses nothing, and holds nothing up (M8)."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from .conftest import Run, Types
from .house import House
from .views import a_preview, a_schedule, a_text, carried_out

SENT, STATE, PREVIEW = "POST /v1/events", "GET /v1/events/*", "POST /v1/preview"
TAKEN = (202, {"event_id": "e1"})
BLAMING = ("incident", "update", "INC-7", "--cause", "Our provider AWS failed, and it will be fixed soon!")
FOUND = [("cause", "blame"), ("cause", "vague-time"), ("cause", "exclamation-mark")]
GOOD = "Some of you cannot pay by card.\n\nWe are sorry. You hear from us by 15:00 CET.\n\n— Dana Roth, Acme\n"
UNSORRY = GOOD.replace("We are sorry. ", "")
PLAN = ("maintenance", "plan", "--component", "api", "--start", "2099-12-14 20:00", "--end", "2h", "--dry-run")


@pytest.fixture
def here(house: House) -> House:
    """A house that takes every event, and whose prepared text is a good one."""
    house.says(SENT, TAKEN)
    house.says(STATE, carried_out())
    house.says(PREVIEW, a_preview(texts=[a_text(text=GOOD)]))
    return house


def places(findings: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(each["place"], each["code"]) for each in findings]


def test_findings_stand_above_the_question_and_hold_nothing_up(here: House, run: Run, types: Types) -> None:
    types("y\n")

    ran = run(*BLAMING)

    assert (ran.code, len(here.asked(SENT))) == (0, 1)
    shown, question = ran.err.index("puts it on somebody else"), ran.err.index("Tell 812,441 people?")
    assert shown < question and "Say what failed, not who did; it is yours to put right." in ran.err
    assert max(map(len, ran.err.splitlines())) <= 80


def test_a_program_reads_them_as_a_list_beside_what_became_of_its_act(here: House, run: Run) -> None:
    bad, good = run(*BLAMING, "--yes", "--json"), run(*BLAMING[:-1], "A full disk.", "--yes", "--json")

    assert (bad.code, bad.err, places(bad.json["findings"])) == (0, "", FOUND)
    assert set(bad.json["findings"][0]) == {"code", "severity", "place", "what", "todo"}
    assert (good.code, good.json["findings"]) == (0, [])


def test_a_dry_run_and_the_preview_of_an_event_show_them_too(here: House, run: Run, tmp_path: Path) -> None:
    (tmp_path / "event.json").write_bytes(orjson.dumps({"about": "INC-7", "cause": BLAMING[-1]}))

    dry, previewed = run(*BLAMING, "--dry-run", "--json"), run("preview", "event.json", "--json")

    assert places(dry.json["findings"]) == places(previewed.json["findings"]) == FOUND
    assert "puts it on somebody else" in run(*BLAMING, "--dry-run").out and here.asked(SENT) == []


def test_words_that_lack_nothing_are_not_spoken_of(here: House, run: Run) -> None:
    out = run("incident", "open", "--component", "api", "--cause", "A full disk.", "--dry-run").out

    assert "linter" not in out


def test_what_the_prepared_text_does_not_say_either_is_missing(here: House, run: Run) -> None:
    here.says(PREVIEW, a_preview(texts=[a_text(text=UNSORRY), a_text(side="inside", text="Down.")]))

    ran = run("incident", "update", "INC-7", "--cause", "A full disk.", "--dry-run", "--json")

    assert places(ran.json["findings"]) == [("text, en", "no-apology")]


def test_planned_work_that_nobody_gains_by_is_named_long_before_there_is_a_text(here: House, run: Run) -> None:
    here.says(PREVIEW, a_preview(texts=[], notices=[], groups=[], people=0))
    here.says("POST /v1/maintenances/rehearsal", a_schedule())

    bare, told = run(*PLAN, "--json"), run(*PLAN, "--benefit", "Payouts reach you faster.", "--json")

    assert places(bare.json["findings"]) == [("benefit", "no-benefit")]
    assert told.json["findings"] == []


def test_of_an_outage_as_it_stands_the_whole_text_is_judged(here: House, run: Run) -> None:
    text = UNSORRY.replace("by card", "by card at db-prod-03")
    here.says("GET /v1/outages/INC-7/preview", a_preview(texts=[a_text(text=text), a_text(locale="fr", text="?")]))

    ran = run("preview", "INC-7", "--json")

    assert places(ran.json["findings"]) == [("text, en", "no-apology"), ("line 1, en", "host-name")]


def test_without_a_desk_what_was_written_is_judged_and_told_all_the_same(here: House, run: Run) -> None:
    here.says(PREVIEW, (503, {"reason": "the database is away"}))

    ran = run(*BLAMING, "--yes")

    assert (ran.code, len(here.asked(SENT))) == (0, 1)
    assert "No preview can be had." in ran.err and "puts it on somebody else" in ran.err


def test_an_own_text_that_gives_way_is_named_above_the_words_that_go_out(here: House, run: Run) -> None:
    here.says(PREVIEW, a_preview(texts=[a_text(text=GOOD, gave_way="en/first.j2")]))

    ran = run("incident", "open", "--component", "api", "--dry-run")

    assert "Your own text en/first.j2 cannot tell this, so the prepared one goes out:" in ran.out
