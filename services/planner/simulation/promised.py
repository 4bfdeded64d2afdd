"""Why a promise was missed: what was away from the moment when its holding notice had to leave."""

from datetime import datetime, timedelta
from enum import StrEnum

from forewarn.notice import Channel, Lane, Occasion
from services.planner.gate import SLOW_SECONDS, TAKES_BACK
from services.planner.promises import LEAD, ON_THE_WAY
from services.planner.simulation.house import House
from services.planner.simulation.post import Flight
from services.planner.simulation.promising import few
from services.planner.simulation.record import Case, Letter, Promise
from services.planner.simulation.spans import Span, touch

STOPPED = timedelta(seconds=SLOW_SECONDS + 15)
"""So long a notice that waits for endpoints may be in the air before another one is (DELIVERY 5)."""


class Why(StrEnum):
    """What kept a notice from leaving in time; `nothing`: nothing that the world did."""

    CLOCK = "clock down"
    PROVIDER = "provider took nothing"
    PAUSED = "paused"
    AWAY = "endpoints did not answer"
    BEHIND = "behind urgent notices that came too late to leave before them"
    NOTHING = "nothing"


def drain(house: House, stated: Letter) -> timedelta:
    """From the decision until the last of whoever was promised is told."""
    people = stated.flight.total if stated.flight is not None else 0
    delivery = house.policy.delivery
    seconds = people / delivery.per_second(stated.channel) + delivery.head_start_seconds
    return ON_THE_WAY + timedelta(seconds=seconds)


def lead(house: House, stated: Letter, due: datetime) -> Span:
    """From when a holding notice for everybody had to leave, until it is due; never in the first half."""
    made = stated.released_at or due
    return Span(max(due - LEAD - drain(house, stated), made + (due - made) / 2), due)


def why(house: House, case: Case, promise: Promise) -> Why:
    """The first of what was away in the lead."""
    weather, channel, due = house.weather, promise.way[1], promise.owed.due_at
    stated = case.find(promise.notice, channel)
    span = lead(house, stated, due)
    for what, spans in (
        (Why.CLOCK, weather.clock),
        (Why.PROVIDER, weather.faults[channel]),
        (Why.PAUSED, weather.pauses[channel]),
    ):
        if touch(spans, span.start, span.end):
            return what
    if _waits_for_endpoints(house, stated, due):
        return Why.AWAY
    answer = next((each for each in case.on(promise.way) if _follows(each, stated)), None)
    found = _in_the_air(answer, due) if answer is not None else Why.NOTHING
    return Why.BEHIND if found is Why.NOTHING and _overtaken(house, case, span, channel) else found


def _overtaken(house: House, case: Case, span: Span, channel: Channel) -> bool:
    """Another outage's urgent notice left when a holding notice behind it had to be on its way already."""
    rate = house.policy.delivery.per_second(channel)
    others = (each for other in house.cases.values() if other is not case for each in other.letters)
    return any(
        span.start - timedelta(seconds=each.flight.total / rate) < each.released_at <= span.end
        for each in others
        if each.channel is channel and each.lane is Lane.URGENT and each.flight is not None and each.flight.total
        if each.released_at is not None
    )


def _waits_for_endpoints(house: House, stated: Letter, due: datetime) -> bool:
    """Those who do not answer keep it in the air: nothing stops it at once, nor, if it takes back, before all but a few
    have heard it."""
    flight = stated.flight
    if flight is None or not flight.away or stated.released_at is None:
        return False
    until = min(stated.drained_at or due, stated.released_at + STOPPED)
    if due < until + drain(house, stated):
        return True
    return stated.occasion in TAKES_BACK and _many_away(flight) and (stated.drained_at or due) >= due


def _many_away(flight: Flight) -> bool:
    """More than a few do not answer, or nobody does."""
    return flight.away > few(flight.total) or flight.away == flight.total > 0


def _follows(letter: Letter, stated: Letter) -> bool:
    """Whether it is told to all after it: no child, nor a first for whoever a correction left untold."""
    if letter.released_at is None or stated.released_at is None or letter.child or letter.occasion is Occasion.FIRST:
        return False
    return letter.released_at > stated.released_at


def _in_the_air(answer: Letter, due: datetime) -> Why:
    """What kept an answer that left in time from arriving."""
    flight = answer.flight
    if flight is None:
        return Why.NOTHING
    if flight.last_at is None:
        return Why.AWAY if flight.away else Why.NOTHING
    if flight.last_at <= due:
        return Why.NOTHING
    called = flight.called_at is not None and flight.called_at <= due
    return Why.AWAY if called and _many_away(flight) else Why.NOTHING
