"""What several verbs share: how an app is made, and their options, each explained once."""

from enum import StrEnum
from typing import Annotated, Literal

import typer

from forewarn.cli.trouble import Kind, Trouble
from forewarn.outage import Kind as Outage
from forewarn.outage import NoticeClass
from forewarn.recurrence_rule import BadRule, rule_of

TIME = 'e.g. "15:30", "tomorrow 09:00", "in 30m", or an ISO time'
START = 'e.g. "2026-12-14 20:00", "tomorrow 09:00", or an ISO time'
END = 'When it is over: "22:00" and "2h" count from the start.'


REPEATS = {word: f"FREQ={word.upper()}" for word in ("daily", "weekly", "monthly", "yearly")}


class Fact(StrEnum):
    """What a correction can take back, named as the options that say it."""

    SYMPTOMS = "symptoms"
    CAUSE = "cause"
    ACTION = "action"
    WORKAROUND = "workaround"
    EXPECTED_END = "expected-end"
    NEXT_UPDATE = "next-update"
    READER_ACTION = "reader-action"


def noun(about: str, of: Outage | None = None) -> typer.Typer:
    """An app for one noun; its help is plain text that needs neither colour nor a wide window.

    Verbs that several nouns share find the kind of outage that theirs is `of` in `ctx.obj`.
    """
    settings = {"obj": of} if of else None
    return typer.Typer(
        help=about, context_settings=settings, no_args_is_help=True, add_completion=False, rich_markup_mode=None
    )


def example(line: str) -> str:
    """The end of a verb's help: one line to copy, never wrapped."""
    return f"\b\nExample:\n  {line}"


def _each(names: list[str] | None) -> list[str] | None:
    """The names of components, each apart: none has a comma in it."""
    return [each.strip() for name in names for each in name.split(",") if each.strip()] if names else names


def _country(code: str | None) -> str | None:
    if code is None or (len(code) == 2 and code.isascii() and code.isalpha()):
        return code.upper() if code else None
    raise Trouble(Kind.USAGE, f"--country: {code!r} is no country", "Write it with two letters, like DE")


def _rule(text: str | None) -> str | None:
    """An RRULE, or a plain word for one."""
    if text is None:
        return None
    try:
        return REPEATS.get(text.strip().lower()) or rule_of(text)
    except BadRule as bad:
        todo = f"Write {', '.join(REPEATS)}, or an RRULE such as FREQ=MONTHLY;BYDAY=2SU"
        raise Trouble(Kind.USAGE, f"--repeat: {bad}", todo) from None


Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Yes = Annotated[bool, typer.Option("--yes", help="Tell them without asking; for scripts.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show every text, audience and time; send nothing.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept with your name.")]
Wait = Annotated[bool, typer.Option("--wait", help="Watch until everybody is accounted for, at most 30 s.")]
Incident = Annotated[str, typer.Argument(metavar="INC-n", help="The incident's name, e.g. INC-7.")]
Work = Annotated[str, typer.Argument(metavar="MNT-n", help="The name of the planned work, e.g. MNT-3.")]
Either = Annotated[str, typer.Argument(metavar="NAME", help="Its name or its number, as `list` shows it.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="What it is about, e.g. INC-7.")]

Components = Annotated[
    list[str] | None,
    typer.Option(
        "--component",
        "--components",
        metavar="NAME",
        callback=_each,
        help="What is touched: api, or api,web; may be repeated.",
    ),
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
Benefit = Annotated[str | None, typer.Option(metavar="TEXT", help="What it is good for: what readers gain by it.")]
NoticeClassOption = Annotated[
    NoticeClass | None, typer.Option("--class", help="How much notice it needs (standard if not said).")
]
Repeat = Annotated[
    str | None,
    typer.Option(
        "--repeat",
        metavar="RULE",
        callback=_rule,
        help=f"It recurs: {', '.join(REPEATS)}, or an RRULE by the organiser's clock; each window is asked about.",
    ),
]
Tentative = Annotated[bool | None, typer.Option("--tentative", help="Not certain yet; every notice says so.")]
Country = Annotated[
    str | None,
    typer.Option(metavar="CODE", callback=_country, help="Whose holidays count, e.g. DE (the policy's if not said)."),
]
MustDo = Annotated[
    str | None, typer.Option("--reader-action", metavar="TEXT", help="What readers must do themselves, if anything.")
]
ActionBy = Annotated[str | None, typer.Option(metavar="TIME", help=f"By when they must have done it: {TIME}.")]
ActionLink = Annotated[str | None, typer.Option(metavar="URL", help="Where they read how.")]
RequestedBy = Annotated[
    list[str] | None,
    typer.Option("--requested-by", metavar="ACCOUNT", help="Who asked for it; colleagues read it. May be repeated."),
]
Zone = Annotated[
    str | None, typer.Option(metavar="ZONE", help="Whose clock the times are of, e.g. Europe/Berlin (else yours).")
]
Test = Annotated[
    bool | None, typer.Option("--test", help="A test: only the policy's guests are told, and that it is one.")
]
Log = Annotated[bool, typer.Option("--log", help="Who did what, when, having seen which revision.")]
All = Annotated[bool, typer.Option("--all", help="Also those that are over.")]
Why = Annotated[str | None, typer.Option("--reason", "--note", metavar="TEXT", help="Why; readers are told it.")]
Notices = Annotated[
    list[str] | None,
    typer.Option("--notice", metavar="ID", help="Only this notice, as `show` lists it; may be repeated."),
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
