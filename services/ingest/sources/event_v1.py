"""Event v1, bare or as a CloudEvent in structured mode."""

from zoneinfo import ZoneInfo

from forewarn.contracts.event import BadEvent, Event, parse_event
from forewarn.contracts.policy import Policy
from forewarn.contracts.reports import report_of
from forewarn.outage import Window
from forewarn.recurrence import Recurrence
from forewarn.recurrence_rule import BadRule
from forewarn.signal import Report
from services.ingest.sources.heard import Heard, Rules

FORMAT = "event-v1"


def read(heard: Heard, rules: Rules) -> tuple[Report, ...]:
    """One report. A token's source counts; an event that names another one is refused."""
    event = parse_event(heard.body)
    _refuse_a_rule(event, rules.policy)
    source, key = _source(heard, event), _key(heard, event)
    return (report_of(event, source, key, heard.received_at, heard.person, heard.author, rules.knows, heard.clock),)


def _refuse_a_rule(event: Event, policy: Policy) -> None:
    """At the door already: its first window must be one of its own, by the organiser's clock."""
    if event.recurrence is not None and event.window is not None:
        first, zone = Window(event.window.start, event.window.end), ZoneInfo(policy.maintenance.zone)
        try:
            Recurrence(event.recurrence, first, zone)
        except BadRule as bad:
            raise BadEvent(f"recurrence: {bad}, by the clock of {zone.key}") from None


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
