"""Imports."""

from pathlib import Path

from forewarn.contracts.api import Fault, ImportReport

from .conftest import Run
from .house import House

CATALOG, PEOPLE = "PUT /v1/directory/catalog", "PUT /v1/directory/people?format=csv"


def a_report(added: int = 2, faults: int = 0) -> ImportReport:
    listed = [Fault(line=n + 2, reason=f"no such zone: Mars {n}") for n in range(faults)]
    return ImportReport(read=added + faults, added=added, changed=0, unchanged=0, faulty=faults, faults=listed)


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
