"""Forgetting: the bytes of events that could not be carried out are kept for a week, their reason for good."""

import threading
from datetime import timedelta

from forewarn.runtime.health import Heartbeat
from forewarn.runtime.logs import logger
from forewarn.runtime.postgres import UNREACHABLE, Database

log = logger(__name__)

KEPT = timedelta(days=7)
"""Whatever was sent to us may hold addresses, and none outlives a week outside the directory."""

LOOK_SECONDS = 600.0
LONGEST_LOOK_SECONDS = 1_800.0


def forget(database: Database, kept: timedelta = KEPT) -> int:
    """Empty the bodies of failed events that came so long ago; how many. They cannot be replayed any more."""
    with database.begin() as connection:
        return connection.execute(
            "update failed set body = '', forgotten_at = clock_timestamp()"
            " where forgotten_at is null and at <= clock_timestamp() - %s",
            (kept - timedelta(seconds=LOOK_SECONDS),),
        ).rowcount


class Forgetting:
    """A thread that looks every ten minutes. A database that is away costs a look, never the thread."""

    def __init__(self, database: Database, look_seconds: float = LOOK_SECONDS) -> None:
        self._database, self._look_seconds = database, look_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="forgetting", daemon=True)
        self.heartbeat = Heartbeat(LONGEST_LOOK_SECONDS)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(15)

    def _run(self) -> None:
        while True:
            self.heartbeat.beat()
            try:
                forgotten = forget(self._database)
            except UNREACHABLE as fault:
                log.warning("forgetting_waits", error=type(fault).__name__)
            else:
                if forgotten:
                    log.info("failed_events_forgotten", count=forgotten)
            if self._stopping.wait(self._look_seconds):
                return
