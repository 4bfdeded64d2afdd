"""When a clock would find an outage due, as `owed.GATES`, `owed.PROMISES`, `unplanned.DUE` and `calmed` ask."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from forewarn.notice import ChannelState
from services.planner.gate import SLOW_SECONDS
from services.planner.promises import ON_THE_WAY
from services.planner.simulation import promising
from services.planner.simulation.house import House
from services.planner.simulation.record import Case, Letter

AGAIN = timedelta(seconds=5)
"""A clock looks at what stays due each tick; here not quite so often."""
A_BIT = timedelta(milliseconds=1)


def looks(house: House, case: Case, now: datetime) -> Iterator[datetime]:
    """The moments, past ones among them."""
    outage = case.outage
    if case.due_at is not None:
        yield case.due_at
    if outage.calm_since is not None and outage.open:
        yield outage.calm_since + timedelta(minutes=house.policy.episodes.settle_minutes)
    for letter in case.live:
        if letter.state is not ChannelState.DRAINED:
            yield from _of_letter(house, case, letter)
        else:
            yield from (
                each.released_at + timedelta(seconds=SLOW_SECONDS)
                for each in case.live
                if each.id == letter.id and each.released_at is not None
            )
    yield from _of_promises(house, case, now)


def _of_letter(house: House, case: Case, letter: Letter) -> Iterator[datetime]:
    if letter.waits:
        yield from (each for each in (letter.not_before, letter.hold_until) if each is not None)
    elif letter.released_at is not None and letter.flight is not None:
        yield letter.released_at + timedelta(hours=house.policy.delivery.expires_hours)
        drain = letter.flight.total / house.policy.delivery.per_second(letter.channel)
        if any(each.waits and each.way == letter.way for each in case.live):
            yield letter.released_at + timedelta(seconds=max(SLOW_SECONDS, 2 * drain)) + A_BIT


def _of_promises(house: House, case: Case, now: datetime) -> Iterator[datetime]:
    delivery = house.policy.delivery
    way = ON_THE_WAY + timedelta(seconds=delivery.head_start_seconds)
    for promise in case.promises:
        owed = promise.owed
        if not promise.live:
            continue
        if owed.state == "open":
            yield owed.due_at + A_BIT
        if case.outage.open and owed.due_at > now - promising.DAY:
            legs = case.legs(promise.way, now)
            rate, ahead = delivery.per_second(promise.way[1]), house.ahead(case, promise, now)
            at = promising.leaves(owed, legs, way, rate, ahead)
            if at is not None:
                yield max(at, now + AGAIN) if at <= now else at
