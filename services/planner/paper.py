"""A page on paper: a plan is made on it as on the record, and shows what would be told; nothing is written."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from forewarn.component import Touched
from forewarn.contracts.api import PauseView
from forewarn.contracts.policy import Policy
from forewarn.delivery import Reason
from forewarn.notice import CHILDREN, Channel, ChannelState, Ending, Hold, Lane, notice_id
from forewarn.outage import Outage, Severity
from forewarn.release import Rule
from forewarn.runtime.postgres import Connection
from forewarn.subscriber import Side
from services.planner.audience import Asked, Group, audience, people
from services.planner.book import OpenPage
from services.planner.gate import Standing
from services.planner.pauses import paused_by
from services.planner.ports import Due, Fixed, Graph, Labels, Reach, Seen, Spoken
from services.planner.schedule import Promised, Wanted
from services.planner.standing import NOT_DRAINED, standing
from services.planner.terms import Terms
from services.planner.upkeep import Ended, Upkeep, Way
from services.planner.wording import Case

Key = tuple[str, Channel]

UTC_ALONE = {0: "UTC"}

WAITING = """
select nc.notice_id, nc.channel, nc.hold_until from notice n join notice_channel nc on nc.notice_id = n.id
where n.outage_id = %s and nc.hold_until is not null and nc.state in ('held', 'waiting')
"""

IN_THE_AIR = f"""
select n.side, nc.channel from notice n join notice_channel nc on nc.notice_id = n.id
where n.outage_id = %s and nc.state = 'released' and ({NOT_DRAINED})
"""


class PaperPage:
    """See `ports.Page`. What the record holds is read; what is planned stays here, with whom it would reach.

    What is in the air is left out: what would follow it is shown as leaving, and `in_the_air` says after what.
    """

    def __init__(self, connection: Connection, policy: Policy, mode: str, seen: Seen, pauses: list[PauseView]) -> None:
        self._run, self._policy, self._mode, self._pauses = connection.execute, policy, mode, pauses
        self._id = seen.outage.id or 0  # an outage that does not exist yet: of none there is nothing in the record
        self._record, self._seen = OpenPage(connection, self._id, mode, policy), seen
        found = standing(self._run, self._id, policy.delivery)
        self.notices: dict[Key, Standing] = {
            (n.notice_id, n.channel): replace(n, ahead=True) for n in found if n.state is not ChannelState.RELEASED
        }
        rows = self._run(WAITING, (self._id,)).fetchall()
        self.until: dict[Key, datetime] = {
            (row["notice_id"], Channel(row["channel"])): row["hold_until"] for row in rows
        }
        rows = self._run(IN_THE_AIR, (self._id,)).fetchall()
        self.in_the_air = {(Side(row["side"]), Channel(row["channel"])) for row in rows}
        self.left: dict[Key, Fixed] = {}
        self._slots: dict[str, str] = {}
        self._labels: dict[tuple[str, Way], Labels] = {}
        self._minimums: dict[str, tuple[str, ...]] = {}
        self.reached: Reach | None = None

    # -- what is known ----------------------------------------------------------------------------------
    def now(self) -> datetime:
        return self._record.now()

    def seen(self) -> Seen:
        return self._seen

    def graph(self) -> Graph:
        return self._record.graph()

    def promised(self, head_start: timedelta) -> Sequence[Promised]:
        return ()

    def channels(self) -> Sequence[Channel]:
        return self._record.channels()

    def spoken(self, side: Side, channel: Channel) -> Spoken:
        return self._record.spoken(side, channel)

    def zones(self) -> Mapping[int, str]:
        return UTC_ALONE

    def subject_name(self, side: Side, otherwise: str) -> str:
        row = self._run("select subjects ->> %s as name from plan where outage_id = %s", (side, self._id)).fetchone()
        return row["name"] if row and row["name"] else otherwise

    def audience(self, notice: Standing, case: Case) -> tuple[Group, ...]:
        """Whom the notice would reach if it were released now."""
        return audience(self._run, self._policy, self._asked(notice, case))

    def people(self, notices: Iterable[Standing], case: Case) -> int:
        """How many people these would reach together, on whatever channels."""
        return people(self._run, self._policy, [self._asked(notice, case) for notice in notices])

    def _asked(self, notice: Standing, case: Case) -> Asked:
        return Asked(
            outage_id=self._id or None,
            side=notice.side,
            channel=notice.channel,
            occasion=notice.occasion,
            touched=tuple(t.component for t in case.touched),
            names=notice.names,
            minimums=notice.minimums,
            mode=self._mode,
            test=self._seen.outage.test,
            critical=case.outage.facts.severity is Severity.CRITICAL,  # quiet hours give way (W7)
        )

    def sleepers(self, notice: Standing) -> int:
        """How many a child is for: whoever was moved to its moment."""
        row = self._run(
            "select count(distinct u.id)::int as people from notice n join notice_window w on w.notice_id = n.id"
            " join batch b on b.window_id = w.id cross join lateral unnest(b.ids) u (id)"
            " where n.outage_id = %s and n.side = %s and w.channel = %s and b.wake_at = %s",
            (self._id, notice.side, notice.channel, self.until.get(_key(notice))),
        ).fetchone()
        return int(row["people"]) if row else 0

    def heirs(self, notice: Standing) -> int:
        """How many a child of failures is for, at most: whoever was moved to it."""
        row = self._run(
            "select coalesce(sum(cardinality(ids)), 0)::int as people from child_window"
            " where notice_id = %s and channel = %s",
            (notice.notice_id, notice.channel),
        ).fetchone()
        return int(row["people"]) if row else 0

    def upkeep(self, outage: Outage, touched: Sequence[Touched], now: datetime) -> Upkeep:
        return self._record.upkeep(outage, touched, now)

    def terms(self, touched: Sequence[Touched]) -> Terms:
        return self._record.terms(touched)

    def drain(self, way: Way, touched: Sequence[Touched], beside: Sequence[Side]) -> timedelta:
        return self._record.drain(way, touched, beside)

    def ended(self, way: Way, ended: Iterable[Ended]) -> None:
        ended = tuple(ended)
        rungs = [each.placed.rung for each in ended if each.by == each.placed.rung.slot]
        narrow = {rung.slot: rung.minimums for rung in rungs if rung.minimums}
        self._minimums |= narrow
        for each in ended:
            fits = each.placed.rung.minimums is None or each.by in narrow
            if each.by is not None and fits and (each.placed.short or each.placed.late):
                self._labels[each.by, way] = Labels(each.placed.short, each.placed.late)

    def due(self, at: datetime | None) -> None:
        """On paper no clock waits."""

    def opened(self, series: str, starts: Sequence[datetime]) -> Collection[datetime]:
        return self._record.opened(series, starts)

    def labels(self, notice: Standing) -> Labels:
        slot = self._slots.get(notice.notice_id, "")
        found = self._labels.get((slot, (notice.side, notice.channel)), Labels())
        return replace(found, minimums=self._minimums.get(slot, ()))

    def fall_over(self) -> None:
        """On paper nobody is moved."""

    # -- what is planned --------------------------------------------------------------------------------
    def add(self, wanted: Wanted, channel: Channel, lane: Lane, head_start: timedelta) -> None:
        outage = self._seen.outage
        key = notice_id(str(self._id), wanted.side, wanted.occasion, wanted.slot)
        self._slots[key] = wanted.slot
        if wanted.minimums:
            self._minimums[wanted.slot.partition("~")[0]] = wanted.minimums
        self.notices[key, channel] = Standing(
            notice_id=key,
            side=wanted.side,
            channel=channel,
            occasion=wanted.occasion,
            state=ChannelState.WAITING,
            serial=1 + max((notice.serial for notice in self.notices.values()), default=0),
            paused=paused_by(self._pauses, channel, outage.name if self._id else None),
            names=wanted.names,
            minimums=wanted.minimums,
        )

    def hold(self, rule: Rule) -> None:
        for key, notice in self.notices.items():
            outside = notice.side is Side.OUTSIDE and notice.occasion not in CHILDREN
            if not outside or notice.hold in (Hold.STORM, rule.hold):
                continue
            state = notice.state if rule.hold is None else ChannelState.HELD
            self.notices[key] = replace(notice, state=state, hold=rule.hold)
            if rule.after is not None:
                self.until.setdefault(key, self.now() + rule.after)

    def held_back(self) -> tuple[Hold, datetime | None] | None:
        held = [n for n in self.notices.values() if n.side is Side.OUTSIDE and n.occasion not in CHILDREN]
        for notice in sorted(held, key=lambda n: -n.serial):
            if notice.state is ChannelState.HELD and notice.hold is not None:
                return notice.hold, self.until.get(_key(notice))
        return None

    def brake(self, notice: Standing) -> None:
        self.until.pop(_key(notice), None)
        self.notices[_key(notice)] = replace(notice, state=ChannelState.HELD, hold=Hold.STORM)

    def reach(self, touched: Sequence[Touched], notice: Standing) -> Reach:
        self.reached = self._record.reach(touched, notice)
        return self.reached

    def brakes_alone(self) -> None:
        """On paper nothing is released."""

    def planned_up_to(self, revision: int) -> None:
        """Nothing is owed on paper."""

    # -- the gate ---------------------------------------------------------------------------------------
    def standing(self) -> Sequence[Standing]:
        return tuple(self.notices.values())

    def replace(self, notice: Standing, by: Standing) -> None:
        """As in the record: a hold that runs is not begun anew."""
        old, new = _key(notice), _key(by)
        del self.notices[old]
        if notice.hold is Hold.STORM:
            self.brake(self.notices[new])
        elif new in self.until and old in self.until:
            self.until[new] = min(self.until[new], self.until[old])

    def end(self, notice: Standing, ending: Ending) -> None:
        del self.notices[_key(notice)]

    def stop(self, notice: Standing, reason: Reason) -> None:
        """Nothing is in the air on paper."""

    def release(self, notice: Standing, fixed: Fixed) -> Sequence[Due]:
        self.left[_key(notice)] = fixed
        return ()


def _key(notice: Standing) -> Key:
    return notice.notice_id, notice.channel
