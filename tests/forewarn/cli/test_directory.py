"""Imports."""

from pathlib import Path

import pytest

from forewarn.contracts.api import Fault, ImportNews, ImportReport, Refusal

from .conftest import Run, Types
from .house import House

CATALOG, PEOPLE = "PUT /v1/directory/catalog?", "PUT /v1/directory/people?format=csv"


def a_report(added: int = 2, faults: int = 0, unchanged: int = 0, removed: int = 0) -> bytes:
    """The last line of an import's answer, after two about how far it is."""
    listed = [Fault(line=n + 2, reason=f"no such zone: Mars {n}") for n in range(faults)]
    report = ImportReport(
        read=added + faults, added=added, changed=0, unchanged=unchanged, removed=removed, faulty=faults, faults=listed
    )
    reading = ImportNews(phase="reading", done=1, of=2), ImportNews(phase="reading", done=2, of=2)
    return b"".join(news.model_dump_json().encode() + b"\n" for news in (*reading, ImportNews(report=report)))


def test_both_files_are_streamed_whole_and_counted(house: House, run: Run, tmp_path: Path) -> None:
    rows = b"id,name\n" + b"ana,Ana Lima\n" * 50_000
    (tmp_path / "people.csv").write_bytes(rows)
    (tmp_path / "catalog.yaml").write_bytes(b"components: []\n")
    house.says(CATALOG, a_report(3))
    house.says(PEOPLE, a_report(50_000))

    ran = run("directory", "import", "--catalog", "catalog.yaml", "--people", "people.csv")

    assert house.asked(PEOPLE)[0].body == rows
    assert [h.method for h in house.heard] == ["PUT", "PUT"]
    assert "50,000" in ran.out and ran.code == 0


def test_faults_are_shown_and_what_was_good_is_taken(house: House, run: Run, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_bytes(b"x")
    house.says(PEOPLE, a_report(added=1, faults=23))

    ran = run("directory", "import", "--people", "people.csv")

    assert ran.code == 0
    assert "no such zone: Mars 19" in ran.out and "Mars 20" not in ran.out
    assert "... and 3 more" in ran.out


def test_nothing_taken_is_a_failure(house: House, run: Run, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_bytes(b"x")
    house.says(PEOPLE, a_report(added=0, faults=1))

    ran = run("directory", "import", "--people", "people.csv", "--json")

    assert (ran.code, ran.json["people"]["faulty"], ran.json["catalog"]) == (1, 1, None)
    assert ran.err == ""


def test_a_file_of_another_kind_is_refused_before_anything_is_sent(house: House, run: Run, tmp_path: Path) -> None:
    (tmp_path / "people.xlsx").write_bytes(b"x")

    assert run("directory", "import", "--people", "people.xlsx").code == 2
    assert run("directory", "import").code == 2
    assert house.heard == []


@pytest.fixture
def people(tmp_path: Path) -> str:
    (tmp_path / "people.csv").write_bytes(b"id,role\n1,support\n")
    return "people.csv"


DRY = "PUT /v1/directory/people?format=csv&dry_run=true"
PRUNING = "PUT /v1/directory/people?format=csv&prune=true"
PRUNING_DRY = f"{PRUNING}&dry_run=true"


def test_a_dry_run_asks_for_one_and_says_so(house: House, run: Run, people: str) -> None:
    house.says(DRY, a_report())

    ran = run("directory", "import", "--people", people, "--dry-run")

    assert "nothing was written" in ran.out
    assert len(house.heard) == 1


def test_without_a_terminal_each_phase_is_a_line_on_stderr(house: House, run: Run, people: str) -> None:
    house.says(PEOPLE, a_report())

    ran = run("directory", "import", "--people", people)

    assert ran.err == "people: sending\npeople: reading\n"


def test_why_a_file_is_refused_is_said(house: House, run: Run, people: str) -> None:
    line = ImportNews(refused=Refusal(reason="3 lines could not be read"))
    house.says(PEOPLE, line.model_dump_json(exclude_unset=True).encode() + b"\n")

    ran = run("directory", "import", "--people", people)

    assert (ran.code, "people: 3 lines could not be read" in ran.err, ran.out) == (1, True, "")


def test_a_door_that_hangs_up_is_no_success(house: House, run: Run, people: str) -> None:
    house.says(PEOPLE, ImportNews(phase="reading").model_dump_json().encode() + b"\n")

    ran = run("directory", "import", "--people", people)

    assert (ran.code, ran.out) == (3, "")


@pytest.mark.parametrize(("answer", "imports"), [("y\n", 2), ("\n", 1)])
def test_a_prune_of_more_than_a_fifth_asks_first(
    house: House, run: Run, types: Types, people: str, answer: str, imports: int
) -> None:
    house.says(PRUNING_DRY, a_report(0, unchanged=188, removed=812))
    house.says(PRUNING, a_report(0, unchanged=188, removed=812))
    types(answer)

    ran = run("directory", "import", "--people", people, "--prune")

    assert "Remove 812 of 1,000 people? [y/N]" in ran.err
    assert len(house.heard) == imports
    assert ran.code == (0 if imports == 2 else 1)


def test_a_small_prune_and_one_with_yes_ask_nobody(house: House, run: Run, people: str) -> None:
    house.says(PRUNING_DRY, a_report(0, unchanged=80, removed=20))
    house.says(PRUNING, a_report(0, unchanged=80, removed=20))

    small, yes = (run("directory", "import", "--people", people, "--prune", *more) for more in ((), ("--yes",)))

    assert (small.code, yes.code) == (0, 0)
    assert [len(house.asked(PRUNING_DRY)), len(house.asked(PRUNING))] == [1, 2]


def test_a_large_prune_with_nobody_to_ask_removes_nobody(house: House, run: Run, people: str) -> None:
    house.says(PRUNING_DRY, a_report(0, unchanged=79, removed=21))

    ran = run("directory", "import", "--people", people, "--prune")

    assert (ran.code, "21 of 100" in ran.err) == (2, True)
    assert house.asked(PRUNING) == []
