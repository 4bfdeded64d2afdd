"""`forewarn simulate`: months of outages and planned work in memory, and whether every promise is kept."""

import subprocess
import sys
from typing import Annotated

import typer

from forewarn.cli import options as o

PROGRAM = "services.planner.simulation"

app = o.noun("Simulate months of outages; see whether every promise is kept.")


@app.command(epilog=o.example("forewarn simulate --days 30 --seed 7"))
def simulate(
    days: Annotated[int, typer.Option(metavar="N", min=1, max=365, help="How many days.")] = 90,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="The same seed gives the same result.")] = 1,
    seeds: Annotated[int, typer.Option(metavar="N", min=1, help="So many seeds, one after the other.")] = 1,
    people: Annotated[int, typer.Option(metavar="N", min=1, help="Customers with a mail address.")] = 20_000,
    only: Annotated[str | None, typer.Option(metavar="OUTAGE", help='One outage alone, e.g. "incident 14".')] = None,
    as_json: o.Json = False,
) -> None:
    """Run the real planner through months in memory; nothing is sent.

    A fake clock jumps from one thing due to the next: incidents, planned work, a clock that is down for two hours,
    providers that take nothing, communicators who are absent, nights in which clocks are changed. Exit code 1 and a
    line for each if a law is broken.
    """
    asked = [f"--days={days}", f"--seed={seed}", f"--seeds={seeds}", f"--people={people}"]
    asked += [f"--only={only}"] if only is not None else []
    asked += ["--json"] if as_json else []
    ran = subprocess.run([sys.executable, "-P", "-m", PROGRAM, *asked], check=False)
    raise typer.Exit(ran.returncode)
