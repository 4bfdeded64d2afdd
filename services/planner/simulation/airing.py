"""Notices in the air of a simulated house: whom each is for, how it lands, and who is left to a child."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from forewarn.notice import NEXT, Channel, ChannelState, Ending, Hold, Lane, Occasion, notice_id
from forewarn.outage import Severity
from forewarn.subscriber import Side
from services.planner.estimate import TOLD_ONLY
from services.planner.gate import SLOW_SECONDS
from services.planner.simulation.directory import INSIDE, SLEEP, Directory
from services.planner.simulation.house import House
from services.planner.simulation.post import Flight
from services.planner.simulation.record import Case, Letter

NIGHT, MORNING = 22, 7
FAILING, BOTH = 0.004, 0.25
"""So many are never reached by a channel, and so many of these have the other one too."""
LATENCY = 0.2, 1.5
"""Seconds from a release until the first call."""
AWAY = 0.05
"""So often an endpoint does not answer, for up to a day."""


def air(house: House, case: Case, letter: Letter, components: Sequence[str], now: datetime) -> None:
    """Make the flight of a released notice, and give it to the provider."""
    letter.accounts = _audience(house.directory, case, letter, components)
    total = _people(house.directory, case, letter)
    rng = house.chance(f"{case.key} {letter.side} {letter.channel}", now)
    ready = house.up_after(now + timedelta(seconds=rng.uniform(*LATENCY)))
    flight = Flight(case.key, letter.lane, ready, total)
    if letter.side is Side.INSIDE:
        flight.first_rank = min(total, INSIDE[letter.channel][0])
    elif not letter.child:
        _fail(rng, flight, letter.channel)
        _sleep(house, case, letter, flight, now)
    letter.flight = flight
    if total:
        house.posts[letter.channel].take(flight)
    house.counted(case, letter, now)


def land(case: Case, letter: Letter, directory: Directory, now: datetime) -> None:
    """Without an open position it is drained; whoever it told is told."""
    flight = letter.flight
    assert flight is not None
    if now < flight.ready_at or flight.open:
        return
    letter.state, letter.drained_at, letter.planned = ChannelState.DRAINED, now, flight.total
    case.told[letter.way] = case.told.get(letter.way, frozenset()) | _reached(letter, directory)


def fall_over(house: House, case: Case, now: datetime) -> None:
    """As `failures.fall_over`: an urgent notice that has told whom it could leaves the rest to a child (H7)."""
    for letter in list(case.live):
        flight = letter.flight
        if letter.state is not ChannelState.DRAINED or letter.fallen or _waited_for(case, letter, now):
            continue
        letter.fallen = True
        case.live.remove(letter)
        moved = round(flight.failed * BOTH) if flight is not None else 0
        if not moved or flight is None or letter.lane is not Lane.URGENT or letter.occasion is Occasion.FAILOVER:
            continue
        flight.failing, flight.moved = flight.failing - moved, flight.moved + moved
        flight.done = flight.calls
        to = NEXT[letter.channel]
        _child(case, letter, Occasion.FAILOVER, f"{letter.id}/{letter.channel}/{to}", to, moved, now)


def _waited_for(case: Case, letter: Letter, now: datetime) -> bool:
    others = (each for each in case.live if each.id == letter.id and each.state is not ChannelState.DRAINED)
    return any(
        each.released_at is None
        or each.released_at + timedelta(seconds=SLOW_SECONDS) > now
        or (each.flight is not None and now < each.flight.ready_at)
        for each in others
    )


def _audience(directory: Directory, case: Case, letter: Letter, components: Sequence[str]) -> frozenset[int]:
    told, exposed = case.told.get(letter.way, frozenset()), directory.exposed(components)
    if letter.child:
        return frozenset()
    if letter.occasion in TOLD_ONLY:
        return told
    return exposed - told if letter.occasion is Occasion.FIRST else exposed | told


def _people(directory: Directory, case: Case, letter: Letter) -> int:
    if letter.occasion is Occasion.WAKE:
        return case.asleep.get((letter.way, datetime.fromisoformat(letter.slot)), 0)
    return letter.heirs if letter.child else directory.size(letter.way, letter.accounts)


def _fail(rng: Random, flight: Flight, channel: Channel) -> None:
    flight.failing = sum(rng.random() < FAILING for _ in range(min(flight.total, 500)))
    if channel is Channel.WEBHOOK and flight.total and rng.random() < AWAY:
        flight.away = rng.randint(1, min(4, flight.total))
        flight.back_at = flight.ready_at + timedelta(minutes=rng.expovariate(1 / 180))
    flight.failing = min(flight.failing, flight.calls)


def _sleep(house: House, case: Case, letter: Letter, flight: Flight, now: datetime) -> None:
    """Quiet hours: whoever sleeps is told on waking by one notice, unless it is critical (W7)."""
    critical = case.outage.facts.severity is Severity.CRITICAL
    wake = _wake_at(now, ZoneInfo(house.policy.maintenance.zone))
    asleep = min(int(flight.total * SLEEP), flight.calls - flight.failing)
    if critical or wake is None or not asleep or letter.channel is Channel.WEBHOOK:
        return
    flight.moved = asleep
    case.asleep[letter.way, wake] = max(asleep, case.asleep.get((letter.way, wake), 0))
    slot = wake.isoformat()
    if any(each.way == letter.way and each.slot == slot for each in case.letters):
        return
    child = _child(case, letter, Occasion.WAKE, slot, letter.channel, asleep, now)
    child.state, child.hold, child.hold_until, child.not_before = ChannelState.HELD, Hold.QUIET, wake, now
    child.parent = None


def _wake_at(now: datetime, zone: ZoneInfo) -> datetime | None:
    here = now.astimezone(zone)
    if MORNING <= here.hour < NIGHT:
        return None
    day = here.date() + timedelta(days=int(here.hour >= NIGHT))
    return datetime.combine(day, time(MORNING), zone).astimezone(now.tzinfo)


def _child(
    case: Case, parent: Letter, occasion: Occasion, slot: str, channel: Channel, people: int, now: datetime
) -> Letter:
    key = notice_id(str(case.outage.id), parent.side, occasion, slot)
    made = replace(
        Letter(key, case.serial_of(key), parent.side, channel, occasion, slot, Lane.URGENT, now, ChannelState.WAITING),
        parent=parent.id,
        heirs=people,
    )
    case.add(made)
    return made


def _reached(letter: Letter, directory: Directory) -> frozenset[int]:
    """The largest accounts leave first; a notice that was stopped has told those up to somebody."""
    flight = letter.flight
    if flight is None or letter.side is Side.INSIDE or flight.called or letter.ended is Ending.WITHDRAWN:
        return letter.accounts
    out, left = list[int](), flight.done
    for account in sorted(letter.accounts):
        left -= directory.people[letter.channel][account]
        if left < 0:
            break
        out.append(account)
    return frozenset(out)
