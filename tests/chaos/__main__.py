"""Every fault, each a run of its own, and a table of what held.

    python -m tests.chaos [--only REGEX] [--form long] [--seeds 1] [--again] [--json] [--table]

Ends with 1 if a promise was broken. What is done is not done again: results stand in tests/chaos/out/results.jsonl.
"""

import argparse
import re
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import orjson

from forewarn.dev.house import furnished
from forewarn.dev.servers import Servers, private_servers
from forewarn.dev.servers.emptied import emptied
from tests.chaos.faults import FAULTS, Fault
from tests.chaos.form import FORMS, Form
from tests.chaos.results import RESULTS, Line, read, record, table
from tests.chaos.run import run


def main() -> None:
    given = _options().parse_args()
    form = FORMS[given.form]
    wanted = [fault for name, fault in FAULTS.items() if re.search(given.only, name)]
    ended = given.table or _run_all(wanted, form, range(given.seed, given.seed + given.seeds), given)
    lines = [line for line in read(given.results) if line["form"] == form.name and line["fault"] in FAULTS]
    if given.json:
        sys.stdout.write(orjson.dumps(lines, option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in table(lines, FAULTS))
    raise SystemExit(0 if ended and not any(line["broken"] for line in lines) else 1)


def _run_all(faults: list[Fault], form: Form, seeds: range, given: argparse.Namespace) -> bool:
    """Whether each run came to its end, broken promises or not."""
    left = list(_left(faults, form, seeds, [] if given.again else read(given.results)))
    _say(f"{len(left)} runs of {form.people:,} people under a cap of {form.per_second} a second")
    if not left:
        return True
    directory = Path(mkdtemp(prefix="forewarn-chaos-"))
    directory.chmod(0o755)  # PostgreSQL runs as its own user there
    with private_servers(directory / "servers", _say) as servers:
        places = [directory / f"{n}" for n in range(len(left))]
        ended = [_run_one(servers, place, *each, form, given.results) for place, each in zip(places, left, strict=True)]
    _say(f"Logs and records: {directory}")
    return all(ended)


def _left(faults: list[Fault], form: Form, seeds: range, done: list[Line]) -> Iterator[tuple[Fault, int]]:
    """What has not been run, or not with success."""
    known = {(line["fault"], line["seed"]) for line in done if line["form"] == form.name and line["kept"]}
    yield from ((fault, seed) for seed in seeds for fault in faults if (fault.name, seed) not in known)


def _run_one(servers: Servers, directory: Path, fault: Fault, seed: int, form: Form, results: Path) -> bool:
    """Whether it came to its end; if not, the others are run all the same."""
    try:
        emptied(servers)
        two = {"FOREWARN_THREADS": "2"}
        with furnished(servers, directory, _unsaid, form.policy, webhooks=True, settings=two) as house:
            result = run(house, fault, form, seed)
    except Exception:
        _say(f"{fault.name}, seed {seed}: no end, see {directory}\n{traceback.format_exc()}")
        return False
    record(result, results)
    seen = result.evidence
    _say(
        f"{fault.name}, seed {seed}: {seen.planned:,} planned, {seen.lost} lost, {seen.doubled} doubled of"
        f" {seen.bound}, {seen.accounted:.2%} accounted, {seen.seconds:.0f} s; {'; '.join(result.broken) or 'held'}"
    )
    return True


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--only", default="", metavar="REGEX", help="faults whose name has this in it")
    parser.add_argument("--form", choices=FORMS, default="long", help="how long a run lasts")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--seeds", type=int, default=1, help="how many")
    parser.add_argument("--again", action="store_true", help="also what has been run")
    parser.add_argument("--table", action="store_true", help="run nothing, show what there is")
    parser.add_argument("--json", action="store_true", help="results as JSON")
    parser.add_argument("--results", type=Path, default=RESULTS, help="file that results are appended to")
    return parser


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _unsaid(line: str) -> None:
    """How the house starts is of no interest here."""


if __name__ == "__main__":
    main()
