"""A finding: what a text lacks, or what should not be in it, where, and what to do."""

import re
from dataclasses import dataclass
from enum import StrEnum

from forewarn.content import clean

_LONGEST_QUOTE = 40  # characters
_QUOTES = 3
_NUMBER = re.compile(r"\[([^|\]]+)\|([^|\]]+)\]")
"""What stands for one quotation, and what for several."""


class Severity(StrEnum):
    """`missing`: the reader lacks something needed. `better`: the words are there, and should be others."""

    MISSING = "missing"
    BETTER = "better"


class Code(StrEnum):
    """Every finding there is; a code keeps its name and its meaning."""

    NO_OWNER = "no-owner"
    NO_SYMPTOM = "no-symptom"
    NO_NEXT_UPDATE = "no-next-update"
    NO_END = "no-end"
    NO_APOLOGY = "no-apology"
    NO_BENEFIT = "no-benefit"
    NO_WHATS_NEW = "no-whats-new"
    NO_DEADLINE = "no-deadline"
    BLAME = "blame"
    JARGON = "jargon"
    ACRONYM = "acronym"
    HOST_NAME = "host-name"
    IP_ADDRESS = "ip-address"
    TICKET_ID = "ticket-id"
    STACK_TRACE = "stack-trace"
    COMPONENT_KEY = "component-key"
    PLACEHOLDER = "placeholder"
    CERTAINTY = "invented-certainty"
    VAGUE_TIME = "vague-time"
    PLAYED_DOWN = "played-down"
    EVASION = "passive-evasion"
    EXCLAMATION = "exclamation-mark"
    ALL_CAPS = "all-caps"
    TIME_WITHOUT_ZONE = "time-without-zone"


@dataclass(frozen=True, slots=True)
class Finding:
    """`place` is the field, or `text` or `line 3` of a whole text; `what` and `todo` are one sentence each."""

    code: Code
    severity: Severity
    place: str
    what: str
    todo: str


_SAYINGS: dict[Code, tuple[str, str]] = {
    Code.NO_OWNER: (
        "Nobody is named who answers for it.",
        "Name a person or a team: as the communicator, or as who signs.",
    ),
    Code.NO_SYMPTOM: (
        "It does not say what readers may notice.",
        "Say what they cannot do, or what is slow or wrong for them.",
    ),
    Code.NO_NEXT_UPDATE: (
        "It gives neither an expected end nor the time of the next update.",
        "Promise a time, with news or without; it can be the next update's alone.",
    ),
    Code.NO_END: ("It does not say when the work begins and ends.", "Give the window, or the expected end."),
    Code.NO_APOLOGY: ("It does not apologise.", "Say that you are sorry, once and plainly."),
    Code.NO_BENEFIT: (
        "It does not say what readers gain by it.",
        "Say what will be better for them; if nothing, what it keeps from getting worse.",
    ),
    Code.NO_WHATS_NEW: ("It does not say what is new.", "Say what readers can do now, or can do no longer."),
    Code.NO_DEADLINE: (
        "Readers must act, and no time is given by when.",
        "Give the deadline: reminders run until then.",
    ),
    Code.BLAME: (
        "{words} [puts|put] it on somebody else; to your readers it is your service.",
        "Say what failed, not who did; it is yours to put right.",
    ),
    Code.JARGON: ("{words} [is a word|are words] of the trade.", "Say what the reader sees of it, in everyday words."),
    Code.ACRONYM: (
        "{words} may mean nothing to the reader.",
        "Write it out; or explain it once, with the short form in brackets.",
    ),
    Code.HOST_NAME: (
        "{words} [is the name|are names] of a machine of yours.",
        "Call it by what it does for the reader.",
    ),
    Code.IP_ADDRESS: (
        "{words} [is an internet address|are internet addresses].",
        "Leave that out, unless readers must enter it somewhere.",
    ),
    Code.TICKET_ID: ("{words} [is a number|are numbers] in a system that readers cannot open.", "Leave it out."),
    Code.STACK_TRACE: (
        "{words} [was|were] written by a machine for programmers.",
        "Say in your own words what went wrong.",
    ),
    Code.COMPONENT_KEY: (
        "{words} [is a name|are names] that only you use.",
        "Use the public name, the one that readers know.",
    ),
    Code.PLACEHOLDER: ("{words} [was|were] left to be filled in.", "Fill it in, or leave the sentence out."),
    Code.CERTAINTY: (
        "{words} [promises|promise] what nobody can know.",
        "Say what you know and have done, and no more than that.",
    ),
    Code.VAGUE_TIME: (
        "{words} [is|are] no time that readers can plan by.",
        "Give a time; if unknown, that of the next update.",
    ),
    Code.PLAYED_DOWN: ("{words} [plays|play] it down.", "Say what happens to whom; how bad that is, readers judge."),
    Code.EVASION: ("{words} [hides|hide] who does what.", "Begin with who: we, you, some of you."),
    Code.EXCLAMATION: ("An exclamation mark shouts.", "End the sentence with a full stop."),
    Code.ALL_CAPS: ("{words} [shouts|shout].", "Write it as any other word."),
    Code.TIME_WITHOUT_ZONE: (
        "{words} [stands|stand] without a zone.",
        "Add it, as in 14:32 CET; readers may live in another one.",
    ),
}


def finding(code: Code, place: str, words: tuple[str, ...] = ()) -> Finding:
    """The finding of that code there; up to three of the words it is about are quoted."""
    what, todo = _SAYINGS[code]
    severity = Severity.MISSING if code.startswith("no-") else Severity.BETTER
    shown = [*dict.fromkeys(f'"{_short(clean(each))}"' for each in words)][:_QUOTES]
    said = _NUMBER.sub(lambda forms: forms[min(len(shown), 2)], what) if shown else what
    return Finding(code, severity, place, said.replace("{words}", " and ".join(shown)), todo)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1]}…"
