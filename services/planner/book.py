"""The record as the planner writes it: plans, notices, the gate's states, windows."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from forewarn.component import Dependency
from forewarn.contracts.record import outage_from_row
from forewarn.notice import Channel, ChannelState, Lane, Occasion, notice_id
from forewarn.outage import Outage
from forewarn.runtime.postgres import Connection, Database
from forewarn.subscriber import HEAD_START_RANK, Side
from services.planner.gate import Standing
from services.planner.ports import Due, Fixed, Graph, Seen
from services.planner.release import release
from services.planner.schedule import Planned, Revision, Wanted
from services.planner.telling import Named

NOT_DRAINED = """
  exists (select from notice_window w where w.notice_id = nc.notice_id and w.channel = nc.channel
    and w.expanded_at is null)
  or exists (select from notice_window w join batch b on b.window_id = w.id
    where w.notice_id = nc.notice_id and w.channel = nc.channel and position('.' in b.outcomes) > 0)
"""

INSIDE_UNSETTLED = """
  exists (select from notice i join notice_channel ic on ic.notice_id = i.id
    where i.outage_id = n.outage_id and i.side = 'inside' and (ic.state in ('held', 'waiting')
      or ic.state = 'released' and exists (select from notice_window w left join batch b on b.window_id = w.id
        where w.notice_id = i.id and w.rank <= %(head_start_rank)s
          and (w.expanded_at is null or position('.' in b.outcomes) > 0))))
"""


DEBT = timedelta(seconds=5)
"""A window not published after so long is a debt."""


class Shelf:
    """Opens the page of an outage, alone on it until the transaction ends."""

    def __init__(self, database: Database, mode: str, policy_hash: str, debt: timedelta = DEBT) -> None:
        self._database, self._mode, self._policy_hash, self._debt = database, mode, policy_hash, debt

    @contextmanager
    def __call__(self, outage_id: int) -> Iterator["OpenPage"]:
        with self._database.begin() as connection:
            connection.execute("set local lock_timeout = '3s'")  # a hung transaction must not hang every clock
            connection.execute("select pg_advisory_xact_lock(hashtextextended('outage ' || %s, 0))", (str(outage_id),))
            yield OpenPage(connection, outage_id, self._mode, self._policy_hash, self._debt)


class OpenPage:
    """See `ports.Page` for what each promises."""

    def __init__(
        self, connection: Connection, outage_id: int, mode: str, policy_hash: str, debt: timedelta = DEBT
    ) -> None:
        self._debt = debt
        self._run, self._id, self._mode, self._policy_hash = connection.execute, outage_id, mode, policy_hash

    def now(self) -> datetime:
        row = self._run("select forewarn_now() as now").fetchone()
        assert row is not None
        now: datetime = row["now"]
        return now

    def seen(self) -> Seen:
        outage = self._outage()
        row = self._run("select planned_revision from plan where outage_id = %s", (self._id,)).fetchone()
        revision = row["planned_revision"] if row else 0
        planned = self._run(
            "select side, occasion, slot from notice where outage_id = %s order by serial", (self._id,)
        ).fetchall()
        unseen = self._run(
            "select revision, newsworthy from revision where outage_id = %s and revision > %s and revision <= %s"
            " order by revision",
            (self._id, revision, outage.revision),  # not one that came since: it would be planned with older facts
        ).fetchall()
        return Seen(
            outage,
            revision,
            tuple(Planned(Side(p["side"]), Occasion(p["occasion"]), p["slot"]) for p in planned),
            tuple(Revision(r["revision"], r["newsworthy"]) for r in unseen),
        )

    def _outage(self) -> Outage:
        row = self._run("select * from outage where id = %s", (self._id,)).fetchone()
        if row is None:
            raise LookupError(f"outage {self._id} is not in the record")
        return outage_from_row(row)

    def graph(self) -> Graph:
        needs = self._run("select component_key, needs, hard from dependency").fetchall()
        named = self._run("select key, public_name, symptoms, owner from component").fetchall()
        return Graph(
            tuple(Dependency(d["component_key"], d["needs"], d["hard"]) for d in needs),
            {c["key"]: Named(c["key"], c["public_name"], c["symptoms"]) for c in named},
        )

    def add(self, wanted: Wanted, channel: Channel, lane: Lane, head_start: timedelta) -> None:
        key = notice_id(str(self._id), wanted.side, wanted.occasion, wanted.slot)
        self._run(
            "insert into notice (id, outage_id, side, occasion, slot, lane, made_at, policy_hash, mode, test)"
            " values (%s, %s, %s, %s, %s, %s, forewarn_now(), %s, %s, (select test from outage where id = %s))"
            " on conflict (id) do nothing",
            (
                key,
                self._id,
                wanted.side,
                wanted.occasion,
                wanted.slot,
                lane,
                self._policy_hash,
                self._mode,
                self._id,
            ),
        )
        state = ChannelState.HELD if head_start else ChannelState.WAITING
        self._run(
            "insert into notice_channel (notice_id, channel, state, not_before)"
            " values (%s, %s, %s, clock_timestamp() + %s) on conflict do nothing",
            (key, channel, state, head_start),
        )

    def planned_up_to(self, revision: int) -> None:
        self._run(
            "insert into plan (outage_id, planned_revision) values (%s, %s) on conflict (outage_id)"
            " do update set planned_revision = excluded.planned_revision, tries = 0, again_at = null",
            (self._id, revision),
        )

    def standing(self) -> Sequence[Standing]:
        self._run(
            "update notice_channel nc set state = 'drained', drained_at = clock_timestamp() from notice n"
            " where n.id = nc.notice_id and n.outage_id = %(outage)s and nc.state = 'released'"
            f" and not ({NOT_DRAINED})",
            {"outage": self._id},
        )
        rows = self._run(
            "select n.id, n.side, nc.channel, n.occasion, nc.state, n.serial,"
            f" nc.state <> 'held' or nc.not_before <= clock_timestamp() or not ({INSIDE_UNSETTLED}) as may_go"
            " from notice n join notice_channel nc on nc.notice_id = n.id"
            " where n.outage_id = %(outage)s and nc.state <> 'drained' order by n.serial",
            {"outage": self._id, "head_start_rank": HEAD_START_RANK},
        ).fetchall()
        return tuple(
            Standing(
                r["id"],
                Side(r["side"]),
                Channel(r["channel"]),
                Occasion(r["occasion"]),
                ChannelState(r["state"]),
                r["serial"],
                r["may_go"],
            )
            for r in rows
        )

    def replace(self, notice: Standing, by: Standing) -> None:
        self._run(
            "update notice_channel set state = 'drained', replaced_by = %s, drained_at = clock_timestamp()"
            " where notice_id = %s and channel = %s",
            (by.notice_id, notice.notice_id, notice.channel),
        )
        self._run(  # whoever was held back is not held back anew by every newer notice (W3: at most 3 s)
            "update notice_channel n set not_before = least(n.not_before, o.not_before) from notice_channel o"
            " where n.notice_id = %s and n.channel = %s and o.notice_id = %s and o.channel = n.channel",
            (by.notice_id, notice.channel, notice.notice_id),
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

    def zones(self) -> Mapping[int, str]:
        return {row["id"]: row["name"] for row in self._run("select id, name from zone").fetchall()}

    def release(self, notice: Standing, fixed: Fixed) -> Sequence[Due]:
        return release(self._run, notice, fixed, self._debt)
