"""`forewarn dev`: the whole system on this machine, in a sandbox."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import orjson
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from forewarn.cli.options import Json, example, noun
from forewarn.cli.tables import console
from forewarn.cli.trouble import Kind, Trouble
from forewarn.dev.demo.rounds import DemoFailed
from forewarn.dev.demo.run import Acts, demo, wait_for_enter
from forewarn.dev.generate.directory import LEAST_PEOPLE, ZONES, Directory, directory
from forewarn.dev.generate.files import Format, Written, write
from forewarn.dev.generate.places import LEAST, MOST
from forewarn.dev.servers import ServerFailed
from forewarn.dev.servers.place import DirectoryTaken
from forewarn.dev.up import NotUp
from forewarn.dev.up import down as take_down
from forewarn.dev.up import up as bring_up
from forewarn.dev.workers import WorkerFailed

FAILED = (ServerFailed, WorkerFailed, DemoFailed, DirectoryTaken, NotUp)
PLACE = Path(".forewarn")
COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())

app = noun("Run Forewarn on this machine, in a sandbox.")


@app.command("demo", epilog=example("forewarn dev demo --subscribers 1000000"))
def run_demo(
    subscribers: Annotated[
        int, typer.Option(metavar="N", min=LEAST_PEOPLE, help="How many people in act 2.")
    ] = 100_000,
    act: Annotated[Acts, typer.Option(help="1: people with names; 2: a crowd; 3: planned work; or all.")] = Acts.ALL,
    as_json: Json = False,
) -> None:
    """Watch one alert, then an incident that touches a crowd."""

    def say(line: str) -> None:
        typer.echo(line, err=as_json)

    with TemporaryDirectory(prefix="forewarn-demo-", ignore_cleanup_errors=True) as directory:
        Path(directory).chmod(0o755)  # PostgreSQL runs as its own user there
        try:
            sums = demo(Path(directory), say, (lambda: None) if as_json else wait_for_enter, act, subscribers)
        except FAILED as fault:
            raise Trouble(Kind.NOT_CARRIED_OUT, str(fault)) from None
    if as_json:
        typer.echo(orjson.dumps(sums).decode())


@app.command("generate", epilog=example("forewarn dev generate people --people 100000 --bad 2"))
def generate(
    to: Annotated[Path, typer.Argument(metavar="DIR", help="Where the files go; it is made if need be.")],
    people: Annotated[int, typer.Option(metavar="N", min=LEAST_PEOPLE, help="How many people.")],
    seed: Annotated[int, typer.Option(metavar="N", help="The same seed makes the same files.")] = 1,
    zones: Annotated[int, typer.Option(metavar="N", min=LEAST, max=MOST, help="How many time zones.")] = ZONES,
    format: Annotated[Format, typer.Option(help="How the people are written down.")] = Format.CSV,
    bad: Annotated[float, typer.Option(metavar="PERCENT", min=0, max=100, help="How many lines to break.")] = 0.0,
    as_json: Json = False,
) -> None:
    """Write a lifelike catalog and people, ready to be imported."""
    made = directory(people, seed, zones)
    screen = console(to_errors=True)
    with Progress(*COLUMNS, console=screen, transient=True, disable=as_json or not screen.is_terminal) as bar:
        task = bar.add_task("people", total=people)
        try:
            written = write(to, made, format, bad, lambda lines: bar.update(task, completed=lines))
        except OSError as fault:
            raise Trouble(Kind.USAGE, f"{fault.filename or to}: {fault.strerror}") from None
    typer.echo(orjson.dumps(_figures(made, written)).decode() if as_json else _told(made, written))


def _figures(made: Directory, written: Written) -> dict[str, object]:
    """What --json prints: `components` is the share of the customers that an outage of each touches."""
    shares = sorted(made.catalog.shares.items(), key=lambda each: (-each[1], each[0]))
    return {
        "people": written.people,
        "bad": written.bad,
        "accounts": len(made.catalog.accounts),
        "zones": len(made.places),
        "seed": made.seed,
        "files": {"catalog": str(written.catalog), "people": str(written.file)},
        "components": {key: round(share, 4) for key, share in shares},
    }


def _told(made: Directory, written: Written) -> str:
    some = made.catalog.touching(0.2)
    broken = f", {written.bad:,} of them broken on purpose" if written.bad else ""
    return "\n".join(
        (
            f"{written.people:,} people of {len(made.catalog.accounts):,} accounts{broken}.",
            f"An outage of {made.catalog.touching(1.0)} touches about everybody,"
            f" one of {some} {round(100 * made.catalog.shares[some])} % of the customers.",
            f"Import: forewarn directory import --catalog {written.catalog} --people {written.file}",
        )
    )


@app.command("up", epilog=example("forewarn dev up"))
def up() -> None:
    """Bring everything up and stay: the URLs and a token are printed."""
    PLACE.mkdir(exist_ok=True)
    try:
        bring_up(PLACE.absolute(), typer.echo)
    except FAILED as fault:
        raise Trouble(Kind.NOT_CARRIED_OUT, str(fault)) from None


@app.command("down", epilog=example("forewarn dev down"))
def down(as_json: Json = False) -> None:
    """End what `forewarn dev up` started here."""
    try:
        take_down(PLACE.absolute())
    except NotUp as fault:
        raise Trouble(Kind.NOT_CARRIED_OUT, str(fault)) from None
    typer.echo(orjson.dumps({"down": True, "by": os.getpid()}).decode() if as_json else "Everything is down.")
