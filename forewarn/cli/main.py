"""The `forewarn` command: finds the noun, runs the verb, and says in one line what went wrong."""

import sys
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException
from typer.main import get_command, get_group

from forewarn.cli.trouble import Ending, Kind, Trouble

WELCOME = """Forewarn tells people about outages: who is touched, what to say, and when.

\b
Words
  incident     Something broke, unplanned; it has a name to say aloud: INC-7.
  maintenance  Planned work in a window of time: MNT-3.
  announcement A release that readers hear of: ANN-2.
  component    A part of your systems, as the catalog names it.
  subscriber   A person or an endpoint that wants to hear.
  notice       One thing to say, at one moment, to one side (inside, outside).
  update       A notice that tells what is new.
  correction   A notice that takes back what was wrong, to those told it.
  next update  The time by which readers hear more, news or not; a promise.
  delivery     One notice on its way to one subscriber, and how it ended.
  pause        While one stands, nothing is sent: at all, or on a channel.
  accounted    The share of deliveries whose end is known; 100 % means all.
  event        What a monitoring system or a person reports, word for word.
  failed       An event that could not be carried out; it is kept.

\b
An incident from start to end
  forewarn incident open --component api --impact down --next-update "in 30m"
  forewarn status --watch
  forewarn incident update INC-7 --status identified --cause "A full disk."
  forewarn incident correct INC-7 --cause "A broken switch, no full disk."
  forewarn incident resolve INC-7

\b
Planned work from start to end
  forewarn maintenance plan --components api --start "tomorrow 20:00" --end 2h
  forewarn maintenance start MNT-3
  forewarn maintenance complete MNT-3
Whatever tells somebody shows text, audience and time first, and asks.
"""

CONNECTION = """\b
Where it connects (else the nearest .forewarn/env, which `make up` writes)
  FOREWARN_URL       the door, e.g. http://127.0.0.1:8080
  FOREWARN_DESK_URL  the desk, if it is elsewhere
  FOREWARN_TOKEN     who you are

\b
Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 cannot reach.
Times are in your own zone. Each verb takes --help and --json.
"""


@dataclass(frozen=True, slots=True)
class Noun:
    """One entry of the command: imported only when it is the one that was asked for."""

    module: str
    about: str
    verbs: bool = True


NOUNS = {
    "incident": Noun("forewarn.cli.incident", "Open, update, correct, resolve and look up incidents."),
    "maintenance": Noun("forewarn.cli.maintenance", "Plan, move, carry out and look up planned work."),
    "calendar": Noun("forewarn.cli.calendar", "See what is planned, and what falls on the same day.", verbs=False),
    "announce": Noun(
        "forewarn.cli.announce", "Tell of a release in one line, from a pipeline or by hand.", verbs=False
    ),
    "preview": Noun("forewarn.cli.preview", "See what would be told; nothing is sent.", verbs=False),
    "status": Noun("forewarn.cli.status", "See what is open, owed and failed.", verbs=False),
    "why": Noun("forewarn.cli.why", "Ask why somebody is told of an outage, or is not.", verbs=False),
    "deliveries": Noun("forewarn.cli.deliveries", "See who was sent what about an outage.", verbs=False),
    "sending": Noun("forewarn.cli.sending", "Pause all sending, one channel or one incident; resume it."),
    "notice": Noun("forewarn.cli.notice", "Cancel a notice, so that nobody more is told by it."),
    "drill": Noun("forewarn.cli.drill", "Rehearse with a test incident, told to guests only.", verbs=False),
    "simulate": Noun("forewarn.cli.simulate", "Simulate months, to see that promises are kept.", verbs=False),
    "directory": Noun("forewarn.cli.directory", "Import the catalog and the people."),
    "event": Noun("forewarn.cli.event", "Send an event as a monitoring system would."),
    "failed": Noun("forewarn.cli.failed", "Look at events that could not be carried out; replay them."),
    "text": Noun("forewarn.cli.text", "Check what you want to say, before anybody reads it."),
    "policy": Noun("forewarn.cli.policy", "Show the policy in force; check a policy file."),
    "dev": Noun("forewarn.cli.dev", "Run Forewarn on this machine, in a sandbox."),
    "db": Noun("forewarn.cli.db", "Prepare the database."),
}


class Nouns(TyperGroup):
    """Lists every noun without importing it: `forewarn --help` costs 0.1 s instead of 0.4 s."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        noun = NOUNS.get(args[0])
        if noun is not None:
            app = import_module(noun.module).app
            self.add_command(get_group(app) if noun.verbs else get_command(app), args[0])
        return super().resolve_command(ctx, args)


def command() -> TyperGroup:
    """The whole command, each noun by its name and one line."""
    app = typer.Typer(
        cls=Nouns, help=WELCOME, epilog=CONNECTION, no_args_is_help=True, add_completion=False, rich_markup_mode=None
    )
    app.callback()(lambda: None)
    for name, noun in NOUNS.items():
        app.command(name, help=noun.about)(lambda: None)
    return get_group(app)


def main(arguments: list[str] | None = None) -> int:
    """Run what was asked for; the exit code is an Ending (130 after Ctrl-C)."""
    asked = sys.argv[1:] if arguments is None else arguments
    as_json = "--json" in asked
    try:
        ended = command().main(asked, prog_name="forewarn", standalone_mode=not as_json)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else Ending.DONE
    except TyperException as wrong:
        return _say(Trouble(Kind.USAGE, wrong.format_message(), "See --help"), as_json)
    except Trouble as trouble:
        return _say(trouble, as_json)
    return ended if isinstance(ended, int) else Ending.DONE


def _say(trouble: Trouble, as_json: bool) -> int:
    if as_json:
        typer.echo(trouble.json)
    else:
        typer.echo(f"forewarn: {trouble.line}", err=True)
    return trouble.ending


if __name__ == "__main__":
    sys.exit(main())
