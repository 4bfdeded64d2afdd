"""The agenda of planned work: every notice with its moment, whom it reaches, and what falls short; nothing is sent."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from forewarn.component import spread
from forewarn.contracts.policy import Policy
from forewarn.contracts.record import outage_from_row
from forewarn.contracts.schedule_api import RungView, ScheduleView
from forewarn.notice import Channel, Occasion
from forewarn.outage import Outage, Severity
from forewarn.subscriber import Side
from services.planner.audience import Asked, people
from services.planner.occurrences import occurrences
from services.planner.paper import PaperPage
from services.planner.ports import Seen
from services.planner.rungs import OWN, Fate, Placed
from services.planner.series import zone_of
from services.planner.terms import unknown_countries
from services.planner.upkeep import Upkeep, Way, placed_on
from services.planner.wording import Case, case_of

Run = Callable[..., Any]

OTHERS = """
select * from outage where kind = 'maintenance' and closed_at is null and not withdrawn and not test
  and id <> %s and (observed || stated) ->> 'recurrence' is null order by id limit 50
"""
"""Other planned work that somebody may hear of on the same day."""

NEXT_WINDOWS = 5
"""Of a series, so many of its windows that are not work of their own yet are shown."""

ENDED = """
select slot, side, channel, occasion, moment, leaves_at, fate, short,
  case when minimums is not null then rtrim(split_part(slot, '@', 1), '+') end as minimum
from rung
where outage_id = %s order by moment, side, channel
"""


@dataclass(frozen=True, slots=True)
class Agenda:
    """Lays planned work on the directory and the calendar, as a page on paper shows them."""

    run: Run
    policy: Policy
    mode: str

    def of(self, page: PaperPage) -> ScheduleView:
        """Raises ValueError for what has no window."""
        seen = page.seen()
        if seen.outage.recurs:
            return self._of_series(page, seen.outage)
        case = case_of(self.policy, seen, page.graph(), page.now())
        upkeep = page.upkeep(seen.outage, case.touched, case.now)
        to_come = [] if not seen.outage.open else list(self._to_come(page, case, upkeep, seen))
        ended = self._ended(seen.outage)
        rungs = [*(rung for rung, _ in ended), *to_come]
        counting = [*(rung for rung, present in ended if present), *to_come]
        return ScheduleView(
            outage=seen.outage.name if seen.outage.id is not None else None,
            zone=self.policy.maintenance.zone,
            rungs=sorted(rungs, key=lambda rung: (rung.moment, rung.side, rung.channel)),
            breaches=_breaches(counting, seen.outage),
            unknown_countries=unknown_countries(seen.outage.facts, self.policy, page.terms(case.touched)),
        )

    def _of_series(self, page: PaperPage, series: Outage) -> ScheduleView:
        """Its windows: each has a schedule of its own once it is work of its own."""
        terms = page.terms(spread(series.facts.components, page.graph().dependencies))
        return ScheduleView(
            outage=series.name if series.id is not None else None,
            zone=zone_of(series, self.policy),
            rungs=[],
            unknown_countries=unknown_countries(series.facts, self.policy, terms),
            recurrence=series.facts.recurrence,
            occurrences=occurrences(self.run, self.policy, series, terms, page.now(), NEXT_WINDOWS),
        )

    def _to_come(self, page: PaperPage, case: Case, upkeep: Upkeep, seen: Seen) -> Iterator[RungView]:
        clashes = self._clashes(page, case)
        for way in upkeep.drains:
            if way[0] is Side.OUTSIDE and not (case.customers or seen.heard(Side.OUTSIDE)):
                continue
            reached = people(self.run, self.policy, [asked(case, way, self.mode)])
            if not reached and way[1] is not Channel.EMAIL:
                continue
            for each in placed_on(upkeep, way):
                busy = clashes.get(self._day(each.rung.moment), 0) if _advance(each, way) else None
                told = self._some(case, way, each) if _narrow(each, way) else reached
                yield _view(each, way, told, upkeep.drains[way].total_seconds(), busy)

    def _some(self, case: Case, way: Way, each: Placed) -> int:
        return people(self.run, self.policy, [asked(case, way, self.mode, each.rung.minimums)])

    def _ended(self, outage: Outage) -> list[tuple[RungView, bool]]:
        """Rungs that are over, and whether each is of the start that the work has now."""
        start = outage.facts.window.start.isoformat() if outage.facts.window else ""
        rows = self.run(ENDED, (outage.id or 0,)).fetchall()
        return [
            (RungView(short_notice=row.pop("short"), **row), slot.endswith(f"@{start}"))
            for row in rows
            for slot in [row.pop("slot")]
        ]

    def _clashes(self, page: PaperPage, case: Case) -> dict[date, int]:
        """By day, how many customers hear of this work and of other work by mail (W10)."""
        out, way = dict[date, int](), (Side.OUTSIDE, Channel.EMAIL)
        ours, mine = asked(case, way, self.mode), None
        for row in self.run(OTHERS, (case.outage.id or 0,)).fetchall():
            other = outage_from_row(row)
            there = case_of(self.policy, Seen(other, 0, (), ()), page.graph(), case.now)
            if not (there.planned and there.customers):
                continue
            theirs = asked(there, way, self.mode)
            mine = people(self.run, self.policy, [ours]) if mine is None else mine
            both = people(self.run, self.policy, [theirs]) + mine - people(self.run, self.policy, [ours, theirs])
            upkeep = replace(page.upkeep(other, there.touched, case.now), told={})
            for day in {self._day(each.rung.moment) for each in placed_on(upkeep, way) if _advance(each, way)}:
                out[day] = out.get(day, 0) + both
        return out

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.policy.maintenance.zone)).date()


def asked(case: Case, way: Way, mode: str, minimums: tuple[str, ...] | None = None) -> Asked:
    """Who hears of the work on this way; `minimums`: of a reminder for accounts with these alone."""
    side, channel = way
    return Asked(
        outage_id=case.outage.id,
        side=side,
        channel=channel,
        occasion=Occasion.REMINDER,
        touched=tuple(t.component for t in case.touched),
        minimums=minimums,
        mode=mode,
        test=case.outage.test,
        critical=case.outage.facts.severity is Severity.CRITICAL,
    )


def _advance(each: Placed, way: Way) -> bool:
    """Whether it is a reminder to all customers that is still to come."""
    ahead = each.rung.occasion is Occasion.REMINDER and each.fate is Fate.WAITS
    return way[0] is Side.OUTSIDE and ahead and not _narrow(each, way)


def _narrow(each: Placed, way: Way) -> bool:
    """Whether it is for some accounts alone."""
    return way[0] is Side.OUTSIDE and each.rung.minimums is not None


def _view(each: Placed, way: Way, reached: int, seconds: float, clashes: int | None) -> RungView:
    rung = each.rung
    return RungView(
        occasion=rung.occasion,
        side=way[0],
        channel=way[1],
        moment=rung.moment,
        leaves_at=rung.leaves,
        fate=each.fate.value,
        short_notice=each.short,
        minimum=rung.slot.partition("@")[0].rstrip(OWN) if rung.minimums is not None else None,
        audience=reached,
        drain_seconds=seconds,
        clashes=clashes,
    )


def _breaches(rungs: list[RungView], outage: Outage) -> list[str]:
    """Each moment that was missed because the work was known too late, once, however many ways it has."""
    short = {(r.moment, r.minimum or "") for r in rungs if r.short_notice and r.occasion == Occasion.REMINDER}
    of = (outage.facts.notice_class or "standard").replace("_", " ")
    asking = ((moment, f"an account's own minimum of {own}" if own else f"class {of}") for moment, own in sorted(short))
    return [f"short notice: {who} asks for a notice by {moment:%Y-%m-%d %H:%M} UTC" for moment, who in asking]
