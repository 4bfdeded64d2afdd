"""Windows and batches in the record: frozen once, read back as message bodies."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import orjson

from forewarn.contracts.policy import Policy
from forewarn.delivery import Reason, letter_of
from forewarn.notice import Channel, Lane
from forewarn.outage import PREFIX
from forewarn.runtime.killpoint import killpoint
from forewarn.runtime.postgres import Connection, Database
from forewarn.subscriber import Side
from services.planner.children import add_children
from services.planner.expand import Body, Frozen
from services.planner.hearing import SUPPRESSED_LETTERS, membership
from services.planner.members import SQL, members, roomy
from services.planner.ports import Due
from services.planner.strides import Way
from services.planner.uncalled import count, ended_at_freezing


class NoEpoch(Exception):
    """No control snapshot was ever made: nothing may be published until a clock has run."""


class FrozenWindows:
    """See `expand.Windows`."""

    def __init__(self, database: Database, policy: Policy, sweep: timedelta) -> None:
        self._database, self._policy, self._sweep = database, policy, sweep

    def freeze(self, window_id: int) -> Frozen | None:
        ended: dict[str, str] = {}
        with self._database.begin() as connection:
            window = connection.execute(SQL["asked_window"], {"window": window_id}).fetchone()
            if window is None:
                return None
            if not window["epoch"]:
                raise NoEpoch
            if window["expanded_at"] is None:
                frozen = Frozen(window["outage"], self._freeze(connection, window))
                ended = ended_at_freezing(connection, window_id)
                add_children(connection, window_id)
            else:
                ids = batches_of(connection, window_id)
                freshen(connection, ids)
                frozen = Frozen(window["outage"], bodies(connection, ids, self._policy))
        for channel, letters in ended.items():
            count(channel, letters)
        killpoint("expand.committed")
        return frozen

    def _freeze(self, connection: Connection, window: Mapping[str, Any]) -> tuple[Body, ...]:
        side, way = Side.INSIDE if window["inside"] else Side.OUTSIDE, Way(window["way"])
        values = membership(side, self._policy) | envelope(self._policy) | dict(window)
        values |= {
            "plain_locale": self._policy.default_locale,
            "size": self._policy.delivery.batch(Channel(window["channel"])),
            "sweep": self._sweep,
        }
        with roomy(connection.execute, way):
            rows = connection.execute(members(way) + SQL["freeze"] + SQL["message"], values).fetchall()
        connection.execute(
            "update notice_window set expanded_at = clock_timestamp() where id = %s", (window["window"],)
        )
        return _bodies(rows)

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
                "  and w.channel = this.channel join notice n on n.id = w.notice_id"
                " where w.published_at is null and w.rank = (select min(h.rank) from notice_window h"
                "  where h.notice_id = this.notice_id and h.channel = this.channel and h.rank > this.rank)"
                " and not exists (select from notice_window o"
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
        "suppressed": SUPPRESSED_LETTERS,
        "erased": letter_of(Reason.ERASED),
    }
    connection.execute("select from batch where id = any(%(batches)s) order by id for update", values)
    connection.execute(SQL["freshen"], values)


def bodies(connection: Connection, batch_ids: Sequence[int], policy: Policy) -> tuple[Body, ...]:
    """Message bodies of the batches that have an open position and are not stopped, in order."""
    values = envelope(policy) | {"batches": list(batch_ids)}
    return _bodies(connection.execute(SQL["bodies"] + SQL["message"], values).fetchall())


def envelope(policy: Policy) -> dict[str, Any]:
    """What every message says of the house."""
    company = policy.company
    return {
        "prefixes": orjson.dumps({kind.value: prefix for kind, prefix in PREFIX.items()}).decode(),
        "sender_name": company.name,
        "sender_address": company.from_address,
        "unsubscribe_base": f"{company.public_url.rstrip('/')}/u/",
    }


def _bodies(rows: Sequence[Mapping[str, Any]]) -> tuple[Body, ...]:
    return tuple(Body(row["id"], Channel(row["channel"]), Lane(row["lane"]), row["body"]) for row in rows)
