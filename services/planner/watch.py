"""The watch: every few seconds what the record says becomes gauges, so that no scrape asks the database anything."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from forewarn.delivery import TOLD, Tally, tally
from forewarn.notice import CHILDREN
from forewarn.runtime.logs import logger
from forewarn.runtime.postgres import Connection, Database, queries
from forewarn.runtime.ticker import Ticker
from services.planner import metrics
from services.planner.punctuality import show_punctuality
from services.planner.shown import GAUGES, HEARD, Counted, at_zero, show_recipients, show_unheard
from services.planner.took import unheard

log = logger(__name__)

SQL = queries(Path(__file__).parent / "sql")

IN_VAIN = "[.RTDX]"
"""Letters of people who were to be told and were not, or not yet; all others told nobody as it should be."""

RECOUNTED_SECONDS = 60.0

BEGIN = "set transaction isolation level repeatable read, read only; set local statement_timeout = '20s'"
"""Whoever waits for an answer for ever shows old numbers for ever."""


class Watch:
    """Looks every `seconds` on a thread of its own; a look that fails leaves the gauges and their time as they were."""

    def __init__(
        self,
        database: Database,
        depths: Callable[[], Mapping[str, int]],
        away: tuple[type[Exception], ...],
        seconds: float = 5.0,
        longest_seconds: float = 120.0,
    ) -> None:
        self._database, self._depths, self._away = database, depths, away
        self._told: frozenset[int] = frozenset()
        self._drained: dict[tuple[str, str], Tally] = {}
        self._drained_at = time.monotonic()
        self._ticker = Ticker("watch", self._round, seconds, longest_seconds)

    @property
    def alive(self) -> bool:
        """The loop goes on, whether or not anybody answers it."""
        return self._ticker.alive

    def start(self) -> None:
        at_zero()
        self._ticker.start()

    def stop(self) -> None:
        self._ticker.stop(5)

    def look(self) -> None:
        """Read the record once, all gauges as of one moment."""
        with self._database.begin() as connection:
            connection.execute(BEGIN)
            self._numbers(connection)
            show_punctuality(connection.execute)
            self._incidents(connection)
            self._recipients(connection)
            show_unheard(unheard(connection))
        metrics.WATCHED_AT.set(time.time())

    def count_queues(self) -> None:
        """Ask RabbitMQ how many messages are ready in each queue of ours that stands."""
        for queue, messages in self._depths().items():
            metrics.QUEUE_MESSAGES.labels(queue).set(messages)
        metrics.QUEUES_AT.set(time.time())

    def _numbers(self, connection: Connection) -> None:
        found = {
            (row["gauge"], row["label"]): float(row["value"]) for row in connection.execute(SQL["watch"]).fetchall()
        }
        for name, (gauge, labels) in GAUGES.items():
            for label in labels:
                gauge.labels(label).set(found.get((name, label), 0.0))
        metrics.PAGES_IN_VAIN.set(found.get(("pages_in_vain", ""), 0.0))
        metrics.FAILED_EVENTS.set(found.get(("failed_events", ""), 0.0))

    def _incidents(self, connection: Connection) -> None:
        """Whoever was told once stays told: such an incident is not looked through again."""
        values = {"told": list(self._told), "heard": f"[{TOLD}]", "in_vain": IN_VAIN}
        rows = connection.execute(SQL["watch_incidents"], values).fetchall()
        self._told = frozenset(row["id"] for row in rows if row["told"])
        untold = [row for row in rows if not row["told"]]
        ages = [row["age"] or 0.0 for row in untold if not row["nobody"]]
        for label, count in zip(HEARD, (len(self._told), len(ages), len(untold) - len(ages)), strict=True):
            metrics.INCIDENTS_OPEN.labels(label).set(count)
        metrics.UNTOLD_SECONDS.set(max(ages, default=0.0))

    def _recipients(self, connection: Connection) -> None:
        """What has drained changes hardly ever (a late answer, a replay of failures): it is counted once a minute."""
        rows = connection.execute(SQL["watch_notices"], {"children": list(CHILDREN)}).fetchall()
        keys = {(row["notice"], row["channel"]): row for row in rows}
        if time.monotonic() - self._drained_at > RECOUNTED_SECONDS:
            self._drained, self._drained_at = {}, time.monotonic()
        tallies = {key: counted for key, counted in self._drained.items() if key in keys}
        tallies |= letters_of(connection, [key for key in keys if key not in tallies])
        self._drained = {key: counted for key, counted in tallies.items() if keys[key]["state"] == "drained"}
        show_recipients(
            Counted(
                row["channel"], row["lane"], row["state"] == "released", row["unfrozen"], row["paused"], tallies[key]
            )
            for key, row in keys.items()
        )

    def _round(self) -> None:
        self._guarded("record", self.look)
        self._guarded("queues", self.count_queues)

    def _guarded(self, what: str, act: Callable[[], None]) -> None:
        self._ticker.beat()
        try:
            act()
        except self._away as fault:
            log.warning("watch_waits", step=what, error=type(fault).__name__)
        except Exception:
            log.exception("watch_step_failed", step=what)


def letters_of(connection: Connection, notices: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Tally]:
    """The tally of each notice on its channel; of one that nobody has a place in yet, nobody's."""
    if not notices:
        return {}
    values = {"notices": [notice for notice, _ in notices], "channels": [channel for _, channel in notices]}
    rows = connection.execute(SQL["watch_letters"], values).fetchall()
    return dict.fromkeys(notices, Tally(0)) | {(row["notice"], row["channel"]): tally(row["letters"]) for row in rows}
