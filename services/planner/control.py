"""The control snapshot in Redis, which dispatch must find before each call; and the marks as the ledger ends them."""

from collections.abc import Mapping
from pathlib import Path

import redis

from forewarn.contracts.names import (
    CONTROL_KEY,
    PAUSED_KEY,
    STOPPED_KEY,
    SUPPRESSED_KEY,
    marks_key,
    stopped_word,
    turn_key,
)
from forewarn.delivery import UNKNOWN, Reason, letter_of
from forewarn.runtime.killpoint import killpoint
from forewarn.runtime.logs import logger
from forewarn.runtime.postgres import Database
from forewarn.runtime.redis import AWAY, scripts
from services.planner.snapshot import Snapshot, begin_paused, found, take

log = logger(__name__)

LUA = scripts(Path(__file__).parent / "lua")

BURIED_KEPT_SECONDS = 7 * 24 * 3600
"""As long as any copy of a message can be on its way."""

WRITTEN, EMPTY, OTHERS = 1, -1, -2
"""Answers of the script that writes a snapshot; 0: an equal or newer one stands. OTHERS: it must be a whole one."""


class Control:
    """Takes snapshots and writes them; an empty Redis is founded anew under a new epoch."""

    def __init__(self, database: Database, client: redis.Redis) -> None:
        self._database, self._client = database, client
        self._write, self._bury = client.register_script(LUA["snapshot"]), client.register_script(LUA["bury"])

    def refresh(self) -> bool:
        """Write a newer snapshot. False when a newer one, which says no less, stands in Redis already.

        A database that is older than Redis' snapshot begins a new life, paused.
        """
        if self.write(self.taken()):
            return True
        return self._restored() and self.write(self.taken())

    def taken(self, whole: bool = False) -> Snapshot:
        """The next snapshot; whoever writes it later than a newer one writes nothing."""
        with self._database.begin() as connection:
            return take(connection, whole)

    def write(self, snapshot: Snapshot) -> bool:
        """Put a snapshot into Redis unless a newer one stands there; the stops that it carries are confirmed then."""
        answer = self._put(snapshot, founding=False)
        if answer == OTHERS:
            snapshot = self.taken(whole=True)
            answer = self._put(snapshot, founding=False)
        if answer == EMPTY:
            snapshot = self._found(snapshot.epoch)
            answer = self._put(snapshot, founding=True)
        if answer == WRITTEN:
            self._confirm(snapshot)
        return answer == WRITTEN

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

    def end(self, sizes: Mapping[int, int], letter: str) -> Mapping[int, str]:
        """End all marks of these batches for good, whatever copies there are: open with the letter, in the air unknown.

        `sizes` are positions by batch id; the letters that came of it are given back the same way.
        """
        with self._client.pipeline(transaction=False) as pipeline:
            for batch_id, size in sizes.items():
                words: list[str | int] = [size, letter, UNKNOWN, BURIED_KEPT_SECONDS]
                self._bury(keys=[marks_key(batch_id), turn_key(batch_id)], args=words, client=pipeline)
            ended = dict(zip(sizes, map(str, pipeline.execute()), strict=True))
        killpoint("pull.ended")
        return ended

    def age_seconds(self) -> float | None:
        """Age of the snapshot in Redis to the second; None when there is none, or no Redis."""
        try:
            at = self._client.hget(CONTROL_KEY, "at")
            return None if at is None else max(0.0, self._client.time()[0] - int(str(at)))
        except AWAY:
            return None

    def _found(self, lost_epoch: str) -> Snapshot:
        """A snapshot of a new epoch. Open batches of the old one are swept later."""
        with self._database.begin() as connection:
            found(connection, lost_epoch)
            snapshot = take(connection, whole=True)
        log.warning("redis_was_empty", epoch=snapshot.epoch)
        return snapshot

    def _restored(self) -> bool:
        """Whether this database was older than Redis; it is not any more, and everything is paused."""
        known = self._client.hget(CONTROL_KEY, "n")
        if known is None:
            return False
        with self._database.begin() as connection:
            begun = begin_paused(connection, int(str(known)))
        if begun:
            log.error("database_older_than_redis", snapshot=int(str(known)), paused="everything")
        return begun

    def _put(self, snapshot: Snapshot, founding: bool) -> int:
        stopped = [stopped_word(*stop) for stop in snapshot.stopped]
        suppressed = (int(snapshot.suppressed is not None), snapshot.suppressed or "")
        head = (snapshot.n, snapshot.epoch, int(founding), len(snapshot.paused), snapshot.digest, *suppressed)
        words: list[str | int] = [*head, *snapshot.paused, *stopped]
        return int(self._write(keys=[CONTROL_KEY, SUPPRESSED_KEY, PAUSED_KEY, STOPPED_KEY], args=words))

    def _confirm(self, snapshot: Snapshot) -> None:
        if not snapshot.stopped:
            return
        notices, channels = zip(*snapshot.stopped, strict=True)
        with self._database.begin() as connection:
            connection.execute(
                "update stop s set confirmed_at = clock_timestamp() from unnest(%s::text[], %s::text[])"
                " as c (notice_id, channel) where s.notice_id = c.notice_id and s.channel = c.channel"
                " and s.confirmed_at is null",
                (list(notices), list(channels)),
            )
