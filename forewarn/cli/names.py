"""The names of outages and the ids of notices, as people type them."""

import re

from forewarn.cli.trouble import Kind, Trouble
from forewarn.outage import OF_PREFIX, PREFIX
from forewarn.outage import Kind as Outage

NAME = re.compile(rf"({'|'.join(PREFIX.values())})-([1-9]\d{{0,9}})")

NOTICE = re.compile(r"[0-9a-f]{16}")

WHAT = {
    Outage.INCIDENT: ("an incident", "`forewarn incident`"),
    Outage.MAINTENANCE: ("planned work", "`forewarn maintenance`"),
    Outage.ANNOUNCEMENT: ("an announcement", "`forewarn preview` and `forewarn deliveries`"),
}
"""What each kind is called, and where one finds out more of it."""


def outage_named(text: str) -> str:
    """INC-7 for INC-7 and inc-7."""
    name = text.strip().upper()
    if NAME.fullmatch(name) is None:
        todo = "Names look like INC-7, MNT-3 or ANN-2: `forewarn incident list`"
        raise Trouble(Kind.USAGE, f"{text!r} is not the name of an outage", todo)
    return name


def named(text: str, kind: Outage) -> str:
    """INC-7 for INC-7, inc-7 and 7, where an incident is meant; MNT-3 for 3 where planned work is."""
    name, prefix = text.strip().upper(), PREFIX[kind]
    name = f"{prefix}-{name}" if name.isdecimal() else name
    found = NAME.fullmatch(name)
    if found is None:
        todo = f"It looks like {prefix}-7: `forewarn {kind} list`"
        raise Trouble(Kind.USAGE, f"{text!r} is not the name of {WHAT[kind][0]}", todo)
    if found[1] != prefix:
        other, verbs = WHAT[OF_PREFIX[found[1]]]
        raise Trouble(Kind.USAGE, f"{name} is {other}, and here {WHAT[kind][0]} is meant", f"See {verbs}")
    return name


def notice_named(text: str) -> str:
    """The id of a notice: 16 hexadecimal digits, in either case."""
    name = text.strip().lower()
    if NOTICE.fullmatch(name) is None:
        todo = "It has 16 digits and letters: `forewarn incident show INC-7` lists the notices"
        raise Trouble(Kind.USAGE, f"{text!r} is not the id of a notice", todo)
    return name
