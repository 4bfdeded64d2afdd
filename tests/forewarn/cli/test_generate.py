"""`forewarn dev generate`."""

from pathlib import Path

from .conftest import Run


def test_the_files_and_the_figures_agree(run: Run, tmp_path: Path) -> None:
    ran = run("dev", "generate", str(tmp_path / "new"), "--people", "500", "--bad", "4", "--json")

    assert (ran.code, ran.err) == (0, "")
    lines = Path(ran.json["files"]["people"]).read_bytes().splitlines()
    assert (len(lines), ran.json["people"], ran.json["accounts"]) == (501, 500, 10)
    assert 5 < ran.json["bad"] < 60
    assert ran.json["components"]["network"] == 1.0


def test_a_person_reads_what_to_break_and_what_to_do_next(run: Run, tmp_path: Path) -> None:
    ran = run("dev", "generate", str(tmp_path), "--people", "5000")

    assert "5,000 people of 100 accounts." in ran.out
    assert "An outage of network touches about everybody" in ran.out
    assert f"forewarn directory import --catalog {tmp_path}/catalog.yaml" in ran.out


def test_what_cannot_be_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert run("dev", "generate", str(tmp_path), "--people", "9").code == 2
    assert run("dev", "generate", str(tmp_path), "--people", "100", "--zones", "23").code == 2
    assert run("dev", "generate", str(tmp_path / "file"), "--people", "100").code == 2
