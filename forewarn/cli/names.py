"""The names of outages and the ids of notices, as people type them."""

import re

from forewarn.cli.trouble import Kind, Trouble
from forewarn.outage import PREFIX

NAME = re.compile(rf"({'|'.join(PREFIX.values())})-([1-9]\d{{0,9}})")

NOTICE = re.compile(r"[0-9a-f]{16}")


def outage_named(text: str) -> str:
    """INC-7 for INC-7 and inc-7."""
    name = text.strip().upper()
    if NAME.fullmatch(name) is None:
        todo = "Names look like INC-7, MNT-3 or ANN-2: `forewarn incident list`"
        raise Trouble(Kind.USAGE, f"{text!r} is not the name of an outage", todo)
    return name


def incident_named(text: str) -> str:
    """INC-7 for INC-7, inc-7 and 7."""
    name = text.strip().upper()
    name = f"INC-{name}" if name.isdecimal() else name
    if NAME.fullmatch(name) is None or not name.startswith("INC-"):
        raise Trouble(
            Kind.USAGE, f"{text!r} is not an incident's name", "It looks like INC-7: `forewarn incident list`"
        )
    return name


def notice_named(text: str) -> str:
    """The id of a notice: 16 hexadecimal digits, in either case."""
    name = text.strip().lower()
    if NOTICE.fullmatch(name) is None:
        todo = "It has 16 digits and letters: `forewarn incident show INC-7` lists the notices"
        raise Trouble(Kind.USAGE, f"{text!r} is not the id of a notice", todo)
    return name
