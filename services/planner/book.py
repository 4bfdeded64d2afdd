"""The record as the planner writes it: plans, notices, the gate's states, windows."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from forewarn.component import Dependency, Touched
from forewarn.contracts.policy import Policy
from forewarn.contracts.policy_file import policy_hash
from forewarn.delivery import Reason
from forewarn.notice import Channel, ChannelState, Ending, Hold, Lane, notice_id
from forewarn.outage import Outage
from forewarn.release import Rule
from forewarn.runtime.postgres import Connection, Database
from forewarn.subscriber import Side
from services.planner import failures, holds, promises
from services.planner import seen as on_record
from services.planner.estimate import Estimates
from services.planner.gate import Standing
from services.planner.given_way import Gap, GivenWay
from services.planner.ladder import Ladder
from services.planner.opened import opened
from services.planner.ports import Due, Fixed, Graph, Labels, Reach, Seen, Spoken
from services.planner.release import release
from services.planner.schedule import Promised, Wanted
from services.planner.standing import mark_drained, standing
from services.planner.telling import Named
from services.planner.terms import Terms
from services.planner.took import how_long, note
from services.planner.touched import terms_of
from services.planner.upkeep import Ended, Upkeep, Way

DEBT = timedelta(seconds=5)
"""A window not published after so long is a debt."""


class Shelf:
    """Opens the page of an outage, alone on it until the transaction ends."""

    def __init__(self, database: Database, mode: str, policy: Policy, debt: timedelta = DEBT) -> None:
        self._database, self._mode, self._policy, self._debt = database, mode, policy, debt
        self._given_way = GivenWay()

    @contextmanager
    def __call__(self, outage_id: int) -> Iterator["OpenPage"]:
        with self._database.begin() as connection:
            alone_on(connection, outage_id)
            page = OpenPage(connection, outage_id, self._mode, self._policy, self._debt)
            yield page
            took = how_long(connection, page.drained)
        note(took)  # once it is committed: by one planner only
        self._given_way.note(page.gaps)


def alone_on(connection: Connection, outage_id: int) -> None:
    """Hold the outage alone until the transaction ends."""
    connection.execute("set local lock_timeout = '3s'")  # a hung transaction must not hang every clock
    connection.execute("select pg_advisory_xact_lock(hashtextextended('outage ' || %s, 0))", (str(outage_id),))


class OpenPage:
    """See `ports.Page` for what each promises."""

    def __init__(
        self, connection: Connection, outage_id: int, mode: str, policy: Policy, debt: timedelta = DEBT
    ) -> None:
        self._run, self._id, self._mode, self._policy, self._debt = connection.execute, outage_id, mode, policy, debt
        self._estimates = Estimates(self._run, policy)
        self._ladder = Ladder(self._run, outage_id, policy, self._estimates)
        self._reaches: dict[str, Reach] = {}
        self.drained: list[tuple[str, str]] = []
        self.gaps: list[Gap] = []

    def now(self) -> datetime:
        row = self._run("select forewarn_now() as now").fetchone()
        assert row is not None
        now: datetime = row["now"]
        return now

    # -- what is known ----------------------------------------------------------------------------------
    def seen(self) -> Seen:
        return on_record.seen(self._run, self._id)

    def channels(self) -> tuple[Channel, ...]:
        return on_record.channels(self._run, self._id)

    def graph(self) -> Graph:
        return graph_of(self._run)

    def spoken(self, side: Side, channel: Channel) -> Spoken:
        return on_record.spoken(self._run, self._id, side, channel)

    def promised(self, head_start: timedelta) -> Sequence[Promised]:
        self.drained += mark_drained(self._run, self._id)
        promises.settle(self._run, self._id)
        return promises.coming(self._run, self._id, head_start, self._policy.delivery)

    def zones(self) -> Mapping[int, str]:
        return {row["id"]: row["name"] for row in self._run("select id, name from zone").fetchall()}

    def fall_over(self) -> None:
        failures.fall_over(self._run, self._id)

    def upkeep(self, outage: Outage, touched: Sequence[Touched], now: datetime) -> Upkeep:
        return self._ladder.upkeep(outage, touched, self.channels(), now)

    def terms(self, touched: Sequence[Touched]) -> Terms:
        return terms_of(self._run, touched)

    def drain(self, way: Way, touched: Sequence[Touched], beside: Sequence[Side]) -> timedelta:
        others = sum(self._estimates.people(side, touched) for side in beside)
        return self._ladder.drain(way, touched, others + promises.ahead(self._run, way[1]))

    def ended(self, way: Way, ended: Iterable[Ended]) -> None:
        self._ladder.note(way, ended)

    def due(self, at: datetime | None) -> None:
        self._ladder.due(at)

    def opened(self, series: str, starts: Sequence[datetime]) -> Collection[datetime]:
        return opened(self._run, series, starts)

    def labels(self, notice: Standing) -> Labels:
        return self._ladder.labels(notice)

    # -- planning ---------------------------------------------------------------------------------------
    def add(self, wanted: Wanted, channel: Channel, lane: Lane, head_start: timedelta) -> None:
        key = notice_id(str(self._id), wanted.side, wanted.occasion, wanted.slot)
        self._run(
            "insert into notice (id, outage_id, side, occasion, slot, lane, names, minimums, made_at, policy_hash,"
            " mode, test) select %s, id, %s, %s, %s, %s, %s, %s, forewarn_now(), %s, %s, test from outage where id = %s"
            " on conflict (id) do nothing",
            (
                key,
                wanted.side,
                wanted.occasion,
                wanted.slot,
                lane,
                list(wanted.names),
                list(wanted.minimums) if wanted.minimums is not None else None,
                policy_hash(self._policy),
                self._mode,
                self._id,
            ),
        )
        state = ChannelState.HELD if head_start else ChannelState.WAITING
        self._run(
            "insert into notice_channel (notice_id, channel, state, not_before)"
            " values (%s, %s, %s, clock_timestamp() + %s) on conflict (notice_id, channel) do update set"
            "  state = excluded.state, not_before = excluded.not_before, hold = null, hold_until = null,"
            "  ended = null, drained_at = null, fallen_at = null"  # a rung that nobody heard, and that is wanted again
            "  where notice_channel.ended = 'withdrawn' and notice_channel.released_at is null",
            (key, channel, state, head_start or None),
        )

    def planned_up_to(self, revision: int) -> None:
        self._run(
            "insert into plan (outage_id, planned_revision) values (%s, %s) on conflict (outage_id)"
            " do update set planned_revision = excluded.planned_revision, tries = 0, again_at = null",
            (self._id, revision),
        )

    # -- the gate ---------------------------------------------------------------------------------------
    def standing(self) -> Sequence[Standing]:
        self.drained += mark_drained(self._run, self._id)
        return standing(self._run, self._id, self._policy.delivery)

    def hold(self, rule: Rule) -> None:
        holds.hold(self._run, self._id, rule, timedelta(minutes=self._policy.episodes.reopen_minutes))

    def held_back(self) -> tuple[Hold, datetime | None] | None:
        return holds.held_back(self._run, self._id)

    def brake(self, notice: Standing) -> None:
        holds.brake(self._run, notice.notice_id, notice.channel)

    def reach(self, touched: Sequence[Touched], notice: Standing) -> Reach:
        known = self._reaches.get(notice.notice_id)  # the same on each of its channels, and costly
        if known is None:
            known = holds.reach(self._run, self._id, [t.component for t in touched], notice.notice_id)
            self._reaches[notice.notice_id] = known
        return known

    def brakes_alone(self) -> None:
        self._run("select pg_advisory_xact_lock(hashtextextended('the storm brake', 0))")

    def replace(self, notice: Standing, by: Standing) -> None:
        self._run(
            "update notice_channel set state = 'drained', ended = 'superseded', replaced_by = %s,"
            " drained_at = clock_timestamp() where notice_id = %s and channel = %s",
            (by.notice_id, notice.notice_id, notice.channel),
        )
        self._run(  # whoever was held back is not held back anew by every newer notice (W3: at most 3 s; T16)
            "update notice_channel n set not_before ="
            "  case when o.hold is null then least(n.not_before, o.not_before) else n.not_before end,"
            " hold_until = case when n.hold = 'after' and o.hold is distinct from 'storm'"
            "  then least(n.hold_until, o.hold_until) end,"
            " state = case when o.hold = 'storm' then 'held' else n.state end,"
            " hold = case when o.hold = 'storm' then 'storm' else n.hold end from notice_channel o"
            " where n.notice_id = %s and n.channel = %s and o.notice_id = %s and o.channel = n.channel",
            (by.notice_id, notice.channel, notice.notice_id),
        )

    def end(self, notice: Standing, ending: Ending) -> None:
        self._run(
            "update notice_channel set state = 'drained', ended = %s, drained_at = clock_timestamp()"
            " where notice_id = %s and channel = %s",
            (ending, notice.notice_id, notice.channel),
        )

    def stop(self, notice: Standing, reason: Reason) -> None:
        self._run(
            "insert into stop (notice_id, channel, reason) values (%s, %s, %s) on conflict do nothing",
            (notice.notice_id, notice.channel, reason),
        )

    def subject_name(self, side: Side, otherwise: str) -> str:
        row = self._run(
            "update plan set subjects = jsonb_build_object(%(side)s::text, %(name)s::text) || subjects"
            " where outage_id = %(outage)s returning subjects ->> %(side)s as name",
            {"side": side, "name": otherwise, "outage": self._id},
        ).fetchone()
        assert row is not None
        name: str = row["name"]
        return name

    def release(self, notice: Standing, fixed: Fixed) -> Sequence[Due]:
        self.gaps += [Gap(self._id, notice.notice_id, v.gave_way) for v in fixed.variants if v.gave_way is not None]
        return release(self._run, notice, fixed, self._estimates, self._debt)


def graph_of(run: holds.Run) -> Graph:
    """The catalog as it stands."""
    needs = run("select component_key, needs, hard from dependency").fetchall()
    named = run("select key, public_name, symptoms, owner from component").fetchall()
    return Graph(
        tuple(Dependency(d["component_key"], d["needs"], d["hard"]) for d in needs),
        {c["key"]: Named(c["key"], c["public_name"], c["symptoms"]) for c in named},
    )
