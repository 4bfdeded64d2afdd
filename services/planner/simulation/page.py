"""The page of an outage in memory: what `book.OpenPage` does in SQL, so that the real planner plans on it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from forewarn.component import Touched
from forewarn.delivery import Reason
from forewarn.notice import Channel, ChannelState, Ending, Hold, Lane, Occasion, notice_id
from forewarn.outage import Outage
from forewarn.release import Rule
from forewarn.subscriber import Side
from services.planner.gate import Standing
from services.planner.ladder import before_of, work_of
from services.planner.ports import Due, Fixed, Graph, Labels, Reach, Seen, Spoken
from services.planner.promises import ON_THE_WAY
from services.planner.rungs import Fate
from services.planner.schedule import Planned, Promised, Wanted
from services.planner.simulation import promising
from services.planner.simulation.airing import air, fall_over, land
from services.planner.simulation.house import House
from services.planner.simulation.record import Case, Letter, Promise, Rung
from services.planner.terms import Terms
from services.planner.upkeep import Ended, Told, Upkeep, Way

CHANNELS = tuple(Channel)


class MemoryPage:
    """See `ports.Page`. What a law has to say of a plan is said to the house while it is made."""

    def __init__(self, house: House, case: Case, now: datetime) -> None:
        self._house, self._case, self._now, self._policy = house, case, now, house.policy

    # -- what is known ----------------------------------------------------------------------------------
    def now(self) -> datetime:
        return self._now

    def seen(self) -> Seen:
        case = self._case
        unseen = tuple(each.revision for each in case.revisions if each.revision.revision > case.planned_revision)
        stands = (each for each in case.letters if each.ended in (None, Ending.SUPERSEDED, Ending.CANCELLED))
        planned = tuple(_planned(each) for each in sorted(stands, key=lambda each: (each.serial, each.channel)))
        return Seen(case.outage, case.planned_revision, planned, unseen)

    def graph(self) -> Graph:
        return self._house.directory.graph

    def channels(self) -> Sequence[Channel]:
        return CHANNELS

    def promised(self, head_start: timedelta) -> Sequence[Promised]:
        """The promises that are over end; returned are those of an open outage that must be kept now."""
        self._drain()
        case, out = self._case, list[Promised]()
        for promise in (each for each in case.promises if each.live):
            side, channel = promise.way
            legs = case.legs(promise.way, self._now)
            closed = case.outage.closed_at is not None
            paused = self._house.paused(channel, self._now)
            promise.owed = promising.ended(promise.owed, legs, self._now, closed=closed, paused=paused)
            rate = self._policy.delivery.per_second(channel)
            ahead = self._house.ahead(case, promise, self._now)
            if not closed and promising.coming(promise.owed, legs, ON_THE_WAY + head_start, rate, self._now, ahead):
                out.append(Promised(side, promise.owed.due_at, channel))
        return out

    def spoken(self, side: Side, channel: Channel) -> Spoken:
        told = [each for each in self._case.on((side, channel)) if each.released_at is not None and not each.child]
        told.sort(key=lambda each: -each.serial)
        if not told:
            return Spoken()
        news = next((i for i, each in enumerate(told) if each.occasion is not Occasion.HOLDING), len(told) - 1)
        return Spoken(told[0].stated, told[0].facts, told[news].released_at, news)

    def zones(self) -> Mapping[int, str]:
        return {}

    def drain(self, way: Way, touched: Sequence[Touched], beside: Sequence[Side]) -> timedelta:
        house, channel = self._house, way[1]
        others = sum(house.people((side, channel), touched) for side in beside)
        return house.drain(way, touched, others + house.posts[channel].ahead(self._now))

    def fall_over(self) -> None:
        fall_over(self._house, self._case, self._now)

    # -- planned work -----------------------------------------------------------------------------------
    def upkeep(self, outage: Outage, touched: Sequence[Touched], now: datetime) -> Upkeep:
        ways = [(side, channel) for side in Side for channel in CHANNELS]
        return Upkeep(
            outage=outage,
            work=work_of(outage, self._policy, Terms()),
            before=before_of(outage.facts, self._policy, Terms()),
            known_since=self._case.known_since or now,
            now=now,
            drains={way: self._house.drain(way, touched) for way in ways},
            told={way: Told(self._slots(way), self.spoken(*way).facts) for way in ways},
        )

    def terms(self, touched: Sequence[Touched]) -> Terms:
        return Terms()

    def ended(self, way: Way, ended: Iterable[Ended]) -> None:
        for each in ended:
            rung, placed = each.placed.rung, each.placed
            fate = "told" if each.by == rung.slot else placed.fate if each.by is None else Fate.COMPRESSED
            noted = (rung.occasion, fate, placed.short, placed.late, each.by, rung.until, self._now)
            made = Rung(way, rung.slot, *noted)
            self._house.laws.rung(self._case, made)
            self._case.rungs[way, rung.slot] = made

    def due(self, at: datetime | None) -> None:
        self._case.due_at = at

    def opened(self, series: str, starts: Sequence[datetime]) -> Collection[datetime]:
        return ()

    def labels(self, notice: Standing) -> Labels:
        letter = self._letter(notice)
        told = [rung for rung in self._case.rungs.values() if rung.way == letter.way and rung.by == letter.slot]
        return Labels(any(rung.short for rung in told), any(rung.late for rung in told))

    # -- planning ---------------------------------------------------------------------------------------
    def planned_up_to(self, revision: int) -> None:
        self._case.planned_revision = revision

    def add(self, wanted: Wanted, channel: Channel, lane: Lane, head_start: timedelta) -> None:
        key = notice_id(str(self._case.outage.id), wanted.side, wanted.occasion, wanted.slot)
        known = next((each for each in self._case.letters if (each.id, each.channel) == (key, channel)), None)
        if known is not None and (known.ended is not Ending.WITHDRAWN or known.released_at is not None):
            return
        made = Letter(
            id=key,
            serial=self._case.serial_of(key),
            side=wanted.side,
            channel=channel,
            occasion=wanted.occasion,
            slot=wanted.slot,
            lane=lane,
            made_at=self._now,
            state=ChannelState.HELD if head_start else ChannelState.WAITING,
            names=wanted.names,
            not_before=self._now + head_start if head_start else None,
        )
        if known is not None:
            self._case.letters.remove(known)
        self._case.add(made)

    def hold(self, rule: Rule) -> None:
        """As `holds.hold`: a time that runs already goes on, a brake stays, flapping does not begin it anew."""
        for letter in self._outside():
            if not letter.waits or letter.hold in (Hold.STORM, rule.hold):
                continue
            letter.state = letter.state if rule.hold is None else ChannelState.HELD
            letter.hold = rule.hold
            letter.hold_until = self._until(letter, rule.after) if rule.after is not None else None

    def held_back(self) -> tuple[Hold, datetime | None] | None:
        held = [each for each in self._outside() if each.state is ChannelState.HELD and each.hold is not None]
        newest = max(held, key=lambda each: each.serial, default=None)
        return (newest.hold, newest.hold_until) if newest is not None and newest.hold is not None else None

    def brake(self, notice: Standing) -> None:
        letter = self._letter(notice)
        letter.state, letter.hold, letter.hold_until = ChannelState.HELD, Hold.STORM, None

    def reach(self, touched: Sequence[Touched], notice: Standing) -> Reach:
        return self._house.reach(self._case, touched, notice.notice_id, self._now)

    def brakes_alone(self) -> None:
        """Nobody else plans."""

    # -- the gate ---------------------------------------------------------------------------------------
    def standing(self) -> Sequence[Standing]:
        self._drain()
        stands = (each for each in self._case.live if each.state is not ChannelState.DRAINED)
        return tuple(self._standing(each) for each in sorted(stands, key=lambda each: (each.serial, each.channel)))

    def replace(self, notice: Standing, by: Standing) -> None:
        """As `book.OpenPage.replace`: whoever was held back is not held back anew by every newer notice."""
        old, new = self._letter(notice), self._letter(by)
        old.state, old.ended, old.replaced_by, old.drained_at = _DRAINED, Ending.SUPERSEDED, by.notice_id, self._now
        if old.hold is None:
            new.not_before = _least(new.not_before, old.not_before)
        storm = old.hold is Hold.STORM
        new.hold_until = _least(new.hold_until, old.hold_until) if new.hold is Hold.AFTER and not storm else None
        if storm:
            new.state, new.hold = ChannelState.HELD, Hold.STORM

    def end(self, notice: Standing, ending: Ending) -> None:
        letter = self._letter(notice)
        letter.state, letter.ended, letter.drained_at = _DRAINED, ending, self._now

    def stop(self, notice: Standing, reason: Reason) -> None:
        self._house.stop(self._case, self._letter(notice), self._now)

    def subject_name(self, side: Side, otherwise: str) -> str:
        return self._case.subjects.setdefault(side, otherwise)

    def release(self, notice: Standing, fixed: Fixed) -> Sequence[Due]:
        letter = self._letter(notice)
        self._house.laws.release(self._case, letter, fixed.revision, self._now)
        letter.state, letter.released_at, letter.revision = ChannelState.RELEASED, self._now, fixed.revision
        letter.facts, letter.stated, letter.by_machine = fixed.facts, fixed.stated, fixed.by_machine
        if fixed.promised_at is not None:
            owed = promising.Owed(letter.serial, fixed.promised_at)
            self._case.promises.append(Promise(letter.way, letter.id, owed))
        air(self._house, self._case, letter, [each.component for each in fixed.touched], self._now)
        return ()

    # ---------------------------------------------------------------------------------------------------
    def _drain(self) -> None:
        for letter in self._case.live:
            if letter.state is ChannelState.RELEASED:
                land(self._case, letter, self._house.directory, self._now)

    def _letter(self, notice: Standing) -> Letter:
        return self._case.find(notice.notice_id, notice.channel)

    def _outside(self) -> Iterable[Letter]:
        return (each for each in self._case.letters if each.side is Side.OUTSIDE and not each.child)

    def _until(self, letter: Letter, after: timedelta) -> datetime:
        if letter.hold_until is not None:
            return letter.hold_until
        since = self._now - timedelta(minutes=self._policy.episodes.reopen_minutes)
        same = (
            each.hold_until
            for each in self._case.letters
            if each.side is Side.OUTSIDE and each.ended is Ending.WITHDRAWN and each.hold is Hold.AFTER
            if each.hold_until is not None and each.drained_at is not None and each.drained_at > since
        )
        return min(same, default=self._now + after)

    def _slots(self, way: Way) -> frozenset[str]:
        """As `ladder.SLOTS`: what was taken back before anybody heard it may be told again."""
        unheard = {
            each.slot for each in self._case.on(way) if each.ended is Ending.WITHDRAWN and each.released_at is None
        }
        return frozenset(slot for (of, slot), rung in self._case.rungs.items() if of == way and rung.by not in unheard)

    def _standing(self, letter: Letter) -> Standing:
        flight, now = letter.flight, self._now
        released = letter.state is ChannelState.RELEASED and letter.released_at is not None
        ahead = letter.not_before is None or letter.not_before <= now or not self._inside_unsettled()
        rate = self._policy.delivery.per_second(letter.channel)
        return Standing(
            notice_id=letter.id,
            side=letter.side,
            channel=letter.channel,
            occasion=letter.occasion,
            state=letter.state,
            serial=letter.serial,
            hold=letter.hold,
            hold_over=letter.hold_until is not None and letter.hold_until <= now,
            ahead=ahead,
            paused=self._house.paused(letter.channel, now),
            stopped=letter.stopped_at is not None,
            few_left=released and promising.few_left(letter.leg(now)),
            air_seconds=(now - letter.released_at).total_seconds() if released and letter.released_at else 0.0,
            drain_seconds=flight.total / rate if released and flight is not None and now >= flight.ready_at else 0.0,
            names=letter.names,
        )

    def _inside_unsettled(self) -> bool:
        inside = (each for each in self._case.live if each.side is Side.INSIDE and not each.child)
        return any(each.waits or _first_open(each, self._now) for each in inside)


_DRAINED = ChannelState.DRAINED


def _first_open(letter: Letter, now: datetime) -> bool:
    """Whether support and account teams are still to be told by it."""
    flight = letter.flight
    if letter.state is not ChannelState.RELEASED or flight is None or flight.pulled:
        return False
    return now < flight.ready_at or flight.done < flight.first_rank


def _planned(letter: Letter) -> Planned:
    return Planned(
        letter.side,
        letter.occasion,
        letter.slot,
        letter.released_at is not None,
        letter.waits,
        letter.state is ChannelState.RELEASED,
        letter.channel,
    )


def _least(*moments: datetime | None) -> datetime | None:
    """As PostgreSQL's least: what is null does not count."""
    return min((each for each in moments if each is not None), default=None)
