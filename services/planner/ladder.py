"""Planned work in the record: what was told of it, what became of its rungs, and when the next one is due."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from forewarn.component import Touched
from forewarn.contracts.policy import Policy
from forewarn.contracts.record import facts_from_json
from forewarn.notice import Channel
from forewarn.outage import BEGUN, Facts, Outage
from forewarn.subscriber import Side
from services.planner.estimate import Estimates
from services.planner.gate import Standing
from services.planner.leads import before_on
from services.planner.ports import Labels
from services.planner.promises import ON_THE_WAY
from services.planner.rungs import Before, Work
from services.planner.terms import Terms, calendars
from services.planner.touched import terms_of
from services.planner.upkeep import Ended, Told, Upkeep, Way, window_of

Run = Callable[..., Any]

LOOK_AGAIN = timedelta(hours=1)
"""So often planned work is planned anew though no rung is due: the directory may have changed what its accounts ask."""

SLOTS = """
select side, channel, slot from rung r where outage_id = %(outage)s
  and not exists (select from notice n join notice_channel nc on nc.notice_id = n.id and nc.channel = r.channel
    where n.outage_id = r.outage_id and n.side = r.side and n.slot = r.by_slot
      and nc.ended = 'withdrawn' and nc.released_at is null)
"""
"""What was taken back before anybody heard it may be told again."""

NEWEST = """
select distinct on (n.side, nc.channel) n.side, nc.channel, nc.facts
from notice n join notice_channel nc on nc.notice_id = n.id
where n.outage_id = %(outage)s and nc.released_at is not null and n.occasion not in ('wake', 'failover', 'replay')
order by n.side, nc.channel, n.serial desc
"""

KNOWN_SINCE = """
select min(at) as at from revision where outage_id = %(outage)s and revision > coalesce((
  select max(revision) from revision
  where outage_id = %(outage)s and (facts -> 'window' ->> 'start')::timestamptz is distinct from %(start)s), 0)
"""

NOTE = """
insert into rung (outage_id, side, channel, slot, occasion, moment, leaves_at, minimums, fate, short, late, by_slot)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict (outage_id, side, channel, slot) do update set fate = excluded.fate, short = excluded.short,
  late = excluded.late, by_slot = excluded.by_slot, ended_at = excluded.ended_at
"""

LABELS = """
select coalesce(bool_or(r.short), false) as short, coalesce(bool_or(r.late), false) as late,
  (select coalesce((
      select w.minimums from notice w join notice_channel wc on wc.notice_id = w.id and wc.channel = %(channel)s
      where w.outage_id = i.outage_id and w.side = 'outside' and w.occasion = i.occasion
        and split_part(w.slot, '~', 1) = i.slot
      order by w.minimums is null desc limit 1
    ), own.minimums, '{}') from notice i
    left join rung own on own.outage_id = i.outage_id and own.side = i.side and own.channel = %(channel)s
      and own.slot = i.slot
    where i.id = %(notice)s) as minimums
from notice n join rung r on r.outage_id = n.outage_id and r.side = n.side and r.by_slot = n.slot
where n.id = %(notice)s and r.channel = %(channel)s and (r.minimums is null or n.minimums is not null
  or exists (select from rung o where o.outage_id = r.outage_id and o.side = r.side and o.channel = r.channel
    and o.slot = n.slot and o.minimums is not null))
"""
"""What came too late for accounts with a minimum of their own did not for everybody; colleagues hear whom it is for."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs of one outage, as its page reads and writes them."""

    run: Run
    outage_id: int
    policy: Policy
    estimates: Estimates

    def upkeep(self, outage: Outage, touched: Sequence[Touched], channels: Iterable[Channel], now: datetime) -> Upkeep:
        """The work as it stands. Without a window there is none to tell of: raises ValueError."""
        terms = terms_of(self.run, touched)
        ways = [(side, channel) for side in Side for channel in channels]
        slots, facts = self._slots(), self._newest()
        return Upkeep(
            outage=outage,
            work=work_of(outage, self.policy, terms),
            before=before_of(outage.facts, self.policy, terms),
            known_since=self._known_since(outage) or now,
            now=now,
            drains={way: self.drain(way, touched) for way in ways},
            told={way: Told(slots.get(way, frozenset()), facts.get(way)) for way in ways},
        )

    def note(self, way: Way, ended: Iterable[Ended]) -> None:
        for each in ended:
            rung, placed = each.placed.rung, each.placed
            fate = "told" if each.by == rung.slot else placed.fate if each.by is None else "compressed"
            moments = rung.moment, rung.leaves
            minimums = list(rung.minimums) if rung.minimums is not None else None
            values = (*way, rung.slot, rung.occasion, *moments, minimums, fate, placed.short, placed.late, each.by)
            self.run(NOTE, (self.outage_id, *values))

    def due(self, at: datetime | None) -> None:
        """When the outage must be planned again, whatever else happens."""
        looks = "case when %(at)s::timestamptz is not null then forewarn_now() + %(again)s end"
        values = {"at": at, "again": LOOK_AGAIN, "outage": self.outage_id}
        self.run(f"update plan set due_at = %(at)s, look_at = {looks} where outage_id = %(outage)s", values)

    def labels(self, notice: Standing) -> Labels:
        row = self.run(LABELS, {"notice": notice.notice_id, "channel": notice.channel}).fetchone()
        return Labels(row["short"], row["late"], tuple(row["minimums"]))

    def _slots(self) -> dict[Way, set[str]]:
        out = dict[Way, set[str]]()
        for row in self.run(SLOTS, {"outage": self.outage_id}).fetchall():
            out.setdefault((Side(row["side"]), Channel(row["channel"])), set()).add(row["slot"])
        return out

    def _newest(self) -> dict[Way, Facts]:
        rows = self.run(NEWEST, {"outage": self.outage_id}).fetchall()
        return {(Side(row["side"]), Channel(row["channel"])): facts_from_json(row["facts"]) for row in rows}

    def _known_since(self, outage: Outage) -> datetime | None:
        window = outage.facts.window
        row = self.run(KNOWN_SINCE, {"outage": self.outage_id, "start": window and window.start}).fetchone()
        at: datetime | None = row["at"]
        return at

    def drain(self, way: Way, touched: Sequence[Touched], ahead: float = 0) -> timedelta:
        """From the decision until the last of its audience is told, as people read time, after so many `ahead`."""
        side, channel = way
        people = ahead + self.estimates.people(side, touched)
        seconds = people / self.policy.delivery.per_second(channel) + self.policy.delivery.head_start_seconds
        row = self.run(
            "select forewarn_at(clock_timestamp() + %s) - forewarn_at(clock_timestamp()) as drain",
            (ON_THE_WAY + timedelta(seconds=seconds),),
        ).fetchone()
        drain: timedelta = row["drain"]
        return drain


def work_of(outage: Outage, policy: Policy, terms: Terms) -> Work:
    """Planned work as the policy and the accounts see it. Raises ValueError where nobody said when it is."""
    found = window_of(outage.facts)
    if found is None:
        raise ValueError(f"{outage.name} has no window")
    window, end = found
    asked = outage.stated.reader_action  # what a machine asks of readers they are not told
    return Work(
        window=window,
        leads=policy.maintenance.leads(outage.facts.notice_class),
        minimums=terms.minimums,
        percent=policy.maintenance.progress_percent,
        extended_to=end,
        started=outage.facts.status in BEGUN,
        tasks=outage.facts.tasks,
        every=policy.maintenance.every,
        deadline=asked.by if asked is not None else None,
        deadline_leads=policy.maintenance.deadline_leads,
    )


def before_of(facts: Facts, policy: Policy, terms: Terms) -> Before:
    """On the business days of whoever organises the work, and of whom it touches (T11)."""
    return before_on(ZoneInfo(policy.maintenance.zone), *calendars(facts, policy, terms))
