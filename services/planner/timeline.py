"""What changed from one revision to the next, in words for the timeline."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime

from forewarn.component import Impact
from forewarn.outage import Act, Facts, Tasks, Window

PROSE = frozenset({"symptoms", "cause", "action", "workaround", "benefit", "whats_new", "note"})
NOTHING = "said again"


def line_of(
    act: Act,
    author: str | None,
    notices: Sequence[str],
    old: Facts | None,
    new: Facts,
    settle_minutes: int,
    other: str | None = None,
    told: bool = True,
) -> str:
    """What brought a revision about and what it changed; `settle_minutes` is how long a calm lasts before an end.

    `other`: the outage that this one was merged with or split from; the part of the two that is news is `told`.
    """
    change = what_changed(old, new)
    match act:
        case Act.RELEASE:
            return _with("released to customers", change)
        case Act.DISMISS:
            return "dismissed: customers are not told"
        case Act.TAKE:
            return f"taken by {author}{_twice(new)}"
        case Act.HAND_OVER:
            return f"handed over to {new.communicator} by {author}{_twice(new)}"
        case Act.CORRECT:
            return f"corrected: {change}"
        case Act.WITHDRAW:
            return f"withdrawn: {len(notices)} of its notices" if notices else "withdrawn"
        case Act.JOIN:
            return f"a sibling joined, whoever else it touches is told; {change}"
        case Act.MERGE:
            return _with(f"took in {other}", change) if told else f"merged into {other}"
        case Act.SPLIT:
            return f"{change}; split off from {other}" if told else f"split: {other} left; {change}"
        case Act.SETTLE:
            return f"settled: no alert for {settle_minutes} min"
        case _:
            return change


def what_changed(old: Facts | None, new: Facts) -> str:
    """Such as `status: investigating → identified; cause stated`."""
    if old is None:
        return f"opened: {new.status or 'no status'}, {_components(new.components) or 'no known component'}"
    changes = [_change(f.name, old, new) for f in fields(Facts) if getattr(old, f.name) != getattr(new, f.name)]
    return "; ".join(changes) or NOTHING


def _twice(facts: Facts) -> str:
    return ", who is a responder too" if facts.communicator in facts.responders else ""


def _with(words: str, change: str) -> str:
    return words if change == NOTHING else f"{words}; {change}"


def _change(name: str, old: Facts, new: Facts) -> str:
    was, now = getattr(old, name), getattr(new, name)
    words = name.replace("_", " ")
    if now in (None, (), {}):
        return f"{words} no longer stated"
    if name == "components":
        return f"components: {_components(now)}"
    if name in PROSE or was in (None, (), {}):
        return f"{words} {'stated' if was is None else 'changed'}" if name in PROSE else f"{words}: {_short(now)}"
    return f"{words}: {_short(was)} → {_short(now)}"


def _components(components: Mapping[str, Impact]) -> str:
    return ", ".join(f"{name} {impact}" for name, impact in components.items())


def _short(value: object) -> str:
    match value:
        case datetime():
            return f"{value:%Y-%m-%d %H:%M} UTC"
        case Window():
            return f"{_short(value.start)} to {_short(value.end)}"
        case Tasks():
            return f"{value.done} of {value.total}"
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(map(str, value))
        case _:
            return str(value)
