"""Import a lifelike directory with 2 % bad lines through the door: added, unchanged, 1 % changed; and ingest's memory.

python -m benchmarks.directory_import --n 1000000
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import orjson
import psycopg

from benchmarks.results import record
from forewarn.dev.generate.directory import directory
from forewarn.dev.generate.files import Written, write
from forewarn.dev.house import House, house

BAD = 2.0  # percent
SECONDS_A_MILLION = 60.0
SMALL = 10_000
GOAL = "as fast as a million in 60 s"


def main() -> int:
    """Run, and append what was measured to the results; 1 if a goal is not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=1_000_000, help="how many people")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="directory-import-") as name:
        work = Path(name)
        small, large = (write(work / str(n), directory(n), bad=BAD) for n in (SMALL, asked.n))
        with house(work / "house", _say) as home:
            return _measure(home, small, large, work)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _measure(home: House, small: Written, large: Written, work: Path) -> int:
    _put(home, "catalog", small.catalog)
    _put(home, "people?format=csv", small.file)
    memory = {"rss_mb_at_10k": _peak(home)}
    with psycopg.connect(home.database_url) as connection:
        connection.execute("truncate subscriber, stake, address, suppression, account, uses cascade")
    _put(home, "catalog", large.catalog)
    changed = _changed(large.file, work / "changed.csv")
    met = True
    for what, file in (("added", large.file), ("unchanged", large.file), ("1 % changed", changed)):
        began = time.monotonic()
        report = _put(home, "people?format=csv", file)
        seconds = time.monotonic() - began
        counts = {name: report[name] for name in ("added", "changed", "unchanged", "faulty")}
        met &= record(
            bench=f"directory_import: {what}",
            n=report["read"],
            seconds=seconds,
            per_second=report["read"] / seconds,
            ratios={GOAL: SECONDS_A_MILLION * report["read"] / 1_000_000 / seconds},
            goal={GOAL: 1.0},
            **counts, **memory, rss_mb=_peak(home),
        )  # fmt: skip
    return 0 if met else 1


def _put(home: House, path: str, file: Path) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {home.tokens['oleg']}", "Content-Length": str(file.stat().st_size)}
    with file.open("rb") as body:
        url = f"{home.door_url}/v1/directory/{path}"
        answer = home.http.request("PUT", url, body=body, headers=headers, timeout=900)
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status} {answer.data[:2000]!r}")
    report: dict[str, Any] = orjson.loads(answer.data)
    return report


def _changed(file: Path, to: Path) -> Path:
    """The same file, with another language for every hundredth person."""
    with file.open("rb") as lines, to.open("wb") as out:
        header = next(lines)
        place = header.decode().strip().split(",").index("locale")
        out.write(header)
        for number, line in enumerate(lines):
            cells = line.split(b",")
            if number % 100 == 0 and len(cells) == header.count(b",") + 1:
                cells[place] = b"fr" if cells[place] != b"fr" else b"en"
            out.write(b",".join(cells))
    return to


def _peak(home: House) -> float:
    """The most memory that ingest has ever held, in MB."""
    status = Path(f"/proc/{home.workers['ingest'].pid}/status").read_text()
    return round(int(status.partition("VmHWM:")[2].split()[0]) / 1024, 1)


if __name__ == "__main__":
    sys.exit(main())
