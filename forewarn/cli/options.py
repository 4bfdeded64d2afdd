"""What several verbs share: how an app is made, and their options, each explained once."""

from enum import StrEnum
from typing import Annotated, Literal

import typer

TIME = 'e.g. "15:30", "tomorrow 09:00", "in 30m", or an ISO time'


class Fact(StrEnum):
    """What a correction can take back, named as the options that say it."""

    SYMPTOMS = "symptoms"
    CAUSE = "cause"
    ACTION = "action"
    WORKAROUND = "workaround"
    EXPECTED_END = "expected-end"
    NEXT_UPDATE = "next-update"
    READER_ACTION = "reader-action"


def noun(about: str) -> typer.Typer:
    """An app for one noun; its help is plain text that needs neither colour nor a wide window."""
    return typer.Typer(help=about, no_args_is_help=True, add_completion=False, rich_markup_mode=None)


def example(line: str) -> str:
    """The end of a verb's help: one line to copy, never wrapped."""
    return f"\b\nExample:\n  {line}"


Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Yes = Annotated[bool, typer.Option("--yes", help="Tell them without asking; for scripts.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show every text, audience and time; send nothing.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept with your name.")]
Wait = Annotated[bool, typer.Option("--wait", help="Watch until everybody is accounted for, at most 30 s.")]
Incident = Annotated[str, typer.Argument(metavar="INC-n", help="The incident's name, e.g. INC-7.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="What it is about, e.g. INC-7.")]

Components = Annotated[
    list[str] | None, typer.Option("--component", metavar="NAME", help="What is touched; may be repeated.")
]
FirstImpact = Annotated[
    Literal["down", "degraded", "momentary"] | None,
    typer.Option("--impact", help="How badly these components are touched (degraded if not said)."),
]
ImpactNow = Annotated[
    Literal["down", "degraded", "momentary", "none"] | None,
    typer.Option("--impact", help="How badly these components are touched now; none: no longer."),
]
StatusOption = Annotated[
    Literal["investigating", "identified", "monitoring", "resolved"] | None,
    typer.Option("--status", help="How far the work is."),
]
SeverityOption = Annotated[
    Literal["none", "minor", "major", "critical"] | None, typer.Option("--severity", help="How serious it is.")
]
Symptoms = Annotated[str | None, typer.Option(metavar="TEXT", help="What readers may experience.")]
Cause = Annotated[str | None, typer.Option(metavar="TEXT", help="Why it happened, once known.")]
Action = Annotated[str | None, typer.Option(metavar="TEXT", help="What is being done about it.")]
Workaround = Annotated[str | None, typer.Option(metavar="TEXT", help="What readers can do meanwhile.")]
ExpectedEnd = Annotated[
    str | None, typer.Option("--expected-end", metavar="TIME", help=f"When it should be over: {TIME}.")
]
NextUpdate = Annotated[
    str | None, typer.Option("--next-update", metavar="TIME", help=f"When readers hear more: {TIME}.")
]
SignedBy = Annotated[str | None, typer.Option(metavar="NAME", help="Who signs: a person or a team.")]
Note = Annotated[str | None, typer.Option(metavar="TEXT", help="Your own words to the readers.")]
Notices = Annotated[
    list[str] | None,
    typer.Option("--notice", metavar="ID", help="Only this notice, as `incident show` lists it; may be repeated."),
]
Retract = Annotated[
    list[Fact] | None,
    typer.Option(
        "--retract",
        metavar="FACT",
        help=f"What was said and is to be unsaid: {', '.join(Fact)}; may be repeated.",
    ),
]
EventId = Annotated[
    str | None, typer.Option(metavar="ID", help="Repeat an act that got no answer: the same id counts once.")
]
