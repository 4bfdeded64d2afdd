"""Event v1, bare or as a CloudEvent in structured mode."""

from forewarn.contracts.event import BadEvent, Event, parse_event
from forewarn.signal import Report, clamp
from services.ingest.sources.heard import Heard, Rules, component_key

FORMAT = "event-v1"


def read(heard: Heard, rules: Rules) -> tuple[Report, ...]:
    """One report. A token's source counts; an event that names another one is refused."""
    event = parse_event(heard.body)
    impacts = {component_key(name): impact for name, impact in event.impacts().items()}
    known = {name: impact for name, impact in impacts.items() if rules.knows(name)}
    unknown = tuple(sorted(impacts.keys() - known.keys()))
    report = Report(
        source=_source(heard, event),
        key=_key(heard, event),
        received_at=heard.received_at,
        facts=event.facts(known, unknown),
        person=heard.person,
        author=heard.author,
        kind=event.kind,
        act=event.act,
        about=event.about,
        sequence=event.sequence,
        occurred_at=event.occurred_at,
        test=event.test,
    )
    return (clamp(report),)


def _source(heard: Heard, event: Event) -> str:
    if heard.source is None:
        if event.source is None:
            raise BadEvent('source: missing; name who speaks, such as "source": "prometheus-eu"')
        return event.source
    if event.source not in (None, heard.source):
        raise BadEvent(f"source: this token speaks for {heard.source!r}, the event says {event.source!r}")
    return heard.source


def _key(heard: Heard, event: Event) -> str:
    if event.key is not None:
        return event.key
    if event.about is not None or heard.person:
        return event.event_id or heard.id
    raise BadEvent('key: missing; name the thing you track, such as "key": "checkout-latency"')
