"""Windows and batches in the record: frozen once, read back as message bodies."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson

from forewarn.contracts.policy import Policy
from forewarn.delivery import Reason, letter_of
from forewarn.notice import Channel, Lane
from forewarn.outage import PREFIX
from forewarn.runtime.killpoint import killpoint
from forewarn.runtime.postgres import Connection, Database, queries
from forewarn.subscriber import Side
from services.planner.children import add_children
from services.planner.expand import Body, Frozen
from services.planner.hearing import SUPPRESSED_LETTERS, membership
from services.planner.ports import Due

SQL = queries(Path(__file__).parent / "sql")
FREEZE = SQL["asked_window"] + SQL["member"] + SQL["freeze"]


class NoEpoch(Exception):
    """No control snapshot was ever made: nothing may be published until a clock has run."""


class FrozenWindows:
    """See `expand.Windows`."""

    def __init__(self, database: Database, policy: Policy, sweep: timedelta) -> None:
        self._database, self._policy, self._sweep = database, policy, sweep

    def freeze(self, window_id: int) -> Frozen | None:
        with self._database.begin() as connection:
            window = connection.execute(
                "select w.expanded_at, w.channel, n.outage_id, n.side, (select epoch from control) as epoch"
                " from notice_window w join notice n on n.id = w.notice_id"
                " where w.id = %s and w.published_at is null for update of w skip locked",
                (window_id,),
            ).fetchone()
            if window is None:
                return None
            if not window["epoch"]:
                raise NoEpoch
            if window["expanded_at"] is None:
                self._freeze(connection, window_id, Side(window["side"]), Channel(window["channel"]))
            ids = batches_of(connection, window_id)
            if window["expanded_at"] is not None:
                freshen(connection, ids)
            frozen = Frozen(window["outage_id"], bodies(connection, ids, self._policy))
            if window["expanded_at"] is None:
                add_children(connection, window_id)
        killpoint("expand.committed")
        return frozen

    def _freeze(self, connection: Connection, window_id: int, side: Side, channel: Channel) -> None:
        values = membership(side, self._policy) | {
            "window": window_id,
            "plain_locale": self._policy.default_locale,
            "size": self._policy.delivery.batch(channel),
            "sweep": self._sweep,
        }
        connection.execute(FREEZE, values)
        connection.execute("update notice_window set expanded_at = clock_timestamp() where id = %s", (window_id,))

    def published(self, window_id: int) -> Sequence[Due]:
        with self._database.begin() as connection:
            connection.execute(  # two last windows of a rank, published at once, must see each other
                "select from notice_channel nc join notice_window w on w.notice_id = nc.notice_id"
                " and w.channel = nc.channel where w.id = %s for update of nc",
                (window_id,),
            )
            rows = connection.execute(
                "with this as (update notice_window set published_at = coalesce(published_at, clock_timestamp())"
                "  where id = %(window)s returning notice_id, channel, rank)"
                " select w.id, n.lane from this join notice_window w on w.notice_id = this.notice_id"
                "  and w.channel = this.channel and w.rank = this.rank + 1 join notice n on n.id = w.notice_id"
                " where w.published_at is null and not exists (select from notice_window o"
                "  where o.notice_id = this.notice_id and o.channel = this.channel and o.rank = this.rank"
                "  and o.published_at is null and o.id <> %(window)s) order by w.lo",
                {"window": window_id},
            ).fetchall()
        return tuple(Due(row["id"], Lane(row["lane"])) for row in rows)


def batches_of(connection: Connection, window_id: int) -> list[int]:
    rows = connection.execute("select id from batch where window_id = %s order by id", (window_id,)).fetchall()
    return [row["id"] for row in rows]


def freshen(connection: Connection, batch_ids: Sequence[int]) -> None:
    """Suppress, where still open, whoever is gone or has unsubscribed since the rows were frozen."""
    values = {
        "batches": list(batch_ids),
        "suppressed": orjson.dumps(SUPPRESSED_LETTERS).decode(),
        "erased": letter_of(Reason.ERASED),
    }
    connection.execute("select from batch where id = any(%(batches)s) order by id for update", values)
    connection.execute(SQL["freshen"], values)


def bodies(connection: Connection, batch_ids: Sequence[int], policy: Policy) -> tuple[Body, ...]:
    """Message bodies of the batches that have an open position and are not stopped, in order."""
    company = policy.company
    values: dict[str, Any] = {
        "batches": list(batch_ids),
        "prefixes": orjson.dumps({kind.value: prefix for kind, prefix in PREFIX.items()}).decode(),
        "sender_name": company.name,
        "sender_address": company.from_address,
        "unsubscribe_base": f"{company.public_url.rstrip('/')}/u/",
    }
    rows = connection.execute(SQL["bodies"] + " order by b.id", values).fetchall()
    return tuple(Body(row["id"], Channel(row["channel"]), Lane(row["lane"]), row["body"]) for row in rows)
