"""`forewarn dev`: the whole system on this machine, in a sandbox."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
import typer

from forewarn.cli.options import Json, example, noun
from forewarn.cli.trouble import Kind, Trouble
from forewarn.dev.demo.rounds import DemoFailed
from forewarn.dev.demo.run import demo, wait_for_enter
from forewarn.dev.servers import ServerFailed
from forewarn.dev.servers.place import DirectoryTaken
from forewarn.dev.up import NotUp
from forewarn.dev.up import down as take_down
from forewarn.dev.up import up as bring_up
from forewarn.dev.workers import WorkerFailed

FAILED = (ServerFailed, WorkerFailed, DemoFailed, DirectoryTaken, NotUp)
PLACE = Path(".forewarn")

app = noun("Run Forewarn on this machine, in a sandbox.")


@app.command("demo", epilog=example("forewarn dev demo"))
def run_demo(as_json: Json = False) -> None:
    """Watch an alert become mails to the right people, each accounted for."""

    def say(line: str) -> None:
        typer.echo(line, err=as_json)

    with TemporaryDirectory(prefix="forewarn-demo-", ignore_cleanup_errors=True) as directory:
        Path(directory).chmod(0o755)  # PostgreSQL runs as its own user there
        try:
            sums = demo(Path(directory), say, (lambda: None) if as_json else wait_for_enter)
        except FAILED as fault:
            raise Trouble(Kind.NOT_CARRIED_OUT, str(fault)) from None
    if as_json:
        typer.echo(orjson.dumps(sums).decode())


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
