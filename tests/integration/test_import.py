"""The command, the wire and the door together: a directory imported, looked at, pruned."""

from pathlib import Path

from tests.support.home import DEMO, Home


def people(home: Home) -> int:
    return int(home.rows("select count(*) as n from subscriber")[0]["n"])


def test_the_command_imports_tries_and_prunes(home: Home, tmp_path: Path) -> None:
    files = ("--catalog", str(DEMO / "catalog.yaml"), "--people", str(DEMO / "people.csv"))
    shorter = tmp_path / "people.csv"
    shorter.write_text("".join((DEMO / "people.csv").read_text().splitlines(keepends=True)[:-2]))
    home.cli("directory", "import", *files)

    told = [
        home.cli("directory", "import", "--people", str(shorter), *more)
        for more in (("--prune", "--dry-run"), ("--prune", "--yes"))
    ]
    after = people(home)
    home.cli("directory", "import", "--people", str(DEMO / "people.csv"))

    assert "nothing was written" in told[0] and "nothing was written" not in told[1]
    assert (after, people(home)) == (10, 12)
