"""Reports from Event v1: the same event is the same report, whether it is carried out or previewed."""

from collections.abc import Callable
from datetime import datetime

from forewarn.contracts.event import Event
from forewarn.signal import Report, clamp


def report_of(
    event: Event,
    source: str,
    key: str,
    received_at: datetime,
    person: bool,
    author: str | None,
    knows: Callable[[str], bool],
    clock: bool = False,
) -> Report:
    """The event in our words. `knows` says whether the directory has a component, by its key."""
    impacts = {component_key(name): impact for name, impact in event.impacts().items()}
    known = {name: impact for name, impact in impacts.items() if knows(name)}
    unknown = tuple(sorted(impacts.keys() - known.keys()))
    return clamp(
        Report(
            source=source,
            key=key,
            received_at=received_at,
            facts=event.facts(known, unknown),
            person=person,
            author=author,
            kind=event.kind,
            act=event.act,
            about=event.about,
            into=event.into,
            sequence=event.sequence,
            occurred_at=event.occurred_at,
            test=event.test,
            clock=clock,
            from_revision=event.from_revision,
            notices=tuple(event.notices),
            retract=tuple(event.retract),
        )
    )


def component_key(name: str) -> str:
    """A component's key: the lower-case name of its entity reference, default namespace left out."""
    bare = name.strip().lower().partition(":")[2] or name.strip().lower()
    return bare.removeprefix("default/")
