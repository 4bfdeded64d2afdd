"""Forgetting: the bytes of events that could not be carried out are kept for a week, their reason for good."""

from datetime import timedelta

from forewarn.runtime.logs import logger
from forewarn.runtime.postgres import UNREACHABLE, Database
from forewarn.runtime.ticker import Ticker

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


def forgetting(database: Database, look_seconds: float = LOOK_SECONDS) -> Ticker:
    """A look every ten minutes. A database that is away costs a look, never the thread."""
    return Ticker("forgetting", lambda: _look(database), look_seconds, LONGEST_LOOK_SECONDS)


def _look(database: Database) -> None:
    try:
        forgotten = forget(database)
    except UNREACHABLE as fault:
        log.warning("forgetting_waits", error=type(fault).__name__)
    else:
        if forgotten:
            log.info("failed_events_forgotten", count=forgotten)
