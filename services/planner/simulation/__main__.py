"""`python -m services.planner.simulation`: simulate seeds, print what they came to, and fail if a law is broken."""

import argparse
import sys
from collections.abc import Callable

from services.planner.simulation.report import Figures
from services.planner.simulation.show import document, line, table
from services.planner.simulation.simulate import checked, simulate
from services.planner.simulation.world import Setting


def main(arguments: list[str] | None = None) -> int:
    """1 if a law is broken."""
    parser = argparse.ArgumentParser(prog="forewarn simulate", description=__doc__)
    parser.add_argument("--days", type=int, default=90, help="how many days are simulated")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds, one after the other")
    parser.add_argument("--people", type=int, default=20_000, help="customers with a mail address")
    parser.add_argument("--only", help='one outage alone, such as "incident 14"')
    parser.add_argument("--json", action="store_true", help="one JSON document and nothing else")
    asked = parser.parse_args(arguments)
    setting = Setting(asked.seed, asked.days, asked.people)
    found = list[Figures]()
    for seed in range(asked.seed, asked.seed + asked.seeds):
        one = Setting(seed, asked.days, asked.people)
        progress = _progress(seed)
        first = seed == asked.seed  # that the same seed gives the same is asked of one
        found.append(checked(one, asked.only, progress) if first else simulate(one, asked.only, progress)[0])
        if asked.seeds > 1 and not asked.json:
            _say(line(found[-1]))
    _say(document(setting, found).decode() if asked.json else table(setting, found))
    return int(any(each.breaches for each in found))


def _progress(seed: int) -> Callable[[float], None]:
    """A line on a terminal that is written anew with each percent."""
    if not sys.stderr.isatty():
        return lambda part: None
    said = -1

    def tell(part: float) -> None:
        nonlocal said
        percent = min(100, int(100 * part))
        if percent > said:
            said = percent
            sys.stderr.write(f"\rseed {seed}: {percent} %" if percent < 100 else "\r\x1b[K")
            sys.stderr.flush()

    return tell


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
