"""The wheel: a person's pauses and cancellations, each a row that stands and a row that nothing changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from forewarn.access import Bearer
from forewarn.contracts.api import PauseView, SendingView
from forewarn.delivery import Reason
from forewarn.notice import Channel, ChannelState, Ending
from forewarn.runtime.logs import logger
from forewarn.runtime.postgres import Connection, Database
from forewarn.subscriber import Side
from services.planner.book import alone_on
from services.planner.failures import fall_over, replay
from services.planner.pauses import standing_pauses
from services.planner.standing import mark_drained

log = logger(__name__)

WHOLE = "select w.id from outage o join outage w on w.kind = o.kind and w.number = o.merged_into where o.id = %s"


@dataclass(frozen=True, slots=True)
class Reach:
    """What a pause is of: without a channel of every channel, without an outage of every outage."""

    channel: str | None = None
    outage_id: int | None = None


@dataclass(frozen=True, slots=True)
class NotPaused:
    """Nothing to lift; `paused` are the pauses that do stand."""

    paused: list[PauseView]


@dataclass(frozen=True, slots=True)
class Unknown:
    """There is no such notice."""


@dataclass(frozen=True, slots=True)
class TooLate:
    """The notice has ended; the reason says how."""

    reason: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Nobody more is told by the notice."""

    outage_id: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """A child tells again whoever the notice failed to reach: so many people, by channel."""

    outage_id: int
    child: str
    people: Mapping[Channel, int]


@dataclass(frozen=True, slots=True)
class Wheel:
    """Carries out acts on sending, each in one transaction with its record.

    `refresh` takes a pause or a stop to Redis at once, `advance` plans what may go now. A server that is away for
    them (`away`) fails no act: what was decided stands in the record, the clock does the rest, and without Redis
    nothing is sent.
    """

    database: Database
    mode: str
    refresh: Callable[[], bool]
    advance: Callable[[int], None]
    away: tuple[type[Exception], ...]

    def sending(self) -> SendingView:
        with self.database.begin() as connection:
            return SendingView(mode=self.mode, paused=standing_pauses(connection))

    def pause(self, by: Bearer, of: Reach, reason: str) -> SendingView:
        """Let nothing of this leave any more: of an incident that was merged, of the whole.

        What is paused stays so, by its first pause.
        """
        with self.database.begin() as connection:
            of = _of_the_whole(connection, of)
            connection.execute(
                "insert into pause (channel, outage_id, reason, author, at) values (%s, %s, %s, %s, forewarn_now())"
                " on conflict (coalesce(channel, ''), coalesce(outage_id, 0)) where lifted_at is null do nothing",
                (of.channel, of.outage_id, reason, by.name),
            )
            _note(connection, by, "pause", reason, {"channel": of.channel, "outage": of.outage_id})
        self._refreshed()
        return self.sending()

    def resume(self, by: Bearer, of: Reach, reason: str) -> SendingView | NotPaused:
        """Lift the pause of exactly this; others stand."""
        with self.database.begin() as connection:
            lifted = connection.execute(
                "update pause set lifted_at = forewarn_now(), lifted_by = %s where lifted_at is null"
                " and channel is not distinct from %s and outage_id is not distinct from %s returning id",
                (by.name, of.channel, of.outage_id),
            ).fetchone()
            if lifted is None:
                return NotPaused(standing_pauses(connection))
            _note(connection, by, "resume", reason, {"channel": of.channel, "outage": of.outage_id})
        self._refreshed()
        return self.sending()

    def cancel(self, by: Bearer, notice_id: str, reason: str) -> Cancelled | TooLate | Unknown:
        """End a notice on all its channels: what waits is told to nobody, what is in the air calls nobody more."""
        with self.database.begin() as connection:
            row = connection.execute("select outage_id from notice where id = %s", (notice_id,)).fetchone()
            if row is None:
                return Unknown()
            outage_id: int = row["outage_id"]
            alone_on(connection, outage_id)
            mark_drained(connection.execute, outage_id)
            states = _states(connection, notice_id)
            if all(state["state"] == ChannelState.DRAINED for state in states):
                return TooLate(_ending(notice_id, states))
            _end(connection, notice_id)
            _note(connection, by, "cancel", reason, {"outage": outage_id, "notice": notice_id})
        self._refreshed()
        self._unless_away("cancel_waits_for_the_clock", lambda: self.advance(outage_id))
        return Cancelled(outage_id)

    def replay(self, by: Bearer, notice_id: str, reason: str) -> Replayed | TooLate | Unknown:
        """Tell whoever a notice failed to reach again, by a child of its own; those who were told hear nothing."""
        with self.database.begin() as connection:
            row = connection.execute("select outage_id, side from notice where id = %s", (notice_id,)).fetchone()
            if row is None:
                return Unknown()
            outage_id: int = row["outage_id"]
            alone_on(connection, outage_id)
            mark_drained(connection.execute, outage_id)
            fall_over(connection.execute, outage_id)  # whoever can be told by another channel is
            told = [Channel(way["channel"]) for way in _states(connection, notice_id) if way["state"] == "drained"]
            child, people = replay(connection.execute, outage_id, Side(row["side"]), notice_id, told)
            if not people:
                return TooLate(f"notice {notice_id} has failed to reach nobody, or is still being told")
            _note(connection, by, "replay", reason, {"outage": outage_id, "notice": notice_id})
        self._unless_away("replay_waits_for_the_clock", lambda: self.advance(outage_id))
        return Replayed(outage_id, child, people)

    def _refreshed(self) -> None:
        self._unless_away("control_waits_for_the_clock", self.refresh)

    def _unless_away(self, event: str, act: Callable[[], object]) -> None:
        try:
            act()
        except self.away as fault:
            log.warning(event, error=type(fault).__name__)


def _of_the_whole(connection: Connection, of: Reach) -> Reach:
    row = connection.execute(WHOLE, (of.outage_id,)).fetchone()
    return replace(of, outage_id=row["id"]) if row is not None else of


def _states(connection: Connection, notice_id: str) -> list[dict[str, Any]]:
    return connection.execute(
        "select channel, state, ended, planned from notice_channel where notice_id = %s order by channel", (notice_id,)
    ).fetchall()


def _ending(notice_id: str, states: list[dict[str, Any]]) -> str:
    ended = states[0]["ended"]
    if all(state["ended"] for state in states):  # on one channel it may have been told, on another not
        return f"notice {notice_id} was told to nobody: it is {ended} already"
    return f"notice {notice_id} has nobody left to tell; take it back with `forewarn incident correct` or `withdraw`"


def _end(connection: Connection, notice_id: str) -> None:
    connection.execute(
        "insert into stop (notice_id, channel, reason) select notice_id, channel, %s from notice_channel"
        " where notice_id = %s and state = %s on conflict do nothing",
        (Reason.CANCELLED, notice_id, ChannelState.RELEASED),
    )
    connection.execute(
        "update notice_channel set state = %s, ended = %s, drained_at = clock_timestamp()"
        " where notice_id = %s and state in (%s, %s)",
        (ChannelState.DRAINED, Ending.CANCELLED, notice_id, ChannelState.HELD, ChannelState.WAITING),
    )


def _note(connection: Connection, by: Bearer, act: str, reason: str, of: Mapping[str, object]) -> None:
    """The act as a row that nothing changes: the planner's role may only add to this table."""
    connection.execute(
        "insert into sending_act (at, author, role, act, channel, outage_id, revision, notice_id, reason)"
        " values (forewarn_now(), %(author)s, %(role)s, %(act)s, %(channel)s, %(outage)s,"
        " (select revision from outage where id = %(outage)s), %(notice)s, %(reason)s)",
        {"channel": None, "outage": None, "notice": None, "author": by.name, "role": by.role, "act": act}
        | {**of, "reason": reason},
    )
