"""The control snapshot: what dispatch must know before each call, put into Redis every second."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import redis

from forewarn.contracts.names import CONTROL_KEY, SUPPRESSED_KEY, marks_key, turn_key
from forewarn.delivery import UNKNOWN, Reason, letter_of
from forewarn.runtime.logs import logger
from forewarn.runtime.postgres import Connection, Database
from forewarn.runtime.redis import AWAY, scripts
from services.planner.hearing import SUPPRESSED_LETTERS

log = logger(__name__)

LUA = scripts(Path(__file__).parent / "lua")

BURIED_KEPT_SECONDS = 7 * 24 * 3600
"""As long as any copy of a message can be on its way."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one snapshot says. `suppressed` maps channel:subscriber to a letter."""

    n: int
    epoch: str
    suppressed: Mapping[str, str]


class Control:
    """Makes snapshots and writes them; an empty Redis is founded anew under a new epoch."""

    def __init__(self, database: Database, client: redis.Redis) -> None:
        self._database, self._client = database, client
        self._write, self._bury = client.register_script(LUA["snapshot"]), client.register_script(LUA["bury"])

    def refresh(self) -> bool:
        """Write a newer snapshot. False when a newer one stands in Redis already."""
        snapshot = self._make()
        written = self._put(snapshot, founding=False)
        if written == -1:
            snapshot = self._found(snapshot.epoch)
            written = self._put(snapshot, founding=True)
        return written == 1

    def marks(self, batch_id: int) -> str | None:
        """The letters of a batch as Redis has them."""
        marks = self._client.get(marks_key(batch_id))
        return None if marks is None else str(marks)

    def bury(self, batch_id: int, size: int, turn: int) -> str | None:
        """End all marks of a batch for good, so that no copy of its message calls any more; the letters.

        None when a newer turn has been taken or handed on: then that copy has the last word.
        """
        words: list[str | int] = [size, letter_of(Reason.DEAD), UNKNOWN, BURIED_KEPT_SECONDS, turn]
        marks = self._bury(keys=[marks_key(batch_id), turn_key(batch_id)], args=words)
        return None if marks is None else str(marks)

    def age_seconds(self) -> float | None:
        """Age of the snapshot in Redis to the second; None when there is none, or no Redis."""
        try:
            at = self._client.hget(CONTROL_KEY, "at")
            return None if at is None else max(0.0, self._client.time()[0] - int(str(at)))
        except AWAY:
            return None

    def _make(self) -> Snapshot:
        with self._database.begin() as connection:
            return _snapshot(connection)

    def _found(self, lost_epoch: str) -> Snapshot:
        """A new epoch, unless another clock has just made one. Open batches of the old one are swept later."""
        with self._database.begin() as connection:
            connection.execute(
                "update control set epoch = %s, epoch_at = clock_timestamp() where epoch = %s",
                (secrets.token_hex(8), lost_epoch),
            )
            snapshot = _snapshot(connection)
        log.warning("redis_was_empty", epoch=snapshot.epoch)
        return snapshot

    def _put(self, snapshot: Snapshot, founding: bool) -> int:
        pairs = [word for pair in snapshot.suppressed.items() for word in pair]
        keys = [CONTROL_KEY, SUPPRESSED_KEY]
        return int(self._write(keys=keys, args=[snapshot.n, snapshot.epoch, int(founding), *pairs]))


def _snapshot(connection: Connection) -> Snapshot:
    control = connection.execute("update control set n = n + 1 returning n, epoch").fetchone()
    assert control is not None
    rows = connection.execute(
        # An hour more: a suppression is seen when it commits, which can be long after its time.
        "select channel || ':' || subscriber_id as who, reason from suppression where at >="
        " (select min(made_at) - interval '1 hour' from batch where position('.' in outcomes) > 0)"
    ).fetchall()
    letters = {row["who"]: SUPPRESSED_LETTERS.get(row["reason"], "S") for row in rows}
    return Snapshot(control["n"], control["epoch"], letters)
