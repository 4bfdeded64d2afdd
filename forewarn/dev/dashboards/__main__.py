"""Write deploy/grafana/*.json, or say with --check that they are not as Python has them."""

import argparse
import json
import sys
from pathlib import Path

from forewarn.dev.dashboards import delivery, promises
from forewarn.dev.dashboards.panels import dashboard

DIRECTORY = Path(__file__).parents[3] / "deploy" / "grafana"


def dashboards() -> dict[str, str]:
    """The files by name, as they are to stand in the directory."""
    boards = {
        "delivery": dashboard(
            "forewarn-delivery",
            "Forewarn: delivery",
            "Who has been told of an outage and who has not, and what stands in the way.",
            delivery.ROWS,
        ),
        "promises": dashboard(
            "forewarn-promises",
            "Forewarn: promises",
            "Which promise and which rung of planned work is due next, and how those before them ended.",
            promises.ROWS,
        ),
    }
    return {f"{name}.json": json.dumps(board, indent=2, ensure_ascii=False) + "\n" for name, board in boards.items()}


def main() -> int:
    """0, or 1 if --check found a difference."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true", help="write nothing")
    check = options.parse_args().check
    drifted = [name for name, text in dashboards().items() if not _stands(name, text)]
    if check:
        for name in drifted:
            sys.stderr.write(f"deploy/grafana/{name} is not what forewarn/dev/dashboards makes: make dashboards\n")
        return 1 if drifted else 0
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    for name in drifted:
        (DIRECTORY / name).write_text(dashboards()[name])
    return 0


def _stands(name: str, text: str) -> bool:
    path = DIRECTORY / name
    return path.exists() and path.read_text() == text


if __name__ == "__main__":
    raise SystemExit(main())
